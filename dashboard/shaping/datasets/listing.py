"""Datasets, their versions and their rows as rows of tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell
from dashboard.shaping.conversation.messages import pretty
from dashboard.shaping.conversation.previews import one_line
from dashboard.shaping.runs.grid import brief

Row = Mapping[str, Any]

MOST_COLUMNS: Final = 3
"""Inputs that have a column each; more of them share one."""


def input_keys(rows: Iterable[Row], *, fewest: int = 2) -> list[str]:
    """Return the inputs that have a column each in a table; none if they share one.

    Args:
        rows: What the table shows.
        fewest: Inputs from which on they are told apart.
    """
    keys = dict.fromkeys(
        str(key)
        for row in rows
        if isinstance(row["inputs"], Mapping)
        for key in row["inputs"]
    )
    return list(keys) if fewest <= len(keys) <= MOST_COLUMNS else []


def preview_rows(
    examples: Iterable[Row],
    *,
    keys: Sequence[str] = (),
    near: Mapping[int, Cell] | None = None,
    trace: str = "trace",
) -> list[dict[str, Any]]:
    """Return examples as rows of a table; a row's id is its place, from 0.

    Args:
        examples: Rows; those of a page say their ``place``.
        keys: Inputs that have a column each.
        near: Number among the examples → what it repeats.
        trace: What people call a trace that a row came from.
    """
    return [
        cells.row(
            str(example.get("place", number)),
            number=f"{example.get('place', number) + 1:,}",
            inputs=_value(example["inputs"]),
            expected=_value(example["expected"]),
            output=_value(example["output"]),
            metadata=cells.chips(_facts(example["metadata"])),
            source=cells.words(
                trace if source(example) else origin(example), soft=True
            ),
            near=(near or {}).get(number),
            **{f"inputs.{key}": _value(example["inputs"].get(key)) for key in keys},
        )
        for number, example in enumerate(examples)
    ]


def _facts(metadata: object) -> list[str]:
    return [
        f"{key} {one_line(pretty(item)) or ''}".strip()
        for key, item in _named(metadata, "").items()
    ]


def _named(value: object, name: str) -> Row:
    """Return an object as it is, any other value under a name, none as nothing."""
    if isinstance(value, Mapping):
        return value
    return {} if value is None else {name: value}


def source(row: Row) -> Row | None:
    """Return the trace that a row came from; None for whatever else stands there."""
    found = row["source"]
    return found if isinstance(found, Mapping) and found.get("trace_id") else None


def origin(row: Row) -> str | None:
    """Return from which file and line, or which system, a row came; None if neither."""
    found = row["source"]
    if not isinstance(found, Mapping):
        return None
    if found.get("file"):
        return f"{found['file']}:{found.get('line')}"
    system = found.get("system")
    return None if system is None else str(system)


def _value(value: object) -> Cell:
    return cells.words(one_line(brief(value)), title=pretty(value)[:2000])


def list_rows(found: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the list of datasets; a row's id is ``project/name``."""
    return [
        cells.row(
            f"{row['project']}/{row['name']}",
            name=cells.words(row["name"], title=f"{row['project']} / {row['name']}"),
            description=cells.words(row["description"], soft=True),
            tags=cells.chips(row["tags"], most=3),
            rows=numbers.count(row["n_rows"]),
            versions=numbers.count(row["n_versions"]),
            version=cells.words(
                cells.short_version(row["version"]),
                title=row["version"],
                mono=True,
                soft=True,
            ),
            at=cells.moment(row["at"]),
            author=cells.words(row["author"]),
        )
        for row in found
    ]


def facts(row: Row, *, texts: Mapping[str, str]) -> list[tuple[str, Cell]]:
    """Return what is known of one version of a dataset; unknown things left out."""
    pairs: list[tuple[str, Cell]] = [
        (texts["project"], cells.words(row["project"])),
        (texts["rows"], numbers.count(row["n_rows"])),
        (texts["version"], cells.words(row["version"], mono=True)),
        (texts["at"], cells.moment(row["at"])),
        (texts["author"], cells.words(row["author"])),
        (texts["note"], cells.words(row.get("note"))),
        (texts["tags"], cells.chips(row["tags"])),
    ]
    return [(label, shown) for label, shown in pairs if shown is not None]


def version_rows(versions: Sequence[Row]) -> list[dict[str, Any]]:
    """Return versions as rows of a table; a row's id is its number in the list."""
    return [
        cells.row(
            str(number),
            version=cells.words(row["version"][:8], title=row["version"], mono=True),
            at=cells.moment(row["at"]),
            author=cells.words(row["author"]),
            rows=numbers.count(row["n_rows"]),
            changes=cells.words(_counted(row)),
            note=cells.words(row["note"], soft=True),
        )
        for number, row in enumerate(versions)
    ]


def _counted(row: Row) -> str | None:
    new, gone = row.get("n_new"), row.get("n_gone")
    if new is None or gone is None:
        return None
    parts = [f"+{new:,}" if new else "", f"−{gone:,}" if gone else ""]
    return " ".join(filter(None, parts)) or "±0"


def unique_versions(versions: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return version → its newest row: a version that is restored is there twice."""
    found: dict[str, dict[str, Any]] = {}
    for row in versions:
        found.setdefault(row["version"], row)
    return found
