"""A run that is not at its end: how far it is, and how it goes on."""

from typing import Final

import streamlit as st

from dashboard import address, data
from dashboard.shaping import numbers
from dashboard.shaping.runs import listing, resuming
from dashboard.texts import section, text

FRESH_S: Final = 5
"""How often a run that goes on is looked at anew."""


def unfinished(run: data.Row) -> None:
    """Draw how far a running run is, or how an interrupted one is taken up again."""
    if run["status"] == "running":
        st.session_state["run-drawn"] = True
        _going_on()
        share = listing.progress(run)
        if share is not None:
            made, planned = map(numbers.count, (run["n_predictions"], run["n_planned"]))
            said = section("evaluations")["made_of"].format(made=made, planned=planned)
            st.progress(share, text=said)
    elif run["status"] in ("incomplete", "failed"):
        with st.expander(text("evaluations.resume"), icon=":material/restart_alt:"):
            st.markdown(text(f"evaluations.resume_{run['status']}"))
            st.code(resuming.snippet(run), language="python")


@st.fragment(run_every=f"{FRESH_S}s")
def _going_on() -> None:
    """Draw the page again every few seconds, but not under an open trace."""
    is_tick = not st.session_state.pop("run-drawn", False)
    if is_tick and not address.get("trace"):
        st.rerun()
    st.caption(text("evaluations.goes_on", s=FRESH_S))
