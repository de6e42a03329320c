"""Rows as cells of text that people edit, and what their edits make of the rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracer.evaluation._identity import content_hash

Row = Mapping[str, Any]

PARTS: Final = ("expected", "output")
_KEYED: Final = ("inputs", "metadata")


@dataclass(frozen=True)
class Problem:
    """A cell, or a row, that cannot be kept."""

    place: int | None
    """Where the row stands in the version, from 0; None for one that was added."""
    column: str
    """The column; empty for the row as a whole."""
    value: str
    """What was written there."""


@dataclass(frozen=True)
class Edited:
    """What edits make of rows."""

    changed: dict[int, dict[str, Any] | None]
    """Place in the version → the row from now on, None for one that is taken out."""
    added: list[dict[str, Any]]
    """Rows that come at the end."""
    problems: list[Problem]
    """Why nothing can be saved yet."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.problems)


def columns_of(rows: Sequence[Row], more: Sequence[str] = ()) -> list[str]:
    """Return the columns of rows: ``inputs.KEY``, ``expected``, ``output`` and so on.

    Args:
        rows: Dataset rows.
        more: Columns that no row has yet.
    """
    keyed = {
        part: dict.fromkeys(f"{part}.{key}" for row in rows for key in row[part] or {})
        for part in _KEYED
    }
    for column in more:
        part = column.partition(".")[0]
        if part in keyed:
            keyed[part][column] = None
    inputs = list(keyed["inputs"]) or ["inputs.input"]
    return [*inputs, *PARTS, *keyed["metadata"]]


def cell(row: Row, column: str) -> Any:
    """Return what stands in a column of a row; None if nothing does."""
    part, _, key = column.partition(".")
    if part in _KEYED:
        return (row[part] or {}).get(key)
    return row[part]


def written(value: object) -> str | None:
    """Return a value as the text of a cell: texts as they are, all else as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def table(rows: Sequence[Row], columns: Sequence[str]) -> list[dict[str, str | None]]:
    """Return rows as cells of text, in order."""
    return [{name: written(cell(row, name)) for name in columns} for row in rows]


def edited(
    rows: Sequence[Row], columns: Sequence[str], deltas: Mapping[str, Any]
) -> Edited:
    """Return what edits of a table make of its rows.

    Args:
        rows: What the table shows, each with its ``place``.
        columns: Its columns.
        deltas: ``edited_rows added_rows deleted_rows``, as Streamlit tells them.
    """
    problems: list[Problem] = []
    changed: dict[int, dict[str, Any] | None] = {}
    for number, cells in (deltas.get("edited_rows") or {}).items():
        row = rows[int(number)]
        made = _with(row, cells, columns, rows, problems)
        if made is not None and _says(made) != _says(row):
            changed[row["place"]] = made
    for number in deltas.get("deleted_rows") or []:
        changed[rows[int(number)]["place"]] = None
    added = [
        made
        for cells in deltas.get("added_rows") or []
        if any(value not in (None, "") for value in cells.values())
        and (made := _with(None, cells, columns, rows, problems)) is not None
    ]
    return Edited(changed, added, problems)


def _says(row: Row) -> list[Any]:
    return [row[part] for part in (*_KEYED, *PARTS)]


def _with(
    row: Row | None,
    cells: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[Row],
    problems: list[Problem],
) -> dict[str, Any] | None:
    """Return a row with cells written anew; None, and a problem, if it cannot be."""
    made = new_row() if row is None else {key: row[key] for key in new_row()}
    place = None if row is None else int(row["place"])
    made["inputs"], made["metadata"] = dict(made["inputs"]), dict(made["metadata"])
    n_before = len(problems)
    for column, text in cells.items():
        if column not in columns:
            continue
        try:
            value = read(text, None if row is None else cell(row, column), rows, column)
        except ValueError:
            problems.append(Problem(place, column, str(text)))
            continue
        _put(made, column, value)
    if not made["inputs"]:
        problems.append(Problem(place, "", ""))
    if row is not None and row["id"] != content_hash(row["inputs"]):
        made["id"] = row["id"]  # a given one; else it follows from the inputs
    return made if len(problems) == n_before else None


def new_row() -> dict[str, Any]:
    """Return a row that says nothing yet."""
    return {
        "inputs": {},
        "expected": None,
        "output": None,
        "metadata": {},
        "source": None,
    }


def _put(row: dict[str, Any], column: str, value: Any) -> None:
    part, _, key = column.partition(".")
    if part not in _KEYED:
        row[part] = value
    elif value is None:
        row[part].pop(key, None)
    else:
        row[part][key] = value


def read(text: Any, before: Any, rows: Sequence[Row], column: str) -> Any:
    """Return the value that a cell's text stands for.

    What was JSON stays JSON; a new cell follows the others of its column.

    Raises:
        ValueError: It should be JSON, and is none.
    """
    if text is None or (text == "" and before is None):
        return None
    text = str(text)
    if isinstance(before, str):
        return text
    if before is not None:
        return _json(text)
    others = [value for row in rows if (value := cell(row, column)) is not None]
    if not others or any(isinstance(value, str) for value in others):
        return text
    try:
        return _json(text)
    except ValueError:
        return text


def _json(text: str) -> Any:
    """Return what JSON text says; NaN and its like are no JSON, and no row keeps them.

    Raises:
        ValueError: It is none.
    """

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
