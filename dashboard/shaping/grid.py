"""One evaluation run as a grid: examples down, trials across, a score in each cell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column, Tone
from dashboard.shaping.evaluations import value
from dashboard.shaping.messages import pretty
from dashboard.shaping.previews import one_line

Row = Mapping[str, Any]

SHOW: Final = ("all", "failing", "flaky", "errors")
_SAYS_NOTHING: Final[tuple[object, ...]] = (None, "", [], {})


def grid(
    predictions: Sequence[Row],
    score: str | None,
    texts: Mapping[str, str],
    *,
    show: str = "all",
) -> tuple[list[Column], list[dict[str, Any]]]:
    """Return one run as examples (rows) by trials (columns); each cell opens its trace.

    Args:
        predictions: In the order of the list; trials of an example beside each other.
        score: Whose value a cell shows; None shows whether the prediction went well.
        texts: Headings.
        show: All examples, or only those that fail, that flicker, or that have errors.
    """
    examples: dict[str, list[Row]] = {}
    for prediction in predictions:
        examples.setdefault(prediction["example_id"], []).append(prediction)
    shown = {id: rows for id, rows in examples.items() if _belongs(rows, score, show)}
    numbered = sorted({row["trial"] or 0 for rows in shown.values() for row in rows})
    scale = _scale(predictions, score)
    columns = [
        Column("example", texts["example"], "minmax(60px, max-content)"),
        Column("input", texts["input"], "minmax(140px, 2fr)"),
        Column("expected", texts["expected"], "minmax(90px, 1.2fr)"),
        *(
            Column(f"trial:{trial}", f"{texts['trial']} {trial}", "minmax(64px, 96px)")
            for trial in numbered
        ),
        Column("mean", texts["mean"], "max-content", end=True),
    ]
    return columns, [_grid_row(id, rows, score, scale) for id, rows in shown.items()]


def _grid_row(
    example_id: str, rows: Sequence[Row], score: str | None, scale: tuple[float, float]
) -> dict[str, Any]:
    first = rows[0]
    found = [_value(row, score) for row in rows]
    known = [number for number in found if number is not None]
    kind = next(
        (
            _score(row, score).get("type", "number")
            for row in rows
            if _score(row, score)
        ),
        "number",
    )
    mean = value(kind, sum(known) / len(known)) if known else None
    return cells.row(
        example_id,
        example=cells.example(example_id),
        input=cells.words(
            one_line(brief(first["input"])), title=pretty(first["input"])
        ),
        expected=cells.words(
            one_line(brief(first["expected"])),
            title=pretty(first["expected"]),
            soft=True,
        ),
        mean=cells.words(mean),
        **{f"trial:{row['trial'] or 0}": _trial(row, score, scale) for row in rows},
    )


def _trial(prediction: Row, score: str | None, scale: tuple[float, float]) -> Cell:
    given = _score(prediction, score)
    why = given.get("explanation") or given.get("error")
    text, tone, fill = _drawn(prediction, score, given, scale)
    return cells.score(
        text,
        tone=tone,
        fill=fill,
        opens=prediction["trace_id"],
        title=prediction["status_message"] or why or pretty(prediction["output"])[:300],
    )


def _drawn(
    prediction: Row, score: str | None, given: Row, scale: tuple[float, float]
) -> tuple[str, Tone, float]:
    """Return what a cell says, its colour, and how strong that is."""
    number = given.get("value")
    if prediction["status"] == "error":
        return "error", "bad", 1.0
    if score is None:
        return "ok", "good", 0.3
    if given.get("error"):
        return "failed", "warn", 0.3
    if number is None:
        label = given.get("label")
        return (str(label), "info", 0.3) if label else (numbers.NOTHING, "none", 0.1)
    if given["type"] == "bool":
        return ("✓", "good", 0.6) if number >= 0.5 else ("✗", "bad", 0.6)
    share = (number - scale[0]) / ((scale[1] - scale[0]) or 1)
    return numbers.figure(number), "info", share


def brief(value: object) -> str | None:
    """Return an input in few words: the only thing an object says, else its JSON."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        told = [item for item in value.values() if item not in _SAYS_NOTHING]
        if len(told) == 1:
            return pretty(told[0])
    return pretty(value)


def _score(prediction: Row, name: str | None) -> Row:
    found: Row = (prediction["scores"] or {}).get(name) or {}
    return found


def _value(prediction: Row, name: str | None) -> float | None:
    number: float | None = _score(prediction, name).get("value")
    return number


def _scale(predictions: Iterable[Row], score: str | None) -> tuple[float, float]:
    found = [
        number for row in predictions if (number := _value(row, score)) is not None
    ]
    low, high = min(found, default=0.0), max(found, default=1.0)
    return (0.0, 1.0) if 0 <= low and high <= 1 else (low, high)


def _belongs(rows: Sequence[Row], score: str | None, show: str) -> bool:
    if show == "all":
        return True
    if show == "errors":
        return any(
            row["status"] == "error" or _score(row, score).get("error") for row in rows
        )
    found = [number for row in rows if (number := _value(row, score)) is not None]
    if not found:
        return False
    if show == "flaky":
        return len(set(found)) > 1
    return min(found) < 0.5 and all(
        _score(row, score).get("type") == "bool" for row in rows if _score(row, score)
    )
