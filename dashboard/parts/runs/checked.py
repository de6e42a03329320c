"""The way from checked rows of a list to their comparison."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import address
from dashboard.texts import text

MOST_COMPARED: Final = 6


def compare_button(ordered: Sequence[str], checked: Sequence[str], *, key: str) -> None:
    """Draw the button that compares runs with the last of them as the baseline.

    Args:
        ordered: Ids of the runs of the list, in the order in which they are compared.
        checked: Which of them are checked.
        key: Of the list: at the click it may have boxes that this script has not seen.
    """
    can = 2 <= len(checked) <= MOST_COMPARED

    def compare() -> None:
        now = (st.session_state.get(key) or {}).get("checked") or checked
        wanted = [run_id for run_id in ordered if run_id in now]
        if 2 <= len(wanted) <= MOST_COMPARED:
            address.change(evaluation=wanted[0], baseline=wanted[-1], also=wanted[1:-1])

    st.button(
        text("evaluations.compare"),
        icon=":material/compare_arrows:",
        type="primary" if can else "secondary",
        disabled=not can,
        help=text("evaluations.compare_hint", most=MOST_COMPARED),
        on_click=compare,
        key="compare",
    )
