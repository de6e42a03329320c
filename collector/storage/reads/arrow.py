"""Pages as Arrow streams: the engine writes them, here they are only cut to the page.

Metadata stays a map of texts, moments are timestamps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as arrow

from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Page, Scope, encode_cursor
from collector.storage.reads.scores import Versions, scores_question
from collector.storage.reads.spans import spans_question
from collector.storage.reads.traces import list_traces, traces_question

Stream = tuple[bytes, str | None]
"""An Arrow stream and the cursor of the next page."""

TOTALS = {
    f"{name}_total": name for name in ("input_tokens", "output_tokens", "cost_usd")
}


def spans_stream(reader: Reader, scope: Scope, page: Page) -> Stream:
    """Return one page of spans."""
    stream = reader.arrow("spans", **spans_question(scope, page))
    cut = _cut(stream, page.limit, dropped=("sort_value", "metadata_types"))
    if cut.last is None:
        return cut.stream, None
    last = cut.last
    return cut.stream, encode_cursor(page.order, last["sort_value"], last["span_id"])


def scores_stream(
    reader: Reader, scope: Scope, page: Page, versions: Versions
) -> Stream:
    """Return one page of scores."""
    stream = reader.arrow("scores", **scores_question(scope, page, versions))
    cut = _cut(stream, page.limit)
    if cut.last is None:
        return cut.stream, None
    last = cut.last
    return cut.stream, encode_cursor(page.order, last["at_ns"], last["score_id"])


def traces_stream(reader: Reader, scope: Scope, page: Page) -> Stream:
    """Return one page of traces."""
    rows, cursor = list_traces(reader, scope, page)
    trace_ids = [row["trace_id"] for row in rows]
    starts = [row["start_ns"] for row in rows]
    stream = reader.arrow("traces", **traces_question(scope, trace_ids, starts))
    replaced = (*TOTALS.values(), "metadata_types")
    return _cut(stream, page.limit, dropped=replaced, renamed=TOTALS).stream, cursor


@dataclass(frozen=True)
class _Cut:
    stream: bytes
    """The page."""

    last: Row | None
    """Its last row, if there are more behind it."""


def _cut(
    stream: bytes,
    limit: int,
    *,
    dropped: Sequence[str] = (),
    renamed: Mapping[str, str] | None = None,
) -> _Cut:
    with arrow.ipc.open_stream(stream) as reader:
        table = reader.read_all()
    last = None
    if table.num_rows > limit:
        last = table.slice(limit - 1, 1).to_pylist()[0]
        table = table.slice(0, limit)
    table = table.drop_columns(list(dropped))
    names = [(renamed or {}).get(name, name) for name in table.column_names]
    table = table.rename_columns(names)
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return _Cut(sink.getvalue().to_pybytes(), last)
