"""Pages as Arrow streams: the engine writes them, here they are only cut to the page.

Metadata stays a map of texts, moments are timestamps. Imported where a caller asks for
Arrow: pyarrow and numpy take tens of megabytes that most collectors never need.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pyarrow as arrow

from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Page, Scope, encode_cursor
from collector.storage.reads.scores import Versions, scores_question
from collector.storage.reads.slices import slices
from collector.storage.reads.spans import spans_question
from collector.storage.reads.traces import list_traces, traces_question

Stream = tuple[bytes, str | None]
"""An Arrow stream and the cursor of the next page."""

MOMENTS = frozenset({"start", "last", "first", "at", "bucket"})
"""Columns of rows that hold moments."""

TOTALS = {
    f"{name}_total": name for name in ("input_tokens", "output_tokens", "cost_usd")
}


def spans_stream(reader: Reader, scope: Scope, page: Page) -> Stream:
    """Return one page of spans."""
    streams, n_rows = [], 0
    for part in slices(scope, page):
        left = replace(page, limit=page.limit - n_rows)
        streams.append(reader.arrow("spans", **spans_question(reader, part, left)))
        n_rows += _read(streams[-1]).num_rows
        if n_rows > page.limit:
            break
    dropped = ("sort_value", "metadata_types")
    cut = _cut(streams, page.limit, dropped=dropped, once=("trace_id", "span_id"))
    if cut.last is None:
        return cut.stream, None
    last = cut.last
    return cut.stream, encode_cursor(page.order, last["sort_value"], last["span_id"])


def scores_stream(
    reader: Reader, scope: Scope, page: Page, versions: Versions
) -> Stream:
    """Return one page of scores."""
    stream = reader.arrow("scores", **scores_question(scope, page, versions))
    cut = _cut([stream], page.limit, dropped=("metadata_types",))
    if cut.last is None:
        return cut.stream, None
    return cut.stream, versions.cursor(page, cut.last)


def traces_stream(reader: Reader, scope: Scope, page: Page) -> Stream:
    """Return one page of traces."""
    rows, cursor = list_traces(reader, scope, page)
    trace_ids = [row["trace_id"] for row in rows]
    starts = [row["start_ns"] for row in rows]
    stream = reader.arrow(
        "traces", **traces_question(scope, trace_ids, starts, with_scores=True)
    )
    replaced = (*TOTALS.values(), "metadata_types")
    return _cut([stream], page.limit, dropped=replaced, renamed=TOTALS).stream, cursor


def cut_stream(stream: bytes, limit: int | None) -> tuple[bytes, bool]:
    """Return the first rows of a stream, and whether there were more."""
    if limit is None:
        return stream, False
    table = _read(stream)
    if table.num_rows <= limit:
        return stream, False
    return _written(table.slice(0, limit)), True


def stream_of_rows(rows: Sequence[Row]) -> bytes:
    """Return rows that no single statement wrote; what nests in them is JSON text."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: _column(name, [row.get(name) for row in rows]) for name in names}
    return _written(arrow.table(columns))


def _column(name: str, values: Sequence[Any]) -> Any:
    kinds = {type(value) for value in values if value is not None}
    if name in MOMENTS and kinds <= {str}:
        moments = [None if text is None else _moment(text) for text in values]
        return arrow.array(moments, arrow.timestamp("us", tz="UTC"))
    if name.endswith("_ns") and kinds <= {int}:
        return arrow.array(values, arrow.int64())
    if kinds == {bool}:
        return arrow.array(values, arrow.bool_())
    if kinds and kinds <= {int, float}:
        return arrow.array(values, arrow.int64() if kinds == {int} else arrow.float64())
    texts = [
        value if isinstance(value, str | None) else orjson.dumps(value).decode()
        for value in values
    ]
    return arrow.array(texts, arrow.string())


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(table: Any) -> bytes:
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    stream: bytes = sink.getvalue().to_pybytes()
    return stream


@dataclass(frozen=True)
class _Cut:
    stream: bytes
    """The page."""

    last: Row | None
    """Its last row, if there are more behind it."""


def _read(stream: bytes) -> Any:
    with arrow.ipc.open_stream(stream) as reader:
        return reader.read_all()


def _cut(
    streams: Sequence[bytes],
    limit: int,
    *,
    dropped: Sequence[str] = (),
    renamed: Mapping[str, str] | None = None,
    once: Sequence[str] = (),
) -> _Cut:
    table = arrow.concat_tables([_read(stream) for stream in streams])
    last = None
    if table.num_rows > limit:
        last = table.slice(limit - 1, 1).to_pylist()[0]
        table = table.slice(0, limit)
    if once:
        keys = table.select(list(once)).to_pylist()
        places = {tuple(key.values()): n for n, key in reversed([*enumerate(keys)])}
        table = table.take(sorted(places.values()))
    table = table.drop_columns(list(dropped))
    names = [(renamed or {}).get(name, name) for name in table.column_names]
    table = table.rename_columns(names)
    return _Cut(_written(table), last)
