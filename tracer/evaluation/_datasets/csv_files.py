"""CSV: what spreadsheets write, and our own form of it, which comes back as it went."""

import csv
import io
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, TypeVar

import orjson

from tracer._values.encoding import to_json
from tracer._values.json_text import is_json
from tracer.evaluation._datasets.files import FilePath, read_bytes
from tracer.evaluation._datasets.lines import with_origin
from tracer.evaluation._identity import WHOLE

Row = Mapping[str, Any]

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a text begins with that is written with a quote before it."""

UTF8_MARK: Final = "\ufeff"
"""By this spreadsheets know that a file is UTF-8."""

UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
KOREAN: Final = "cp949"

_GROUPS: Final = ("inputs", "metadata", "source")
_BARE: Final = ("id", "expected", "output")
"""The header of a file without rows."""

_LONGEST_CELL: Final = (1 << 31) - 1
_LIMIT_LOCK: Final = threading.Lock()

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row of a file, and where it stands."""

    line: int
    """The line that it ends on, from 1."""

    row: dict[str, Any]
    """Flat or nested, without cells that no column has."""

    torn: str
    """Why its cells cannot be told apart; empty if they can."""


def read_csv(
    path: FilePath, *, encoding: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file with a header, flat or in our own nested form.

    Args:
        path: Where it is.
        encoding: How its text is written; None finds it out, see `decoded`.

    Raises:
        ValueError: As `csv_rows`; or it is no text in that encoding, or a line has more
            cells than the header: it is named.
    """
    text, _ = decoded(read_bytes(path), encoding, name=str(path))
    for found in csv_rows(text, path):
        if found.torn:
            raise ValueError(f"{path}, line {found.line} {found.torn}")
        yield with_origin(found.row, path, found.line)


def csv_rows(text: str, path: FilePath) -> Iterator[CsvRow]:
    """Yield the rows of a text with a header.

    Args:
        text: What the file holds.
        path: What errors call it.

    Raises:
        ValueError: It has no header, two columns of one name, a cell that is too long,
            or a quote that is never closed; the line is named.
    """
    source = _Lines(text)
    table = csv.reader(source)
    begin = 0
    try:
        names = next(filter(None, table), None)
        if names is None:
            raise ValueError(f"{path} has no header: its first line names the columns")
        _check_closed(source, path, begin)
        check_names(names, path)
        is_nested = has_nested_columns(names)
        begin = table.line_num
        for cells in of_any_length(table) if is_nested else table:
            _check_closed(source, path, begin)
            begin = table.line_num
            if cells:
                more = len(cells) > len(names)
                why = torn(len(cells), len(names)) if more else ""
                flat = dict(zip_longest(names, cells[: len(names)]))
                row = _nested_row(flat) if is_nested else _flat_row(flat)
                yield CsvRow(table.line_num, row, why)
    except csv.Error as error:
        raise ValueError(f"{path}, line {begin + 1}: {error}") from None


class _Lines:
    """The lines of a text, which know whether one too many was asked for."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.is_through = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        self.is_through = not line
        if self.is_through:
            raise StopIteration
        return line


def _check_closed(lines: _Lines, path: FilePath, begin: int) -> None:
    """Raise if a row that is there asked for lines beyond the end.

    Only within a quote does one; the library then takes the rest of the file for the
    cell, without a word.
    """
    if lines.is_through:
        raise ValueError(f"{path}, line {begin + 1}: a quote is never closed")


def check_names(names: Iterable[str], what: FilePath) -> None:
    """Do nothing if every column has a name of its own; empty ones at the end may lack.

    Raises:
        ValueError: One column would stand in for another; `what` says of which table.
    """
    for name, n_times in Counter(filter(None, names)).items():
        if n_times > 1:
            raise ValueError(
                f"{what}: {n_times} columns are called {name!r}; "
                "give each a name of its own"
            )


def decoded(
    data: bytes, encoding: str | None = None, *, name: str = "the file"
) -> tuple[str, str]:
    """Return a file's text, and the encoding that it was read in.

    Args:
        data: The file.
        encoding: How it is written. None takes UTF-16 if its mark is there, UTF-8 if it
            is that, else CP949, in which Excel saves Korean.
        name: What the error calls it.

    Raises:
        ValueError: It is not in that encoding; the line is named.
    """
    if encoding is None and data.startswith(UTF16_MARKS):
        encoding = "utf-16"
    tried = [encoding] if encoding else ["utf-8-sig", KOREAN]
    reasons: list[UnicodeDecodeError] = []
    for one in tried:
        try:
            return data.decode(one), one
        except UnicodeDecodeError as error:
            reasons.append(error)
    line = data.count(b"\n", 0, reasons[0].start) + 1
    names = " nor ".join(tried)
    raise ValueError(
        f"{name}, line {line}: byte {data[reasons[0].start]:#04x} is not {names}; "
        "save the file as UTF-8"
    )


def torn(n_cells: int, n_columns: int) -> str:
    """Return what is wrong with a line that has more cells than the header."""
    return (
        f"has {n_cells} cells, the header {n_columns}: put a cell with commas in quotes"
    )


def has_nested_columns(names: Sequence[str]) -> bool:
    """Return whether columns are named as our own tables name them."""
    return any(name.startswith("inputs.") for name in names)


def of_any_length(table: Iterator[Line]) -> Iterator[Line]:
    """Yield lines of our own form, whose cells are as long as they were written.

    Elsewhere the library's limit stays: a quote that is never closed is found by it.
    """
    while True:
        with _LIMIT_LOCK:  # the limit is the whole process's
            limit = csv.field_size_limit(_LONGEST_CELL)
            try:
                line = next(table, None)
            finally:
                csv.field_size_limit(limit)
        if line is None:
            return
        yield line


def as_csv(rows: Sequence[Row]) -> str:
    """Return rows as CSV: one column for each key of inputs and metadata.

    `read_csv` reads it back. Begins with a byte order mark. Values that are no text are
    JSON, and so is text that would read as such. Text that a spreadsheet would run as a
    formula gets a quote.
    """
    flat = [_written_row(row) for row in rows]
    columns = list(dict.fromkeys(key for row in flat for key in row)) or list(_BARE)
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(flat)
    return UTF8_MARK + out.getvalue()


def _flat_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row in which an empty cell is None, as pandas reads it."""
    return {key: None if value == "" else value for key, value in row.items()}


def _nested_row(cells: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {group: {} for group in _GROUPS}
    for column, cell in cells.items():
        if not cell:
            continue
        group, _, key = column.partition(".")
        into, name = (row[group], key) if key and group in row else (row, column)
        is_id = column in ("id", "source.trace_id", "source.span_id")
        into[name] = _without_guard(cell) if is_id else _value(cell)
    return row | {"source": row["source"] or None}


def _written_row(row: Row) -> dict[str, str]:
    flat = {"id": _guarded(str(row["id"]))}
    flat |= _columns("inputs", row["inputs"], "input")
    for part in ("expected", "output"):
        flat[part] = "" if row[part] is None else _written(row[part])
    flat |= _columns("metadata", row["metadata"], "metadata")
    source = row["source"] if isinstance(row["source"], Mapping) else {}
    ids = {key: source.get(key) or "" for key in ("trace_id", "span_id")}
    flat |= {f"source.{key}": _guarded(str(id)) for key, id in ids.items()}
    others = {key: value for key, value in source.items() if key not in ids}
    return flat | _columns("source", others, "source")


def _columns(group: str, value: object, name: str) -> dict[str, str]:
    """Return cells of a group; what is no object goes under a name, none is nothing."""
    if not isinstance(value, Mapping):
        value = {} if value is None else {name: value}
    return {f"{group}.{key}": _written(one) for key, one in value.items()}


def _written(value: object) -> str:
    if isinstance(value, str) and value and not is_json(value):
        return _guarded(value)
    return to_json(value, max_bytes=WHOLE)


def _value(cell: str) -> Any:
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        return _without_guard(cell)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _without_guard(text: str) -> str:
    """Take off the quote that keeps a spreadsheet from running a text as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text
