"""Entry spans of many traces with what they said, and what was retrieved on the way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from collector.storage.reads.previews import AFTER_NS, BEFORE_NS, fill_previews
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Page, Scope
from collector.storage.reads.trace import with_content
from collector.storage.reads.trace_keys import DAY_NS
from collector.storage.reads.traces import list_traces

MAX_ROWS = 100
"""Rows of a page, whatever was asked for: each has its content."""


def list_entry_spans(
    reader: Reader, scope: Scope, page: Page
) -> tuple[list[Row], str | None]:
    """Return the entry spans of one page of traces, and the cursor of the next.

    Filter, order and cursor are those of a list of traces. Each span comes as one span
    of a trace does, with the ``retrievers`` of its trace, the earliest first.
    """
    page = replace(page, limit=min(page.limit, MAX_ROWS))
    traces, cursor = list_traces(reader, scope, page)
    if not traces:
        return [], cursor
    retrievers = _retrievers(reader, scope, traces)
    entries = [(trace["trace_id"], trace["span_id"]) for trace in traces]
    spans = {_key(span): span for span in _spans(reader, scope, traces)}
    records = _records(reader, scope, traces)
    return [
        with_content(spans[key], records[key]) | {"retrievers": retrievers[key[0]]}
        for key in entries
        if key in spans  # deleted between two statements
    ], cursor


def _spans(reader: Reader, scope: Scope, traces: Sequence[Row]) -> list[Row]:
    scope = _around(scope, traces, until_ns=1)
    asked = scope.parameters | _ids(traces)
    found = reader.rows("spans_by_id", asked, scope=scope.sql("spans"))
    fill_previews(reader, scope, found)
    return found


def _records(
    reader: Reader, scope: Scope, traces: Sequence[Row]
) -> defaultdict[tuple[str, str], list[Row]]:
    """Return the log records of the entry spans, in time."""
    scope = _around(scope, traces, since_ns=-BEFORE_NS, until_ns=AFTER_NS)
    asked = scope.parameters | _ids(traces)
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for record in reader.rows("events_of_spans", asked, scope=scope.sql("events")):
        found[record.pop("trace_id"), record.pop("span_id")].append(record)
    return found


def _retrievers(
    reader: Reader, scope: Scope, traces: Sequence[Row]
) -> defaultdict[str, list[Row]]:
    """Return trace id to its first retrievers."""
    scope = _around(scope, traces, until_ns=DAY_NS)
    asked = scope.parameters | {"trace_ids": _ids(traces)["trace_ids"]}
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for span in reader.rows("retrievers", asked, scope=scope.sql("spans")):
        found[span["trace_id"]].append(with_content(span))
    return found


def _around(
    scope: Scope, traces: Sequence[Row], *, since_ns: int = 0, until_ns: int
) -> Scope:
    """Return the scope from the first start to the last, each moved by this much."""
    starts_ns = [trace["start_ns"] for trace in traces]
    return replace(
        scope,
        since_ns=min(starts_ns) + since_ns,
        until_ns=max(starts_ns) + until_ns,
        origin="all",
    )


def _ids(traces: Sequence[Row]) -> dict[str, list[str]]:
    """Return the ids of entry spans as parameters of a statement."""
    return {
        f"{name}s": [trace[name] for trace in traces]
        for name in ("trace_id", "span_id")
    }


def _key(span: Row) -> tuple[str, str]:
    return span["trace_id"], span["span_id"]
