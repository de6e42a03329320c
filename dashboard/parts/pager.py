"""Paging by the server's cursors; the address holds the cursor of the page shown."""

from collections.abc import Hashable
from typing import Any

import streamlit as st

from dashboard import address
from dashboard.shaping import numbers
from dashboard.texts import text


def cursor(key: str, question: Hashable) -> str | None:
    """Return the cursor of the page to show; a new question begins at its first page.

    Args:
        key: Identity of the list.
        question: Everything the list was filtered and ordered by.
    """
    now = address.get("cursor")
    asked, shown = st.session_state.get(f"{key}-question") or (question, now)
    # Another cursor with another question is an address that was gone back to.
    if asked != question and now is not None and now == shown:
        address.put("cursor", None)
        now = None
    st.session_state[f"{key}-question"] = (question, now)
    return now


def draw(
    key: str,
    n_rows: int,
    *,
    next_cursor: str | None,
    unit: str,
    is_narrow: bool = False,
) -> None:
    """Draw what the page holds, and the steps to the pages before and after it.

    Args:
        key: Identity of the list.
        n_rows: Rows of the page; of the whole list if it is the only one.
        next_cursor: Cursor of the page after it.
        unit: Key of the sentence that counts rows.
        is_narrow: Whether the steps are arrows alone.
    """
    here = address.get("cursor")
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        is_part = here or next_cursor
        shown = text("pager.shown", n=numbers.count(n_rows))
        st.caption(shown if is_part else numbers.plural(n_rows, text(unit)))
        if is_part:
            _steps(key, here, next_cursor, is_narrow=is_narrow)


def _steps(
    key: str, here: str | None, next_cursor: str | None, *, is_narrow: bool
) -> None:
    newer: dict[str, str | None] = st.session_state.setdefault(f"{key}-newer", {})
    if next_cursor:
        newer[next_cursor] = here

    def label(step: str) -> dict[str, Any]:
        named = text(f"pager.{step}")
        return {"label": "", "help": named} if is_narrow else {"label": named}

    def forward() -> None:
        address.put("cursor", next_cursor)

    def back() -> None:
        address.put("cursor", newer.get(here or ""))

    st.button(
        **label("newer"),
        icon=":material/chevron_left:",
        on_click=back,
        disabled=not here,
        key=f"{key}-back",
    )
    st.button(
        **label("older"),
        icon=":material/chevron_right:",
        icon_position="right",
        on_click=forward,
        disabled=not next_cursor,
        key=f"{key}-forward",
    )
