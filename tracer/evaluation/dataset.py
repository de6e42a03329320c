"""Examples to evaluate on, from wherever they are."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import orjson

from tracer._extras import require
from tracer._values import to_json
from tracer.evaluation._identity import WHOLE, content_hash, version_of
from tracer.evaluation._rows import Example, read_row

FilePath = str | PathLike[str]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a text begins with that is written into CSV with a quote before it."""


class Dataset:
    """Rows of examples; ids and version follow from what the rows say.

    A row is flat (``{"question": …, "expected": …}``) or as in docs/api.md
    (``{"inputs": {…}, "expected": …, "metadata": {…}}``).

    Args:
        rows: The rows, in order.
        name: Name of the dataset, as shown beside runs.
        version: Version that the collector gave it; else it is computed.
    """

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        name: str = "",
        version: str | None = None,
    ) -> None:
        self.name = name
        self.examples = tuple(
            read_row(row, number=number) for number, row in enumerate(rows)
        )
        self._version = version
        _refuse_two_rows_of_one_id(self.examples)

    @cached_property
    def version(self) -> str:
        """The collector's version, else a hash of the rows in their order."""
        return self._version or version_of(
            content_hash(example.row) for example in self.examples
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows in the form of docs/api.md."""
        return [example.row for example in self.examples]

    def __len__(self) -> int:
        return len(self.examples)

    def __iter__(self) -> Iterator[Example]:
        return iter(self.examples)

    def __getitem__(self, index: int) -> Example:
        return self.examples[index]

    def __repr__(self) -> str:
        return f"Dataset({self.name!r}, {len(self)} rows, version {self.version})"

    @classmethod
    def from_jsonl(cls, path: FilePath, *, name: str | None = None) -> "Dataset":
        """Read one JSON object a line, UTF-8; blank lines do not count."""
        lines = Path(path).read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
        rows = [_json_line(line, i, path) for i, line in enumerate(lines, 1) if line]
        return cls(rows, name=Path(path).stem if name is None else name)

    @classmethod
    def from_csv(cls, path: FilePath, *, name: str | None = None) -> "Dataset":
        """Read a CSV file with a header, UTF-8 with or without mark; cells are text.

        An empty cell is an empty text, but an empty ``expected`` is none.

        With columns ``inputs.NAME`` it is what the dashboard downloads: there are
        ``metadata.NAME`` and ``source.trace_id`` too, cells that are JSON are values,
        and an empty cell is nothing.
        """
        with Path(path).open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            names = table.fieldnames or ()
            is_nested = any(name.startswith("inputs.") for name in names)
            read = _nested_csv_row if is_nested else _csv_row
            rows = [read(row) for row in table]
        return cls(rows, name=Path(path).stem if name is None else name)

    @classmethod
    def from_pandas(cls, frame: Any, *, name: str = "") -> "Dataset":
        """Take the rows of a DataFrame; NaN and NaT become None."""
        frame = frame.astype(object).where(frame.notna(), None)
        return cls(frame.to_dict("records"), name=name)

    @classmethod
    def from_traces(
        cls,
        rows: Iterable[Mapping[str, Any]],
        *,
        fields: Mapping[str, str] | None = None,
        expected: str | None = None,
        output: str | None = "output",
        name: str = "",
    ) -> "Dataset":
        """Make examples of recorded calls, each with its trace and span as source.

        Args:
            rows: Spans with content, as ``Client().trace(id).spans`` has them.
            fields: Input column to path in the span (``{"question": "input.q"}``);
                default: the span's input, its keys as columns if it is an object.
            expected: Path of the reference answer, such as ``output``; None for none.
            output: Path of the stored answer; None for none.
            name: Name of the dataset.

        Raises:
            ValueError: A span has no value where a path of `fields` points.
        """
        return cls(
            [_row_of_span(span, fields, expected, output) for span in rows], name=name
        )

    def to_jsonl(self, path: FilePath) -> None:
        """Write one row a line, in the form of docs/api.md."""
        lines = (to_json(row, max_bytes=WHOLE) for row in self.rows)
        Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def to_pandas(self) -> Any:
        """Return a DataFrame: ``id``, the inputs, ``expected``, ``output``."""
        pandas = require("pandas", extra="dashboard", purpose="a DataFrame")
        return pandas.DataFrame(
            [
                {"id": example.id, **example.inputs}
                | {"expected": example.expected, "output": example.output}
                for example in self.examples
            ]
        )


def _refuse_two_rows_of_one_id(examples: Sequence[Example]) -> None:
    """Raise if one id stands for different inputs; equal rows are equal examples."""
    seen: dict[str, Example] = {}
    for number, example in enumerate(examples):
        first = seen.setdefault(example.id, example)
        if first.inputs != example.inputs:
            raise ValueError(
                f"row {number} has the id {example.id!r} of an earlier row with other "
                "inputs; ids name one example each"
            )


def _json_line(line: bytes, number: int, path: FilePath) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{path}, line {number} is not JSON: {error}") from None


def _csv_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if key in ("expected", "id", "output") and value == "" else value
        for key, value in row.items()
        if key is not None
    }


def _nested_csv_row(cells: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"inputs": {}, "metadata": {}, "source": {}}
    for column, cell in cells.items():
        if column is None or not cell:
            continue
        group, _, key = column.partition(".")
        into, name = (row[group], key) if key and group in row else (row, column)
        is_name = group in ("id", "source")
        into[name] = _without_guard(cell) if is_name else _csv_value(cell)
    return row | {"source": row["source"] or None}


def _csv_value(cell: str) -> Any:
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        return _without_guard(cell)


def _without_guard(text: str) -> str:
    """Take off the quote that keeps a spreadsheet from running a text as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text


def _row_of_span(
    span: Mapping[str, Any],
    fields: Mapping[str, str] | None,
    expected: str | None,
    output: str | None,
) -> dict[str, Any]:
    if fields is None:
        found = _at(span, "input", required=True)
        inputs = dict(found) if isinstance(found, Mapping) else {"input": found}
    else:
        inputs = {
            column: _at(span, path, required=True) for column, path in fields.items()
        }
    return {
        "inputs": inputs,
        "expected": _at(span, expected) if expected else None,
        "output": _at(span, output) if output else None,
        "source": {"trace_id": span["trace_id"], "span_id": span["span_id"]},
    }


def _at(span: Mapping[str, Any], path: str, *, required: bool = False) -> Any:
    """Return what stands at a dotted path; numbers are places in lists."""
    value: Any = span
    for part in path.split("."):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif required:
            raise ValueError(
                f"span {span.get('span_id')} has nothing at {path!r}; it has "
                f"{sorted(span)}"
            )
        else:
            return None
    return value
