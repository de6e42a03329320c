"""Tables with typed columns: DataFrames, Arrow and Parquet, Hugging Face datasets.

A dataset's own table has the columns ``id``, ``inputs.NAME``, ``expected``, ``output``,
``metadata.NAME`` and ``source.NAME``. A column whose values are not all of one plain
type is JSON text, and the schema's metadata name these, so that rows come back whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from tracer._extras import require
from tracer._values.encoding import to_json
from tracer.evaluation._datasets.csv_files import check_names, has_nested_columns
from tracer.evaluation._datasets.files import FilePath, opened
from tracer.evaluation._datasets.lines import with_origin
from tracer.evaluation._identity import WHOLE

JSON_COLUMNS: Final = b"tracer.json_columns"
"""Key of a schema's metadata: a JSON list of the columns that are JSON text."""

_PLAIN: Final = (bool, int, float, str)
_GROUPS: Final = ("inputs", "metadata", "source")


def frame_rows(frame: Any) -> list[dict[str, Any]]:
    """Return the rows of a DataFrame; what it lacks becomes None.

    Raises:
        ValueError: Two columns have one name.
    """
    check_names(map(str, frame.columns), "the DataFrame")
    frame = frame.astype(object).where(frame.notna(), None)
    found: list[dict[str, Any]] = frame.to_dict("records")
    return found


def arrow_table(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return dataset rows as a pyarrow table; None is null.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    pyarrow = require("pyarrow", extra="datasets", purpose="an Arrow table")
    flat = [dict(_flat(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    columns = {name: [row.get(name, ABSENT) for row in flat] for name in names}
    as_json = [name for name in names if not _is_plain(columns[name])]
    for name in as_json:
        columns[name] = [_json_or_absent(value) for value in columns[name]]
    plain = {
        name: [None if value is ABSENT else value for value in values]
        for name, values in columns.items()
    }
    table = pyarrow.table(plain)
    return table.replace_schema_metadata({JSON_COLUMNS: orjson.dumps(as_json)})


def table_rows(table: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of a pyarrow table, ours or anybody's."""
    said = (table.schema.metadata or {}).get(JSON_COLUMNS)
    as_json = frozenset(orjson.loads(said)) if said else frozenset[str]()
    is_nested = has_nested_columns(table.column_names)
    for row in table.to_pylist():
        yield _nested(row, as_json) if is_nested else row


def parquet_rows(path: FilePath) -> Iterator[Any]:
    """Yield the rows of a Parquet file; those of other writers know file and place."""
    parquet = require("pyarrow.parquet", extra="datasets", purpose="a Parquet file")
    with opened(path, "rb") as file:
        table = parquet.read_table(file)
    is_ours = JSON_COLUMNS in (table.schema.metadata or {})
    for number, row in enumerate(table_rows(table), 1):
        yield row if is_ours else with_origin(row, path, number)


def write_parquet(path: FilePath, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write dataset rows as a Parquet file."""
    parquet = require("pyarrow.parquet", extra="datasets", purpose="a Parquet file")
    table = arrow_table(rows)
    with opened(path, "wb") as file:
        parquet.write_table(table, file)


class _Absent:
    """Says that a row has no such column, where None is a value like any other."""


ABSENT: Final = _Absent()


def _flat(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "id", row["id"]
    yield from _prefixed("inputs", row["inputs"])
    for part in ("expected", "output"):
        if row[part] is not None:
            yield part, row[part]
    yield from _prefixed("metadata", row["metadata"])
    yield from _prefixed("source", row["source"] or {})


def _prefixed(group: str, values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((f"{group}.{key}", value) for key, value in values.items())


def _is_plain(values: Sequence[Any]) -> bool:
    """Return whether values are of one plain type, and null says that a key is absent.

    An input that is None is a key all the same, so such a column is JSON.
    """
    kinds = {type(value) for value in values if value is not ABSENT}
    if len(kinds) != 1 or not kinds <= set(_PLAIN):
        return False
    return kinds != {int} or all(
        value is ABSENT or -(2**63) <= value < 2**63 for value in values
    )


def _json_or_absent(value: Any) -> Any:
    return ABSENT if value is ABSENT else to_json(value, max_bytes=WHOLE)


def _nested(row: Mapping[str, Any], as_json: frozenset[str]) -> dict[str, Any]:
    made: dict[str, Any] = {group: {} for group in _GROUPS}
    for column, value in row.items():
        if value is None:
            continue
        found = orjson.loads(value) if column in as_json else value
        group, _, key = column.partition(".")
        if key and group in _GROUPS:
            made[group][key] = found
        else:
            made[column] = found
    return made | {"source": made["source"] or None}
