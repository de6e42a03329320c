"""What stands before every page: who is not signed in sees nothing else."""

from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard import roles
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import CollectorError

LOGO: Final = Path(__file__).with_name("logo.svg")
LOGO_PX: Final = 110
ABOVE_PX: Final = 160

_GO = """export default function render({ data }) { window.location.assign(data.to) }"""

_ASKED = """
const KEY = "tracer.asked"
const here = () => location.pathname + location.search
"""
_NOTE = f"""{_ASKED}
export default function render() {{ sessionStorage.setItem(KEY, here()) }}"""
_RETURN = f"""{_ASKED}
export default function render() {{
  const asked = sessionStorage.getItem(KEY)
  sessionStorage.removeItem(KEY)
  if (asked && asked !== here()) location.replace(asked)
}}"""
"""Streamlit 1.67 leads whoever has signed in to the start page: what was asked for is
noted before, in the browser's tab, and gone to after."""


def keep() -> None:
    """Let the page be drawn for who may see it; else draw the way in, and stop.

    What else the collector refuses, the page says.
    """
    try:
        roles.person()
    except CollectorError as error:
        is_out = isinstance(error, roles.SignedOut)
        if roles.login_kind() == "oidc" and is_out:
            _single_sign_on()
            st.stop()
        if roles.login_kind() == "key" and error.status == 401:
            roles.sign_out()  # a key that was revoked, or ended
            _go_to_login()
            st.stop()


def draw_person() -> None:
    """Draw who is signed in, and the way out, at the sidebar's end."""
    if roles.login_kind() == "none":
        return
    person = roles.person()
    if roles.login_kind() == "oidc":
        _script("return", _RETURN)
    with st.sidebar:
        role = section("roles")[person.role]
        st.caption(text("login.who", name=plain(person.name), role=role))
        st.button(
            text("login.out"),
            icon=":material/logout:",
            type="tertiary",
            on_click=roles.sign_out,
            key="sign-out",
        )


def _single_sign_on() -> None:
    """Draw the way in, in the middle, as the sign-in page of keys has it."""
    st.space(ABOVE_PX)
    with (
        st.container(horizontal=True, horizontal_alignment="center"),
        st.container(border=True, width=380),
    ):
        st.image(str(LOGO), width=LOGO_PX)
        if st.user.is_logged_in:
            name = st.user.get("email") or st.user.get("name") or st.user.get("sub")
            st.warning(text("login.no_role", name=plain(name)), icon=":material/lock:")
            st.button(text("login.out"), on_click=st.logout, key="sign-out")
            return
        st.markdown(text("login.sso_body"))
        _script("note", _NOTE)
        st.button(
            text("login.sso"),
            icon=":material/login:",
            type="primary",
            on_click=st.login,
            width="stretch",
            key="sign-in",
        )


@st.cache_resource
def _component(name: str, script: str) -> Any:
    return st.components.v2.component(f"tracer_{name}", html="<div></div>", js=script)


def _script(name: str, script: str, **data: str) -> None:
    """Have the browser run a script of ours."""
    _component(name, script)(key=f"script-{name}", data=data)


def _go_to_login() -> None:
    """Leave for the sign-in page, which only a new request of the browser shows."""
    st.info(text("login.gone"), icon=":material/logout:")
    _script("leaving", _GO, to="/login")
