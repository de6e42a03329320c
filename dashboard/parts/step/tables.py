"""What a step carries: its attributes, its events, the calls that it points at."""

import streamlit as st

from dashboard import address
from dashboard.data import Row
from dashboard.parts import components
from dashboard.shaping.cells import Column
from dashboard.shaping.traces import details
from dashboard.texts import section, text

_VALUE = "minmax(120px, 1fr)"


def attributes(span: Row) -> None:
    """Draw identity, attributes and resource, with a search in them."""
    names = section("trace.columns")
    query = st.text_input(
        text("step.search_attributes"),
        type="search",
        placeholder=text("step.search_attributes"),
        label_visibility="collapsed",
        key=f"find-{span['span_id']}",
    )
    rows = details.attribute_rows(span, section("step.groups"), query=query or "")
    if not rows:
        st.caption(text("step.no_attribute"))
        return
    components.table(
        [
            Column("group", names["of"], "max-content"),
            Column("name", names["name"], "minmax(120px, max-content)"),
            Column("value", names["value"], _VALUE, wrap=True),
        ],
        rows,
        key=f"attributes-{span['span_id']}",
        label=text("trace.attributes"),
    )


def events(span: Row) -> None:
    """Draw what happened within the step, oldest first."""
    names = section("trace.columns")
    rows = details.event_rows(span)
    if not rows:
        st.caption(text("trace.no_events"))
        return
    components.table(
        [
            Column("at", names["at"], "max-content"),
            Column("name", names["name"], "max-content"),
            Column("value", names["value"], _VALUE, wrap=True),
        ],
        rows,
        key=f"events-{span['span_id']}",
        label=text("trace.events"),
    )


def links(span: Row) -> None:
    """Draw the calls that the step points at; each opens."""
    names = section("trace.columns")
    components.table(
        [
            Column("name", names["name"], "max-content"),
            Column("trace", names["trace"], "max-content"),
            Column("span", names["span"], _VALUE),
        ],
        details.link_rows(span),
        key=f"links-{span['span_id']}",
        label=text("trace.links"),
        on_open=_follow,
    )


def _follow(trace_id: str) -> None:
    address.change(trace=trace_id, span=None, look=None, against=None)
