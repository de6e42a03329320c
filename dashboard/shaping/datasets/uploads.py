"""Files as rows of a dataset: which form they have, what their columns become."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from tracer.evaluation._datasets import csv_files, lines
from tracer.evaluation._datasets.openai_forms import rows_of_evals, rows_of_fine_tuning
from tracer.evaluation._datasets.tables import parquet_rows
from tracer.evaluation._datasets.vertex import (
    BASELINE,
    PROMPT,
    REFERENCE,
    RESPONSE,
    vertex_rows,
)
from tracer.evaluation._rows import KnownIds, read_row

Row = dict[str, Any]
Form = Literal["columns", "rows", "evals", "fine_tuning", "vertex"]

FORMS: Final[tuple[Form, ...]] = ("columns", "rows", "evals", "fine_tuning", "vertex")
ENDINGS: Final = ("csv", "jsonl", "ndjson", "json", "parquet")
ENCODINGS: Final = ("utf-8-sig", "cp949", "utf-16", "latin-1")
ROLES: Final = ("inputs", "expected", "output", "id", "metadata", "nothing")
"""What a column of a flat file can become."""

_IN_LINE: Final = re.compile(r"line 1 column (\d+) \(char \d+\)")
"""Where JSON of one line breaks off, as its reader says it."""

LOOKED_AT: Final = 200
"""Rows by which a file's form is told."""

MOST_PROBLEMS: Final = 20
MOST_ROWS: Final = 200_000
MOST_UNPACKED_BYTES: Final = 128_000_000
"""What a Parquet file may hold: it is small only as long as it is packed."""

_GUESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "expected": (
        *("expected", "expected_output", "reference", "ideal", "answer", "target"),
        *("ground_truth", "label", "정답", "기대값", "답변", "모범답안"),
    ),
    "output": ("output", "response", "prediction", "completion", "출력", "응답"),
    "id": ("id", "example_id"),
    "metadata": ("category", "tags", "language", "split", "difficulty", "분류"),
}


@dataclass(frozen=True)
class Problem:
    """A line of a file that is no row."""

    line: int | None
    """Its number, from 1; None for the file as a whole."""
    column: str
    """Which column is to blame; empty if none is alone."""
    message: str
    """What is wrong there."""


@dataclass(frozen=True)
class Read:
    """What a file holds."""

    rows: list[Any]
    """Its rows as they stand in it, each with file and line as ``source``."""
    problems: list[Problem]
    """Why it cannot be read, or not all of it."""
    torn: Mapping[int, Problem] = field(default_factory=dict)
    """Place in `rows` → why the cells there cannot be told apart."""
    encoding: str = ""
    """In which its text was read; empty for files that are not text alone."""


@dataclass(frozen=True)
class Made:
    """Rows of a dataset, and the lines that are none."""

    rows: list[Row]
    """In the form of the API, without ids that follow from the inputs."""
    problems: list[Problem] = field(default_factory=list)
    """The first of them."""
    n_problems: int = 0
    """How many lines are no rows."""


def read_file(name: str, content: bytes, *, encoding: str | None = None) -> Read:
    """Return the rows of a file by the ending of its name.

    Args:
        name: The file's name.
        content: The file.
        encoding: How a CSV file's text is written; None finds it out.
    """
    if not content.strip():
        return Read([], [Problem(None, "", "the file is empty")])
    ending = name.rpartition(".")[2].lower()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / Path(name).name
        path.write_bytes(content)
        found: list[Any] = []
        used, torn = "", dict[int, Problem]()
        try:
            if ending == "csv":
                text, used = csv_files.decoded(content, encoding, name=str(path))
                _fill(found, torn, csv_files.csv_rows(text, path), path)
            else:
                found += _rows_of(path, ending)
        except Exception as error:  # whatever a library says of a broken file
            return Read(found, [_of_file(error, path)], torn, used)
    problems = [] if found else [Problem(None, "", "the file holds no rows")]
    return Read(found, problems, torn, used)


def _fill(
    found: list[Any],
    torn: dict[int, Problem],
    lines_of_file: Iterable[csv_files.CsvRow],
    path: Path,
) -> None:
    """Put rows of a CSV file where they belong, as far as it can be read."""
    for one in lines_of_file:
        if one.torn:
            torn[len(found)] = Problem(one.line, "", one.torn)
        found.append(lines.with_origin(one.row, path, one.line))


def _rows_of(path: Path, ending: str) -> Iterable[Any]:
    if ending == "parquet":
        _check_unpacked(path)
        return parquet_rows(path)
    if ending == "json":
        return _array(path)
    return lines.rows_with_origin(path)


def _check_unpacked(path: Path) -> None:
    """Raise if a Parquet file is far larger than it looks."""
    import pyarrow.parquet

    told = pyarrow.parquet.read_metadata(path)
    groups = (told.row_group(number) for number in range(told.num_row_groups))
    n_bytes = sum(group.total_byte_size for group in groups)
    if n_bytes > MOST_UNPACKED_BYTES or told.num_rows > MOST_ROWS:
        raise ValueError(
            f"it unpacks to {told.num_rows:,} rows of {n_bytes / 1e6:,.0f} MB; "
            f"{MOST_ROWS:,} rows and {MOST_UNPACKED_BYTES / 1e6:,.0f} MB are read here"
        )


def _array(path: Path) -> Iterator[Any]:
    found = orjson.loads(path.read_bytes().removeprefix(lines.UTF8_MARK))
    if isinstance(found, Mapping):
        inner = [value for value in found.values() if isinstance(value, list)]
        found = inner[0] if len(inner) == 1 else found
    if not isinstance(found, list):
        raise ValueError("the file holds no list of rows")
    for number, row in enumerate(found, 1):
        yield lines.with_origin(row, path, number)


def _of_file(error: Exception, path: Path) -> Problem:
    message = str(error).replace(f"{path}", path.name)
    start, _, rest = message.partition(", line ")
    digits = rest.split(":")[0].split(" ")[0]
    if start == path.name and digits.isdigit():
        why = rest.removeprefix(digits).lstrip(": ")
        return Problem(int(digits), "", _IN_LINE.sub(r"character \1", why))
    return Problem(None, "", message[:300])


def form_of(rows: Sequence[Any]) -> Form:
    """Return the form that rows have by their keys."""
    keyed = [row for row in rows[:LOOKED_AT] if isinstance(row, Mapping)]
    keys = {str(key) for row in keyed for key in row}
    if any(isinstance(row.get("inputs"), Mapping) for row in keyed):
        return "rows"
    if any(isinstance(row.get("messages"), list) for row in keyed):
        return "fine_tuning"
    if "preferred_output" in keys:
        return "fine_tuning"
    if {"input", "ideal"} <= keys or any(
        isinstance(row.get("item"), Mapping) for row in keyed
    ):
        return "evals"
    if PROMPT in keys and keys & {RESPONSE, REFERENCE, BASELINE}:
        return "vertex"
    return "columns"


def columns_of(rows: Sequence[Any]) -> list[str]:
    """Return the columns of flat rows in order of first sight."""
    keyed = (row for row in rows if isinstance(row, Mapping))
    names = dict.fromkeys(str(key) for row in keyed for key in row)
    return [name for name in names if name != "source"]


def first_roles(columns: Sequence[str]) -> dict[str, str]:
    """Return column → what it becomes, by its name; one column each for an answer."""
    roles = dict.fromkeys(columns, "inputs")
    for role, names in _GUESSES.items():
        for column in columns:
            taken = role != "metadata" and role in roles.values()
            if column.strip().lower() in names and not taken:
                roles[column] = role
    if "inputs" not in roles.values() and columns:
        roles[columns[0]] = "inputs"
    return roles


def made_rows(
    rows: Sequence[Any],
    form: Form,
    *,
    roles: Mapping[str, str] | None = None,
    torn: Mapping[int, Problem] | None = None,
) -> Made:
    """Return dataset rows of a file's rows; lines that are none are told.

    Args:
        rows: As `read_file` has them.
        form: What they are.
        roles: Of the form ``columns``: what each becomes, see `ROLES`.
        torn: Which of them are none, as `read_file` tells them.
    """
    made: list[Row] = []
    problems: list[Problem] = []
    n_problems = 0
    known = KnownIds()
    for number, row in enumerate(rows):
        try:
            if torn and number in torn:
                raise _Torn(torn[number])
            [shaped] = _shaped([row], form, roles or {})
            example = read_row(shaped, number=number)
            if known.is_of_another(example):
                message = f"the id {example.id!r} is an earlier row's, of other inputs"
                raise _InColumn("id", message)
        except ValueError as error:
            n_problems += 1
            if len(problems) < MOST_PROBLEMS:
                problems.append(_of_row(row, number, error))
            continue
        made.append(example.row)
    return Made(made, problems, n_problems)


class _Torn(ValueError):
    """A line whose cells cannot be told apart."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _InColumn(ValueError):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def _of_row(row: Any, number: int, error: ValueError) -> Problem:
    if isinstance(error, _Torn):
        return error.problem
    message = str(error)
    for start in (f"row {number} ", "row 0 "):
        message = message.removeprefix(start)
    column = getattr(error, "column", "")
    return Problem(line_of(row, number), column, message[:300])


def line_of(row: Any, number: int) -> int:
    """Return the line of a file's row, from 1; its number where it does not say."""
    source = row.get("source") if isinstance(row, Mapping) else None
    line = source.get("line") if isinstance(source, Mapping) else None
    return line if isinstance(line, int) else number + 1


def _shaped(
    rows: Sequence[Any], form: Form, roles: Mapping[str, str]
) -> Iterable[Mapping[str, Any]]:
    if form == "evals":
        return rows_of_evals(rows, expected=None)
    if form == "fine_tuning":
        return rows_of_fine_tuning(rows)
    if form == "vertex":
        return vertex_rows([_mapping(row) for row in rows], prompt_template=None)
    if form == "rows":
        return [_mapping(row) for row in rows]
    return [_mapped(_mapping(row), roles) for row in rows]


def _mapping(row: Any) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        kind = type(row).__name__
        raise ValueError(f"is a {kind}, not an object with columns")
    return row


def _mapped(row: Mapping[str, Any], roles: Mapping[str, str]) -> Row:
    made: Row = {"inputs": {}, "metadata": {}, "source": row.get("source")}
    for column, role in roles.items():
        if role == "nothing" or column not in row:
            continue
        value = row[column]
        if role == "inputs":  # an empty one is in its id, as it is for `Dataset`
            made[role][column] = value
        elif role == "metadata" and value is not None:
            made[role][column] = value
        elif role != "metadata" and value not in (None, ""):
            made[role] = value
    told = [name for name, role in roles.items() if role == "inputs"]
    if all(made["inputs"].get(name) in (None, "") for name in told):
        raise _InColumn(", ".join(told), "has no input in it")
    return made
