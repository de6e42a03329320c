"""Find a trace and read its steps."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import adding, components, filterbar, pager, states, trace_view
from dashboard.shaping import numbers, traces
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
    cursor=pager.cursor(
        "traces", (here.project, st.session_state.get("range"), filters, order)
    ),
)
if not found.rows and not open_id:
    if filters.where:
        states.nothing_found(text("traces.none_match"))
    else:
        states.nothing_yet("traces.empty", snippet="snippets.trace")
    st.stop()


def add(trace_ids: list[str]) -> None:
    """Open the dialog over the entry spans of traces."""
    project = next(row["project"] for row in found.rows if row["trace_id"] in trace_ids)
    adding.open_dialog(
        lambda: [data.entry_span(trace_id) for trace_id in trace_ids], project=project
    )


def draw_list(*, narrow: bool) -> None:
    """Draw one page of the list with what can be done to it."""
    checked = components.table(
        traces.list_columns(section("traces.columns"), narrow=narrow),
        traces.list_rows(found.rows, narrow=narrow),
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
            label = f"{text('traces.add_checked')} ({len(checked)})"
            if st.button(
                label, icon=":material/playlist_add:", type="primary", key="add-checked"
            ):
                add(checked)
        elif not narrow and st.button(
            text("traces.add_all"), icon=":material/playlist_add:", key="add-all"
        ):
            add(
                data.trace_ids(
                    here.project,
                    here.window,
                    where=filters.where,
                    origin=filters.origin,
                    most=MOST_ADDED,
                )
            )
        pager.draw(
            "traces",
            next_cursor=found.next,
            summary=numbers.plural(len(found.rows), "trace"),
        )


@st.fragment
def draw_open(trace_id: str) -> None:
    """Draw the open trace; choosing a step reruns this alone."""
    trace_view.show(trace_id, on_close=close)


def close() -> None:
    """Close the open trace."""
    address.put("trace", None)
    address.put("span", None)


if not open_id:
    draw_list(narrow=False)
else:
    left, right = st.columns([2, 5], gap="medium")
    with left:
        draw_list(narrow=True)
    with right:
        draw_open(open_id)
