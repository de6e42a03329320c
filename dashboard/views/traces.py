"""Find a trace and read its steps."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import heading, pager, states
from dashboard.parts.traces import (
    columns,
    download,
    filterbar,
    listing,
    live,
    one,
    saved_views,
)
from dashboard.parts.traces.filterbar import Filters
from dashboard.texts import text

here = scope.current()
with heading.with_tools(text("traces.title")):
    tools = st.container(horizontal=True, vertical_alignment="center", width="content")
filters = filterbar.draw(here)
order = "-start" if live.is_on() else address.get("order") or "-start"
open_id = address.get("trace")
with tools:
    saved_views.draw(here)
    if filters and not open_id:
        columns.picker(here)
        download.draw(here, filters, order)
    live.toggle()
if filters is None:
    st.stop()
asked = listing.Asked(here, filters, order, open_id)


def draw_page(filters: Filters) -> None:
    """Draw one page of the list, or why there is none."""
    question = (here.project, here.period, filters, order)
    found = data.traces(
        here.project,
        here.window,
        where=filters.where,
        origin=filters.origin,
        order=order,
        cursor=pager.cursor("traces", question),
    )
    if found.rows or open_id:
        listing.draw(asked, found)
    elif filters.where:
        states.nothing_found(text("traces.none_match"))
    else:
        states.nothing_in_period("traces.empty", here)


@st.fragment
def draw_open(trace_id: str) -> None:
    """Draw the open trace; choosing a step reruns this alone."""
    one.show(trace_id, on_close=lambda: address.close("trace"))


def draw_list() -> None:
    """Draw the list, live or page by page."""
    if live.is_on():
        listing.draw_live(asked)
    else:
        draw_page(asked.filters)


if not open_id:
    draw_list()
else:
    left, right = st.columns([2, 5], gap="medium")
    with left:
        draw_list()
    with right:
        draw_open(open_id)
