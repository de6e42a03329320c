"""Who may come in: the collector's keys, a new one, and taking one back."""

import streamlit as st

from dashboard import address, data
from dashboard.parts import components, states
from dashboard.shaping import settings
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

SCOPES = ("ingest", "read", "edit", "admin")
ENDS = ("30d", "90d", "365d", "never")


def draw() -> None:
    """Draw the keys; a row opens what can be done to it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(text("settings.keys_help"))
        st.space("stretch")
        if st.button(
            text("settings.new_key"),
            icon=":material/add:",
            type="primary",
            key="new-key",
        ):
            st.session_state.pop("key-made", None)
            st.dialog(text("settings.new_key"), width="medium")(_new)()
    found = data.keys()
    if not found:
        st.info(text("settings.no_keys"), icon=":material/key_off:")
        return
    components.table(
        settings.key_columns(section("settings.keys")),
        settings.key_rows(found, section("settings.key_words")),
        key="keys",
        label=text("settings.sections.keys"),
        height_px=560,
        on_open=lambda key_id: address.put("key", key_id),
    )
    wanted = address.get("key")
    key = next((one for one in found if one["id"] == wanted), None)
    if key:
        show = st.dialog(plain(key["name"]), on_dismiss=_close)
        show(_one)(key)


@states.explained()
def _new() -> None:
    made: data.Row | None = st.session_state.get("key-made")
    if made:
        st.warning(text("settings.once"), icon=":material/visibility:")
        st.code(made["key"], language=None, wrap_lines=True)
        return
    name = st.text_input(text("settings.key_name"), max_chars=200, key="key-name")
    scopes = st.pills(
        text("settings.key_scopes"),
        SCOPES,
        selection_mode="multi",
        default=["ingest"],
        format_func=section("settings.scopes").__getitem__,
        key="key-scopes",
    )
    project, expires = _reach()
    pressed = st.button(
        text("settings.make_key"),
        type="primary",
        disabled=not (name or "").strip() or not scopes,
        key="key-make",
    )
    if pressed:
        st.session_state["key-made"] = data.create_key(
            name.strip(), scopes, project=project, expires=expires
        )
        st.rerun(scope="fragment")


def _reach() -> tuple[str | None, str | None]:
    """Ask of which project a key is, and when it ends; None for all, and for never."""
    everywhere = text("sidebar.all_projects")
    project = st.selectbox(
        text("settings.key_project"),
        ["", *(row["project"] for row in data.projects())],
        format_func=lambda chosen: chosen or everywhere,
        accept_new_options=True,
        key="key-project",
    )
    expires = st.selectbox(
        text("settings.key_expires"),
        ENDS,
        index=1,
        format_func=section("settings.ends").__getitem__,
        key="key-expires",
    )
    return project or None, None if expires == "never" else expires


@states.explained()
def _one(key: data.Row) -> None:
    scopes = section("settings.scopes")
    st.text(" · ".join(scopes[one] for one in key["scopes"]))
    if key["state"] != "active":
        st.caption(text("settings.key_over"))
        return
    st.text(text("settings.revoke_body"))
    if st.button(text("settings.revoke"), type="primary", key="revoke"):
        data.revoke_key(key["id"])
        _close()
        st.rerun()


def _close() -> None:
    address.put("key", None)
