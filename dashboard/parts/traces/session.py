"""One session: its totals, and what was said, turn by turn."""

from typing import Final

import streamlit as st

from dashboard import address, data
from dashboard.parts import components
from dashboard.shaping import conditions, numbers
from dashboard.shaping.traces import sessions
from dashboard.texts import section, text

TURN: Final = "turn"
"""Parameter of the address: number of the first turn shown, and its page's cursor."""


def draw(session_id: str, project: str | None) -> None:
    """Draw a session with one page of its turns."""
    number, _, cursor = (address.get(TURN) or "").partition(":")
    found = data.session(session_id, project, cursor=cursor or None)
    first = address.counted(number) if cursor else 1
    _heading(found.row)
    components.turns(
        sessions.turns(
            found.turns,
            section("statuses"),
            first=first,
            tokens=section("sessions")["used"],
        ),
        key=f"turns-{first}",
        label=text("sessions.turns"),
        on_open=lambda trace_id: address.put("trace", trace_id),
    )
    _steps(found, first=first)


def _heading(session: data.Row) -> None:
    session_id = session["session_id"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            text("sessions.back"),
            icon=":material/arrow_back:",
            type="tertiary",
            on_click=address.close,
            args=("session",),
            key="all-sessions",
        )
        _as_traces(text("sessions.as_traces"), "session_id", session_id)
        if session["user_id"]:
            _as_traces(text("sessions.of_user"), "user_id", session["user_id"])
    components.facts(
        sessions.facts(session, section("sessions.columns")),
        key=f"session-{session_id}",
        title=session_id,
        is_page=True,
    )


def _as_traces(label: str, field: str, value: str) -> None:
    written = conditions.write((field, "=", value))
    st.page_link(
        "views/traces.py",
        label=label,
        icon=":material/account_tree:",
        query_params=address.with_scope(filter=written),
    )


def _steps(found: data.Session, *, first: int) -> None:
    """Draw the steps to other pages of turns, where there are any."""
    if first == 1 and found.next is None:
        return
    behind = first + len(found.turns)
    n_turns = numbers.plural(found.row["n_traces"], text("counts.turn"))
    with st.container(
        horizontal=True, horizontal_alignment="center", vertical_alignment="center"
    ):
        st.button(
            text("sessions.earlier_turns"),
            icon=":material/first_page:",
            disabled=first == 1,
            on_click=lambda: address.put(TURN, None),
            key="first-turns",
        )
        st.caption(f"{first}–{behind - 1} / {n_turns}")
        st.button(
            text("sessions.more_turns"),
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=found.next is None,
            on_click=lambda: address.put(TURN, f"{behind}:{found.next}"),
            key="later-turns",
        )
