"""The live tail: the newest traces, asked for while somebody looks on."""

import time
from typing import Final

import streamlit as st

from dashboard import address, data
from dashboard.parts.traces.filterbar import Filters
from dashboard.scope import Scope
from dashboard.shaping.traces import arrivals
from dashboard.texts import text

EVERY_MS: Final = 2000
_SEEN: Final = "live-seen"
_PAUSED: Final = "live-paused"


def is_on() -> bool:
    """Return whether the address asks for the live tail."""
    return address.get("live") == "1"


def is_paused() -> bool:
    """Return whether the list is held still."""
    return bool(st.session_state.get(_PAUSED))


def toggle() -> None:
    """Draw the switch."""
    key = f"live-{is_on()}"

    def write() -> None:
        address.change(live="1" if st.session_state[key] else None, cursor=None)
        for name in (_SEEN, _PAUSED):
            st.session_state.pop(name, None)

    label, told = text("live.title"), text("live.help", s=EVERY_MS // 1000)
    st.toggle(label, value=is_on(), help=told, key=key, on_change=write)


def look(
    here: Scope, filters: Filters, *, held: bool
) -> tuple[list[data.Row], set[str]]:
    """Return the newest traces, and the ids of those that have just come.

    Args:
        here: What the page looks at.
        filters: What the list is filtered by.
        held: Whether what was found before is wanted, and nothing is asked for.
    """
    question = (here.project, here.period, filters)
    asked, seen, rows = st.session_state.get(_SEEN, (None, None, []))
    if asked == question and held:
        return rows, set()
    window = here.window
    if asked == question:
        window = arrivals.narrowed(window, rows, most=data.PAGE_ROWS)
    rows = data.newest_traces(here.project, window, filters.where, filters.origin)
    now_s = time.monotonic()
    ids = [row["trace_id"] for row in rows]
    seen = arrivals.noted(seen if asked == question else None, ids, now_s=now_s)
    st.session_state[_SEEN] = (question, seen, rows)
    return rows, arrivals.fresh(seen, now_s=now_s)


def status(n_fresh: int, *, held: bool) -> None:
    """Draw what the tail is doing, and the button that holds or resumes it."""
    if held:
        st.badge(text("live.paused"), icon=":material/pause:", color="gray")
    else:
        said = text("live.on", s=EVERY_MS // 1000, n=n_fresh)
        st.badge(said, icon=":material/sensors:", color="green")
    paused = is_paused()

    def turn() -> None:
        st.session_state[_PAUSED] = not paused

    st.button(
        text("live.resume" if paused else "live.pause"),
        icon=":material/play_arrow:" if paused else ":material/pause:",
        on_click=turn,
        key="live-pause",
    )
