"""Find a trace and read its steps."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import (
    adding,
    components,
    filterbar,
    grading,
    pager,
    states,
    trace_view,
)
from dashboard.shaping import traces
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

MOST_ADDED = 500

here = scope.current()
st.header(text("traces.title"), anchor=False)
filters = filterbar.draw(here)
order = address.get("order") or "-start"
open_id = address.get("trace")
question = (here.project, here.window, filters, order)
found = data.traces(
    here.project,
    here.window,
    where=filters.where,
    origin=filters.origin,
    order=order,
    cursor=pager.cursor("traces", (here.project, address.get("range"), filters, order)),
)
if not found.rows and not open_id:
    if filters.where:
        states.nothing_found(text("traces.none_match"))
    else:
        states.nothing_in_period("traces.empty", here)
    st.stop()


def add(trace_ids: list[str], project: str) -> None:
    """Open the dialog over the entry spans of traces of one project."""
    adding.open_dialog(
        lambda: [data.entry_span(trace_id) for trace_id in trace_ids], project=project
    )


def add_checked(checked: list[str]) -> None:
    """Offer to add the checked rows; a dataset is of one project, the first row's."""
    rows = [row for row in found.rows if row["trace_id"] in checked]
    project = rows[0]["project"]
    of_it = [row["trace_id"] for row in rows if row["project"] == project]
    label = text("traces.add_checked", n=len(of_it))
    icon = ":material/playlist_add:"
    if st.button(label, icon=icon, type="primary", key="add-checked"):
        add(of_it, project)
    grading.checked_button(project, of_it)
    if len(of_it) < len(rows):
        left_out = len(rows) - len(of_it)
        st.caption(text("traces.left_out", n=left_out, project=plain(project)))


def add_all() -> None:
    """Offer to add everything of one project that the filter lets through."""
    project = found.rows[0]["project"]
    pressed = st.button(
        text("traces.add_all")
        if here.project
        else text("traces.add_all_of", project=plain(project)),
        icon=":material/playlist_add:",
        help=text("traces.add_all_help", n=MOST_ADDED),
        key="add-all",
    )
    if pressed:
        matching = data.trace_ids(
            project,
            here.window,
            where=filters.where,
            origin=filters.origin,
            most=MOST_ADDED,
        )
        add(matching, project)


def draw_list(*, narrow: bool) -> None:
    """Draw one page of the list with what can be done to it."""
    checked = components.table(
        traces.list_columns(section("traces.columns"), narrow=narrow),
        traces.list_rows(found.rows, section("statuses"), narrow=narrow),
        key="traces-narrow" if narrow else "traces-wide",
        label=text("traces.list"),
        selected=open_id,
        order=order,
        height_px=700,
        checkable=not narrow,
        on_open=lambda trace_id: address.put("trace", trace_id),
        on_sort=lambda wanted: address.put("order", wanted),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if checked:
            add_checked(checked)
        elif found.rows and not narrow:
            add_all()
            project = found.rows[0]["project"]
            grading.filter_button(project, here.window, filters.where, filters.origin)
        pager.draw(
            "traces", len(found.rows), next_cursor=found.next, unit="counts.trace"
        )


@st.fragment
def draw_open(trace_id: str) -> None:
    """Draw the open trace; choosing a step reruns this alone."""
    trace_view.show(trace_id, on_close=address.close_trace)


if not open_id:
    draw_list(narrow=False)
else:
    left, right = st.columns([2, 5], gap="medium")
    with left:
        draw_list(narrow=True)
    with right:
        draw_open(open_id)
