"""One trace: its row, its spans with content, parents first, and their scores."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from collector.conversation.messages import assemble
from collector.storage.reads.previews import fill_previews
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope
from collector.storage.reads.scores import MAX_SCORES, scores_of_trace
from collector.storage.reads.shaping import (
    listed,
    parsed,
    restore_map,
    with_metadata,
)
from collector.storage.reads.trace_row import judge_usage, row_of_trace
from collector.storage.reads.traces import traces_by_id

CONTENT_COLUMNS = frozenset({"input", "output", "expected"})

MAX_SPANS = 20_000
"""Spans shown of one trace, oldest first; ``truncated`` tells when there are more."""

FEW_STEPS = 200
"""Of so many steps the row is made here: planning ``traces.sql`` takes longer: 55 in
place of 87 ms of CPU for all that is read of a trace of ten steps."""


def read_trace(reader: Reader, scope: Scope, trace_id: str) -> Row | None:
    """Return a trace, its spans, scores and judges' usage; None if unknown."""
    scope = replace(scope, since_ns=None, until_ns=None, origin="all")
    parameters = scope.parameters | {"trace_id": trace_id, "limit": MAX_SPANS + 1}
    spans = reader.rows("trace_spans", parameters, scope=scope.sql("spans"))
    if not spans:
        return None
    events = reader.rows("trace_events", parameters, scope=scope.sql("events"))
    by_span = defaultdict(list)
    for event in events:
        by_span[event["span_id"]].append(event)
    scores = scores_of_trace(reader, scope, trace_id)
    is_whole = len(spans) <= MAX_SPANS and len(scores) < MAX_SCORES
    row = (
        row_of_trace(spans, scores)
        if is_whole
        else traces_by_id(reader, scope, [trace_id])[0]
    )
    fill_previews(reader, scope, [row])
    shown = parents_first(spans[:MAX_SPANS])
    return {
        "trace": row,
        "spans": [with_content(span, by_span[span["span_id"]]) for span in shown],
        "scores": scores,
        "truncated": len(spans) > MAX_SPANS,
        "judge_usage": judge_usage(shown),
    }


def read_steps(reader: Reader, scope: Scope, trace_id: str) -> Row | None:
    """Return the same as `read_trace`, but of each span only what a list of steps has.

    A trace of ten thousand model calls has tens of megabytes of content.
    """
    scope = replace(scope, since_ns=None, until_ns=None, origin="all")
    parameters = scope.parameters | {"trace_id": trace_id, "limit": MAX_SPANS + 1}
    steps = reader.rows("trace_steps", parameters, scope=scope.sql("spans"))
    if not steps:
        return None
    scores = scores_of_trace(reader, scope, trace_id)
    row = _row_of_steps(reader, scope, steps, scores)
    fill_previews(reader, scope, [row])
    shown = parents_first(steps[:MAX_SPANS])
    return {
        "trace": row,
        "spans": shown,
        "scores": scores,
        "truncated": len(steps) > MAX_SPANS,
        "judge_usage": judge_usage(shown),
    }


def _row_of_steps(
    reader: Reader, scope: Scope, steps: Sequence[Row], scores: Sequence[Row]
) -> Row:
    """Return the row of a trace: made here of few steps, of many by the engine."""
    trace_id = steps[0]["trace_id"]
    if len(steps) <= FEW_STEPS and len(scores) < MAX_SCORES:
        since_ns, until_ns = steps[0]["start_ns"], steps[-1]["start_ns"] + 1
        scope = replace(scope, since_ns=since_ns, until_ns=until_ns)
        asked = scope.parameters | {"trace_id": trace_id, "limit": FEW_STEPS}
        if spans := reader.rows("trace_rows", asked, scope=scope.sql("spans")):
            return row_of_trace(spans, scores)
    return traces_by_id(reader, scope, [trace_id])[0]


def read_span(reader: Reader, scope: Scope, trace_id: str, span_id: str) -> Row | None:
    """Return one span with its content, without ``depth``; None if unknown."""
    scope = replace(scope, since_ns=None, until_ns=None, origin="all")
    named = {"trace_id": trace_id, "span_id": span_id, "limit": MAX_SPANS}
    parameters = scope.parameters | named
    found = reader.rows("span", parameters, scope=scope.sql("spans"))
    if not found:
        return None
    records = reader.rows("span_events", parameters, scope=scope.sql("events"))
    fill_previews(reader, scope, found)
    return with_content(found[0], records)


def parents_first(spans: Sequence[Row]) -> list[Row]:
    """Return the spans depth first by start, each with its ``depth``.

    Spans whose parent is not there are roots. So is the earliest span of a circle of
    parents, which only a broken sender makes.
    """
    by_start = sorted(spans, key=lambda span: (span["start_ns"], span["span_id"]))
    known = {span["span_id"] for span in by_start}
    children: defaultdict[str, list[Row]] = defaultdict(list)
    roots = []
    for span in by_start:
        if span["parent_span_id"] in known:
            children[span["parent_span_id"]].append(span)
        else:
            roots.append(span)
    ordered: list[Row] = []
    placed: set[str] = set()
    for start in (*roots, *by_start):
        waiting = [(start, 0)]
        while waiting:
            span, depth = waiting.pop()
            if span["span_id"] in placed:
                continue
            placed.add(span["span_id"])
            ordered.append(span | {"depth": depth})
            below = children[span["span_id"]]
            waiting.extend((child, depth + 1) for child in reversed(below))
    return ordered


def with_content(span: Row, records: Sequence[Row] = ()) -> Row:
    """Return the span with values in place of the texts that the store keeps."""
    kinds = span.pop("attribute_types")
    del span["is_entry"]
    attributes = restore_map(span["attributes"], kinds)
    for record in records:
        types = record.pop("attribute_types")
        record["attributes"] = restore_map(record["attributes"], types)
    events = listed(span["events"])
    conversation = assemble(attributes | _content(span, kinds), [*events, *records])
    return with_metadata(span) | {
        "input": parsed(span["input"]) if span["input"] else conversation.input,
        "output": parsed(span["output"]) if span["output"] else conversation.output,
        "expected": parsed(span["expected"]),
        "attributes": attributes,
        "events": events,
        "links": listed(span["links"]),
        "messages": conversation.messages,
        "n_input_messages": conversation.n_input_messages,
        "tool_definitions": conversation.tool_definitions,
    }


def _content(span: Row, kinds: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes whose text stands in a column of its own."""
    return {key: span[kind] for key, kind in kinds.items() if kind in CONTENT_COLUMNS}
