"""Whole predictions that were made elsewhere, as rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracer._capture.spans import UNSET
from tracer.evaluation._datasets.tables import frame_rows
from tracer.evaluation._identity import hex_id
from tracer.evaluation._numbers import nanoseconds, trial_number
from tracer.evaluation._outcomes import outcomes_of
from tracer.evaluation._rows import Example, read_row
from tracer.evaluation.dataset import Dataset

SCORES: Final = "scores"
ARGUMENTS: Final = ("trial_index", "duration_s", "trace_id", "span_id")
"""Columns that are arguments of `EvaluationLogger.log_prediction`."""


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """One prediction that was made elsewhere."""

    example: Example
    """What was asked, and what is known of it."""

    output: Any
    """What was answered; `UNSET` if the row has no output."""

    scores: Mapping[str, Any]
    """Score by name."""

    arguments: Mapping[str, Any]
    """Further arguments of `EvaluationLogger.log_prediction`."""


def rows_of(rows: Any) -> Iterable[Any]:
    """Return the rows of a Dataset or a DataFrame; others are rows already."""
    if isinstance(rows, Dataset):
        return rows.rows
    if hasattr(rows, "to_dict") and hasattr(rows, "columns"):
        return frame_rows(rows)
    if isinstance(rows, Mapping):
        raise ValueError("rows is a mapping; give a list of rows, or a DataFrame")
    if not isinstance(rows, Iterable):
        kind = type(rows).__name__
        raise ValueError(f"rows is a {kind}; give a list of rows, or a DataFrame")
    return rows  # what it is shows row by row


def read_rows(rows: Iterable[Any], scores: Sequence[str] | None) -> Iterator[LoggedRow]:
    """Yield rows as predictions.

    Args:
        rows: What a person wrote.
        scores: Columns that are scores; None = the mapping in the column ``scores``.

    Raises:
        ValueError: A row is none; the message has its number, from 0.
    """
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            kind = type(row).__name__
            raise ValueError(f"row {number} is a {kind}; give a mapping of columns")
        try:
            yield _read(dict(row), number, scores)
        except ValueError as error:
            raise ValueError(_numbered(str(error), number)) from None


def _read(row: dict[str, Any], number: int, names: Sequence[str] | None) -> LoggedRow:
    given: dict[str, Any] = {key: row.pop(key) for key in ARGUMENTS if key in row}
    for key, n_digits in (("trace_id", 32), ("span_id", 16)):
        if given.get(key) is not None:
            hex_id(given[key], what=key, n_digits=n_digits)
    for key, read in (("trial_index", trial_number), ("duration_s", nanoseconds)):
        if given.get(key) is not None:
            read(given[key])
    output = row.get("output", UNSET)
    found = _scores(row, names)
    for name, score in found.items():
        list(outcomes_of(name, score))  # raises before anything of the row is logged
    return LoggedRow(
        example=read_row(row, number=number),
        output=output,
        scores=found,
        arguments={key: value for key, value in given.items() if value is not None},
    )


def _scores(row: dict[str, Any], names: Sequence[str] | None) -> dict[str, Any]:
    """Take the scores out of a row."""
    if names is not None:
        missing = [name for name in names if name not in row]
        if missing:
            raise ValueError(
                f"it has no column {missing[0]!r}, only {', '.join(map(str, row))}"
            )
        return {name: row.pop(name) for name in names}
    if not isinstance(row.get(SCORES), Mapping):
        return {}
    return dict(row.pop(SCORES))


def _numbered(said: str, number: int) -> str:
    return said if said.startswith("row ") else f"row {number}: {said}"
