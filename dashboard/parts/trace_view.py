"""One trace: what it was, its steps in time, and what the chosen step said."""

from collections.abc import Callable

import streamlit as st

from dashboard import address, data
from dashboard.data import Trace
from dashboard.parts import adding, components, scoring, states
from dashboard.shaping import cells, messages, numbers, steps
from dashboard.shaping.cells import Column
from dashboard.texts import section, text

Row = data.Row


@states.explained()
def show(trace_id: str, *, on_close: Callable[[], None] | None = None) -> None:
    """Draw a trace with everything about the step that is chosen in it.

    Args:
        trace_id: Which trace.
        on_close: Closes it; None in a drawer, which has its own way.
    """
    if address.get("trace") not in (None, trace_id):  # a link of it was followed
        st.rerun()
    found = data.trace(trace_id)
    heading = st.container()
    span = _steps(found)
    with heading:
        _heading(found, span, on_close)
    _step(span, [score for score in found.scores if _is_about(score, span, found)])


def _heading(found: Trace, span: Row, on_close: Callable[[], None] | None) -> None:
    trace = found.row
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        components.facts(
            [],
            key=f"title-{trace['trace_id']}",
            title=trace["name"] or text("trace.untitled"),
            badges=[cells.status_badge(trace["status"], section("statuses"))],
        )
        _actions(found, span, in_drawer=on_close is None)
        if on_close:
            st.button(
                "",
                icon=":material/close:",
                help=text("traces.close"),
                on_click=on_close,
                type="tertiary",
                key="close-trace",
            )
    components.facts(
        steps.facts(trace, section("trace.facts")), key=f"head-{trace['trace_id']}"
    )
    if found.truncated:
        st.caption(text("trace.truncated"))


def _steps(found: Trace) -> Row:
    trace_id = found.row["trace_id"]
    spans = {span["span_id"]: span for span in found.spans}
    chosen = components.waterfall(
        steps.waterfall(
            trace_id,
            found.spans,
            count=numbers.plural(len(spans), text("counts.step")),
            labels={"tree": text("trace.tree"), "error": text("trace.error")},
        ),
        key=f"steps-{trace_id}",
        selected=steps.first_choice(found.spans, st.query_params.get("span")),
    )
    return spans[chosen]


def _actions(found: Trace, span: Row, *, in_drawer: bool) -> None:
    scoring.button(found.row, span)
    if in_drawer:  # a drawer is a dialog, and Streamlit opens one at a time
        st.page_link(
            "views/traces.py",
            label=text("trace.open_full"),
            icon=":material/open_in_full:",
            query_params=address.with_scope(
                trace=found.row["trace_id"], span=span["span_id"], origin="all"
            ),
        )
        return
    project = found.row["project"]
    adding.button([span], key=f"add-{span['span_id']}", project=project)


def _step(span: Row, scores: list[Row]) -> None:
    with st.container(border=True):
        components.facts(
            steps.span_facts(span, section("trace.facts")),
            key=f"step-{span['span_id']}",
            title=span["name"],
            badges=steps.span_badges(span, section("statuses")),
        )
        if span["status_message"]:
            st.code(span["status_message"], language=None, wrap_lines=True)
        names = _tabs(span, scores)
        for tab, draw in zip(st.tabs(list(names)), names.values(), strict=True):
            with tab:
                draw()


def _tabs(span: Row, scores: list[Row]) -> dict[str, Callable[[], None]]:
    said = text("trace.messages" if span["messages"] else "trace.content")
    tabs = {
        said: lambda: _content(span),
        text("trace.attributes"): lambda: _attributes(span),
        _counted("events", span["events"]): lambda: _events(span),
        _counted("scores", scores): lambda: _scores(scores, key=span["span_id"]),
    }
    if span["links"]:
        tabs[_counted("links", span["links"])] = lambda: _links(span)
    return tabs


def _counted(name: str, rows: list[Row] | None) -> str:
    label = text(f"trace.{name}")
    return f"{label} {len(rows)}" if rows else label


def _content(span: Row) -> None:
    shown = steps.content(
        span, {name: text(f"trace.{name}") for name in ("input", "output", "expected")}
    )
    if not shown:
        st.caption(text("trace.no_content"))
        return
    components.conversation(shown, key=f"said-{span['span_id']}")
    if span["tool_definitions"]:
        with st.expander(text("trace.tools")):
            st.code(messages.pretty(span["tool_definitions"]), language="json")


def _attributes(span: Row) -> None:
    components.table(
        [
            Column("name", text("trace.columns.name"), "minmax(120px, max-content)"),
            Column(
                "value", text("trace.columns.value"), "minmax(120px, 1fr)", wrap=True
            ),
        ],
        steps.attribute_rows(span),
        key=f"attributes-{span['span_id']}",
        label=text("trace.attributes"),
    )


def _events(span: Row) -> None:
    rows = steps.event_rows(span)
    if not rows:
        st.caption(text("trace.no_events"))
        return
    components.table(
        [
            Column("at", text("trace.columns.at"), "max-content"),
            Column("name", text("trace.columns.name"), "max-content"),
            Column(
                "value", text("trace.columns.value"), "minmax(120px, 1fr)", wrap=True
            ),
        ],
        rows,
        key=f"events-{span['span_id']}",
        label=text("trace.events"),
    )


def _links(span: Row) -> None:
    names = section("trace.columns")
    components.table(
        [
            Column("name", names["name"], "max-content"),
            Column("trace", names["trace"], "max-content"),
            Column("span", names["span"], "minmax(120px, 1fr)"),
        ],
        steps.link_rows(span),
        key=f"links-{span['span_id']}",
        label=text("trace.links"),
        on_open=_follow,
    )


def _follow(trace_id: str) -> None:
    address.put("trace", trace_id)
    address.put("span", None)


def _scores(scores: list[Row], *, key: str) -> None:
    if not scores:
        st.caption(text("trace.no_scores"))
        st.code(text("snippets.score"), language="python")
        return
    names = section("trace.columns")
    components.table(
        [
            Column("name", names["name"], "max-content"),
            Column("value", names["value"], "max-content", end=True),
            Column(
                "explanation", names["explanation"], "minmax(120px, 1fr)", wrap=True
            ),
            Column("source", names["source"], "max-content"),
            Column("at", names["time"], "max-content"),
        ],
        steps.score_rows(scores),
        key=f"scores-{key}",
        label=text("trace.scores"),
    )


def _is_about(score: Row, span: Row, found: Trace) -> bool:
    is_entry = span["span_id"] == found.row["span_id"]
    return score["span_id"] == span["span_id"] or (is_entry and not score["span_id"])
