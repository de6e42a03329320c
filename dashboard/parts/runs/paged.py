"""Pages of a list that is known as a whole, of which a page at a time is read."""

from collections.abc import Hashable, Sequence
from typing import Final, TypeVar

import streamlit as st

from dashboard import address
from dashboard.shaping import numbers
from dashboard.texts import text

T = TypeVar("T")

PAGE_EXAMPLES: Final = 50


def page_of(every: Sequence[T], *, key: str, question: Hashable) -> Sequence[T]:
    """Return the things of the page that the address names.

    Args:
        every: All of them, in order.
        key: Identity of the list.
        question: What it was narrowed and ordered by; another begins at its first page.
    """
    now = address.get("page")
    asked, shown = st.session_state.get(f"{key}-question") or (question, now)
    # Another page with another question is an address that was gone back to.
    if asked != question and now is not None and now == shown:
        address.put("page", None)
        now = None
    st.session_state[f"{key}-question"] = (question, now)
    start = (_number(len(every)) - 1) * PAGE_EXAMPLES
    return every[start : start + PAGE_EXAMPLES]


def draw(n: int, *, key: str) -> None:
    """Draw which of `n` things are shown, and the way to the others."""
    number = _number(n)
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        first = (number - 1) * PAGE_EXAMPLES + 1
        last = min(n, number * PAGE_EXAMPLES)
        counts = [numbers.count(one) for one in (first, last, n)]
        if n <= PAGE_EXAMPLES:
            st.caption(numbers.plural(n, text("evaluations.examples")))
            return
        said = dict(zip(("first", "last", "n"), counts, strict=True))
        st.caption(text("evaluations.page_of", **said))

        def turn() -> None:
            chosen = st.session_state[f"{key}-page-{number}"]
            address.put("page", str(chosen) if chosen > 1 else None)

        st.pagination(
            _pages(n), default=number, key=f"{key}-page-{number}", on_change=turn
        )


def _pages(n: int) -> int:
    return max(1, -(-n // PAGE_EXAMPLES))


def _number(n: int) -> int:
    return min(address.number("page"), _pages(n))
