"""Traces as a table in a file: scores and metadata get columns of their own."""

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

Row = Mapping[str, Any]


def flat(trace: Row) -> dict[str, Any]:
    """Return a trace's row without objects: ``score.NAME``, ``metadata.KEY`` instead.

    Of a score the mean, or its newest label; what is no scalar is JSON text.
    """
    row: dict[str, Any] = {}
    for name, value in trace.items():
        if name == "scores":
            for score, summary in sorted((value or {}).items()):
                mean = summary["mean"]
                row[f"score.{score}"] = summary["label"] if mean is None else mean
        elif name == "metadata":
            row |= {f"metadata.{key}": item for key, item in (value or {}).items()}
        else:
            row[name] = value
    return {name: _scalar(value) for name, value in row.items()}


def table(traces: Iterable[Row]) -> pa.Table:
    """Return traces as a table; a column of several types holds text."""
    rows = [flat(trace) for trace in traces]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [row.get(name) for row in rows] for name in names}
    return pa.table({name: _array(values) for name, values in columns.items()})


def as_csv(traces: Iterable[Row]) -> bytes:
    """Return traces as CSV in UTF-8 with its mark, which spreadsheets look for."""
    sink = io.BytesIO("\ufeff".encode())
    sink.seek(0, io.SEEK_END)
    pyarrow.csv.write_csv(table(traces), sink)
    return sink.getvalue()


def as_parquet(traces: Iterable[Row]) -> bytes:
    """Return traces as a Parquet file."""
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table(traces), sink)
    return sink.getvalue()


def _scalar(value: Any) -> Any:
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _array(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else str(value) for value in values])
