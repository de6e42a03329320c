"""Paging by the server's cursors; the address holds the cursor of the page shown."""

from collections.abc import Hashable

import streamlit as st

from dashboard import address
from dashboard.texts import text


def cursor(key: str, question: Hashable) -> str | None:
    """Return the cursor of the page to show; a new question begins at its first page.

    Args:
        key: Identity of the list.
        question: Everything the list was filtered and ordered by.
    """
    asked = st.session_state.get(f"{key}-question")
    st.session_state[f"{key}-question"] = question
    if asked is not None and asked != question:
        address.put("cursor", None)
        st.session_state[f"{key}-newer"] = []
    return address.get("cursor")


def draw(key: str, *, next_cursor: str | None, summary: str) -> None:
    """Draw what the page holds, and the steps to the pages before and after it."""
    here = address.get("cursor")
    newer: list[str] = st.session_state.setdefault(f"{key}-newer", [])

    def forward() -> None:
        newer.append(here or "")
        address.put("cursor", next_cursor)

    def back() -> None:
        address.put("cursor", newer.pop() if newer else None)

    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        st.caption(summary)
        if here or next_cursor:
            st.button(
                text("pager.newer"),
                icon=":material/chevron_left:",
                on_click=back,
                disabled=not here,
                key=f"{key}-back",
            )
            st.button(
                text("pager.older"),
                icon=":material/chevron_right:",
                icon_position="right",
                on_click=forward,
                disabled=not next_cursor,
                key=f"{key}-forward",
            )
