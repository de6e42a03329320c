"""What stands before every page: who is not signed in sees nothing else."""

from typing import Any

import streamlit as st

from dashboard import roles
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import CollectorError

_GO = """export default function render({ data }) { window.location.assign(data.to) }"""


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
    with st.container(border=True, width=420):
        title = text("login.title")
        st.markdown(f"##### {title}")
        if st.user.is_logged_in:
            name = st.user.get("email") or st.user.get("name") or st.user.get("sub")
            st.warning(text("login.no_role", name=plain(name)), icon=":material/lock:")
            st.button(text("login.out"), on_click=st.logout, key="sign-out")
            return
        st.write(text("login.sso_body"))
        st.button(
            text("login.sso"),
            icon=":material/login:",
            type="primary",
            on_click=st.login,
            key="sign-in",
        )


@st.cache_resource
def _leaving() -> Any:
    return st.components.v2.component("tracer_leaving", html="<div></div>", js=_GO)


def _go_to_login() -> None:
    """Leave for the sign-in page, which only a new request of the browser shows."""
    st.info(text("login.gone"), icon=":material/logout:")
    _leaving()(key="leaving", data={"to": "/login"})
