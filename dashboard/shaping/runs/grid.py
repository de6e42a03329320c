"""One evaluation run as a grid: examples down, trials across, a score in each cell."""

from collections.abc import Container, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column, Tone
from dashboard.shaping.conversation.messages import pretty
from dashboard.shaping.conversation.previews import one_line
from dashboard.shaping.runs.evaluations import value
from tracer.stats import higher_is_better

Row = Mapping[str, Any]

MOST_SHOWN: Final = 300
MOST_POINTED_AT: Final = 1500
"""Characters: a page of long documents would be megabytes."""
_SAYS_NOTHING: Final[tuple[object, ...]] = (None, "", [], {})


def grid(
    predictions: Sequence[Row],
    score: str | None,
    texts: Mapping[str, str],
    *,
    order: Sequence[str],
    words: Mapping[str, str],
    scale: tuple[float, float] = (0.0, 1.0),
) -> tuple[list[Column], list[dict[str, Any]]]:
    """Return examples of a run (rows) by trials (columns); each cell opens its trace.

    Args:
        predictions: Those of the examples shown, trials in order.
        score: Whose value a cell shows; None shows whether the prediction went well.
        texts: Headings.
        order: Ids of the examples, as they are to be shown.
        words: What a cell says of what went well, failed, or was not scored.
        scale: The worst and the best value of the run, for the strength of a colour.
    """
    examples: dict[str, list[Row]] = {id: [] for id in order}
    for prediction in predictions:
        examples.setdefault(prediction["example_id"], []).append(prediction)
    shown = {id: rows for id, rows in examples.items() if rows}
    numbered = sorted({row["trial"] or 0 for rows in shown.values() for row in rows})
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
    return columns, [
        _grid_row(id, rows, score, scale, words) for id, rows in shown.items()
    ]


def _grid_row(
    example_id: str,
    rows: Sequence[Row],
    score: str | None,
    scale: tuple[float, float],
    words: Mapping[str, str],
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
        first["trace_id"],  # a click beside the cells opens the first trial
        example=cells.example(example_id),
        input=said(first["input"]),
        expected=said(first["expected"], soft=True),
        mean=cells.words(mean),
        **{
            f"trial:{row['trial'] or 0}": _trial(row, score, scale, words)
            for row in rows
        },
    )


def _trial(
    prediction: Row,
    score: str | None,
    scale: tuple[float, float],
    words: Mapping[str, str],
) -> Cell:
    given = _score(prediction, score)
    why = given.get("explanation") or given.get("error")
    text, tone, fill = _drawn(prediction, score, given, scale, words)
    return cells.score(
        text,
        tone=tone,
        fill=fill,
        opens=prediction["trace_id"],
        title=prediction["status_message"]
        or why
        or pretty(prediction["output"])[:MOST_SHOWN],
    )


def _drawn(
    prediction: Row,
    score: str | None,
    given: Row,
    scale: tuple[float, float],
    words: Mapping[str, str],
) -> tuple[str, Tone, float]:
    """Return what a cell says, its colour, and how strong that is."""
    number = given.get("value")
    if prediction["status"] == "error":
        return words["error"], "bad", 1.0
    if score is None:
        return words["ok"], "good", 0.3
    if given.get("error"):
        return words["failed"], "warn", 0.3
    if number is None:
        label = given.get("label")
        return (str(label), "info", 0.3) if label else (numbers.NOTHING, "none", 0.1)
    if given["type"] == "bool":
        passed = number >= 0.5
        tone: Tone = "good" if passed == (scale[0] <= scale[1]) else "bad"
        return "✓" if passed else "✗", tone, 0.6
    share = (number - scale[0]) / ((scale[1] - scale[0]) or 1)
    return numbers.figure(number), "info", share


def said(value: object, *, soft: bool = False) -> Cell:
    """Return the start of an input or output as a cell, more of it when pointed at."""
    text = one_line((brief(value) or "")[:MOST_SHOWN])
    return cells.words(text, title=(pretty(value) or "")[:MOST_POINTED_AT], soft=soft)


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


def score_rows(
    names: Sequence[str],
    old: Row | None,
    new: Row | None,
    words: Mapping[str, str],
    *,
    lower: Container[str] = (),
) -> list[dict[str, Any]]:
    """Return the scores of two predictions; each value opens its trace."""
    return [
        _score_row(name, old, new, words, higher_is_better(name, lower=lower))
        for name in names
    ]


def _score_row(
    name: str,
    old: Row | None,
    new: Row | None,
    words: Mapping[str, str],
    upwards: bool,
) -> dict[str, Any]:
    both = [one for one in (old, new) if one is not None]
    found = [number for one in both if (number := _value(one, name)) is not None]
    scale = scale_of(found, higher_is_better=upwards)
    given = [_score(one, name) for one in both]
    why = [one.get("explanation") or one.get("error") for one in reversed(given)]
    said = next(filter(None, why), None)
    return cells.row(
        name,
        score=cells.words(name),
        old=_trial(old, name, scale, words) if old else None,
        new=_trial(new, name, scale, words) if new else None,
        why=cells.words(one_line(said), soft=True),
    )


def scale_of(
    values: Sequence[float], *, higher_is_better: bool = True
) -> tuple[float, float]:
    """Return the worst and the best of a run's values; shares lie between 0 and 1."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if 0 <= low and high <= 1:
        low, high = 0.0, 1.0
    return (low, high) if higher_is_better else (high, low)
