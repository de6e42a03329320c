"""Datasets as files: each form as bytes, and whether rows fit it."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracer.evaluation._datasets import csv_files, lines
from tracer.evaluation._datasets.openai_forms import (
    evals_row,
    fine_tuning_row,
    hosted_row,
)
from tracer.evaluation._datasets.tables import arrow_table
from tracer.evaluation._rows import Example, read_row

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """One form of a file."""

    ending: str
    """What its name ends in."""
    mime: str
    """What it is on the wire."""
    write: Callable[[Sequence[Row]], bytes]
    """Makes the file."""


def why_not(form: str, rows: Sequence[Row]) -> str | None:
    """Return why rows cannot be written in a form; None if they can."""
    try:
        FORMS[form].write(rows)
    except ValueError as error:
        return str(error)
    return None


def _jsonl(rows: Sequence[Row]) -> bytes:
    return lines.as_lines(rows).encode()


def _csv(rows: Sequence[Row]) -> bytes:
    return csv_files.as_csv(rows).encode()


def _parquet(rows: Sequence[Row]) -> bytes:
    import pyarrow.parquet

    file = io.BytesIO()
    pyarrow.parquet.write_table(arrow_table(rows), file)
    return file.getvalue()


def _evals(rows: Sequence[Row]) -> bytes:
    made = [evals_row(example, number) for number, example in _examples(rows)]
    return lines.as_lines(made).encode()


def _hosted(rows: Sequence[Row]) -> bytes:
    made = [hosted_row(example) for _, example in _examples(rows)]
    return lines.as_lines(made).encode()


def _fine_tuning(rows: Sequence[Row]) -> bytes:
    """Write what the model is to learn: the reference answer, else what was said."""
    made = []
    for number, example in _examples(rows):
        answer = "output" if example.expected is None else "expected"
        made.append(fine_tuning_row(example, number, answer))  # type: ignore[arg-type]
    return lines.as_lines(made).encode()


def _examples(rows: Sequence[Row]) -> list[tuple[int, Example]]:
    return [(number, read_row(row, number=number)) for number, row in enumerate(rows)]


_LINES: Final = "application/jsonl"
FORMS: Final[Mapping[str, Form]] = {
    "jsonl": Form("jsonl", _LINES, _jsonl),
    "csv": Form("csv", "text/csv", _csv),
    "parquet": Form("parquet", "application/vnd.apache.parquet", _parquet),
    "evals": Form("evals.jsonl", _LINES, _evals),
    "hosted": Form("hosted.jsonl", _LINES, _hosted),
    "fine_tuning": Form("fine-tuning.jsonl", _LINES, _fine_tuning),
}
