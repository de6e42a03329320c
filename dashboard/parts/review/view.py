"""One annotation queue: look at its items, or at what people answered."""

import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import choices, heading, states
from dashboard.parts.review import annotate, edit, into, results
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

VIEWS = ("annotate", "results")
FILL_LIMIT = 1000


def draw(queue_id: str, project: str | None) -> None:
    """Draw the queue that the address names."""
    st.button(
        text("review.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=address.close,
        args=("queue",),
        key="queue-back",
    )
    name = author()
    queue = data.queue(queue_id, project, name)
    with heading.with_tools(plain(queue["name"])):
        if queue["state"] == "paused":
            st.badge(text("review.state_paused"), color="orange")
        if roles.may("edit"):
            _ask_name()
        shown = choices.segmented(
            text("review.shown"),
            VIEWS,
            names=section("review.views"),
            param="view",
            label_visibility="collapsed",
        )
        if roles.may("edit"):
            _actions(queue, is_asking=shown == "annotate")
    if shown == "results":
        results.draw(queue)
    elif roles.may("edit"):
        annotate.draw(queue, name)
    else:
        st.info(text("review.read_only"), icon=":material/lock:")


def author() -> str:
    """Return who answers: who is signed in, else the name that the address has."""
    person = roles.person()
    if person.name != roles.NAMELESS:
        return person.name
    # the widget's own state is ahead of the address in the run after a change
    named = st.session_state.get("as", address.get("as"))
    return str(named or "").strip() or person.name


def _ask_name() -> None:
    """Ask who answers where nobody signs in."""
    if roles.person().name == roles.NAMELESS:
        st.text_input(
            text("review.your_name"),
            placeholder=text("review.your_name"),
            help=text("review.your_name_hint"),
            icon=":material/person:",
            key="as",
            bind="query-params",
            label_visibility="collapsed",
            width=200,
        )


def _actions(queue: data.Row, *, is_asking: bool) -> None:
    with st.popover(text("review.more"), icon=":material/tune:"):
        if is_asking:
            into.draw(queue)
        if st.button(
            text("review.fill"),
            icon=":material/sync:",
            help=text("review.fill_help"),
            disabled=queue["source"]["kind"] == "none",
            key="queue-fill",
        ):
            n_added = data.fill_queue(queue, limit=FILL_LIMIT)
            st.toast(text("review.filled", n=f"{n_added:,}"), icon=":material/check:")
        if st.button(text("review.edit"), icon=":material/edit:", key="queue-edit"):
            edit.open_dialog(queue)
        is_active = queue["state"] == "active"
        if st.button(
            text("review.pause" if is_active else "review.go_on"),
            icon=":material/pause:" if is_active else ":material/play_arrow:",
            key="queue-pause",
        ):
            state = "paused" if is_active else "active"
            data.save_queue(
                {"id": queue["id"], "project": queue["project"], "state": state}
            )
            st.rerun()
        if st.button(text("review.delete"), icon=":material/delete:", key="delete"):
            st.dialog(text("review.delete_title"))(_confirm)(queue)


@states.explained()
def _confirm(queue: data.Row) -> None:
    st.text(text("review.delete_body", name=queue["name"], n=f"{queue['n_answers']:,}"))
    if st.button(text("review.delete_confirm"), type="primary", key="confirm"):
        data.delete_queue(queue)
        address.close("queue")
        st.rerun()
