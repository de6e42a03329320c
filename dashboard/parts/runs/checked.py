"""The way from checked rows of a list to their comparison."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import address
from dashboard.texts import text

MOST_COMPARED: Final = 6


def compare_button(run_ids: Sequence[str]) -> None:
    """Draw the button that compares runs with the last of them as the baseline."""
    can = 2 <= len(run_ids) <= MOST_COMPARED

    def compare() -> None:
        address.put("evaluation", run_ids[0])
        address.put("baseline", run_ids[-1])
        address.put_all("also", run_ids[1:-1])

    st.button(
        text("evaluations.compare"),
        icon=":material/compare_arrows:",
        type="primary" if can else "secondary",
        disabled=not can,
        help=text("evaluations.compare_hint", most=MOST_COMPARED),
        on_click=compare,
        key="compare",
    )
