"""JSON objects, one a line; each row knows its line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from tracer._values.encoding import to_json
from tracer.evaluation._datasets.files import FilePath, file_name, read_bytes
from tracer.evaluation._identity import WHOLE

UTF8_MARK = b"\xef\xbb\xbf"


def json_lines(path: FilePath) -> Iterator[tuple[int, Any]]:
    """Yield line number, from 1, and value of each line; blank lines are none.

    Raises:
        ValueError: A line is not JSON; the message names file and line.
    """
    lines = read_bytes(path).removeprefix(UTF8_MARK).split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise ValueError(f"{path}, line {number} is not JSON: {error}") from None


def rows_with_origin(path: FilePath) -> Iterator[Any]:
    """Yield the rows of a file, each with file and line as its source.

    A row that says itself where it is from, if only by ``"source": null``, keeps that.
    """
    for number, row in json_lines(path):
        yield with_origin(row, path, number)


def with_origin(row: Any, path: FilePath, line: int) -> Any:
    """Return a row that knows its file and line, unless it names a source itself."""
    if not isinstance(row, Mapping) or "source" in row:
        return row
    return {**row, "source": {"file": file_name(path), "line": line}}


def as_lines(rows: Iterable[Any]) -> str:
    """Return rows as JSON, one a line."""
    return "".join(f"{to_json(row, max_bytes=WHOLE)}\n" for row in rows)
