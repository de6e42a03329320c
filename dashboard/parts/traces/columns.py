"""Which columns a list of traces shows; the address holds what is chosen."""

import streamlit as st

from dashboard import address, data
from dashboard.scope import Scope
from dashboard.shaping.traces import listing
from dashboard.texts import in_words, section, text

MOST_OF_APP = 40
"""Scores, and keys of metadata, that are offered."""


def chosen() -> list[str]:
    """Return the columns to show, left to right."""
    return listing.chosen_columns(address.get("cols"))


def picker(here: Scope) -> None:
    """Offer the columns in a popover; what there is to choose is read when it opens."""
    place = st.popover(
        text("columns.title"),
        icon=":material/view_column:",
        key="columns",
        on_change="rerun",
    )
    if place.open:
        with place:
            _choices(here)


def _choices(here: Scope) -> None:
    now = chosen()
    names = section("traces.columns")
    found = data.values(("score", "metadata"), here.project, here.window.coarse())
    own = [listing.SCORE + name for name in found["score"][:MOST_OF_APP]]
    own += [listing.METADATA + name for name in found["metadata"][:MOST_OF_APP]]
    options = [*listing.USUAL, *listing.OTHERS, *own]
    picked = st.multiselect(
        text("columns.shown"),
        [*options, *(name for name in now if name not in options)],
        default=now,
        format_func=lambda name: names.get(name, name),
        help=text("columns.help"),
        key=in_words(f"cols-{address.get('cols')}"),
        width=420,
    )
    if picked != now:
        address.put("cols", listing.written_columns(picked))
        st.rerun()
    if address.get("cols"):
        st.button(
            text("columns.usual"),
            icon=":material/restart_alt:",
            on_click=lambda: address.put("cols", None),
            key="usual-columns",
        )
