"""A trace in a drawer over any page: the address says which, closing forgets it."""

from typing import Final

import streamlit as st

from dashboard import address
from dashboard.parts.traces import one
from dashboard.texts import text

WIDTH_PX: Final = 860


def draw() -> None:
    """Open the drawer if the address names a trace."""
    trace_id = address.get("trace")
    if trace_id:
        drawer = st.dialog(
            text("trace.untitled"),
            width=WIDTH_PX,
            position="right",
            on_dismiss=lambda: address.close("trace"),
        )
        drawer(one.show)(trace_id)
