"""Which dataset reviewed items go into, and what they expect; the address says it."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices
from dashboard.texts import text

NAME: Final = "into"
EXPECTED: Final = "expects"
CORRECTION: Final = "correction"
"""What the address has for the usual choice: the text that corrects."""


@dataclass(frozen=True)
class Into:
    """Where items go."""

    name: str
    """Of the dataset."""
    expected: str | None
    """The question whose answer is what a row expects; None for the usual."""


def current(queue: data.Row) -> Into:
    """Return where the items of a queue go, as the address says, else as usual."""
    names = [one["name"] for one in queue["form"]]
    asked = address.get(EXPECTED)
    name = address.get(NAME) or queue["dataset"] or queue["id"]
    return Into(name, asked if asked in names else None)


def draw(queue: data.Row) -> Into:
    """Draw the choice of both; return it."""
    now = current(queue)
    key = f"into-{now.name}"
    st.text_input(
        text("review.dataset"),
        value=now.name,
        key=key,
        on_change=lambda: address.put(NAME, str(st.session_state[key]).strip()),
        width=240,
    )
    names = [one["name"] for one in queue["form"]]
    choices.select(
        text("review.expected"),
        [CORRECTION, *names],
        names={CORRECTION: text("review.correction")} | {name: name for name in names},
        param=EXPECTED,
        width=240,
    )
    return current(queue)
