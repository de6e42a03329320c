"""What the scores of judges say of the judges: noise, agreement, bias.

All take rows of scores as `Client.scores` and ``client.evaluation(id).scores()`` answer
them (docs/api.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracer.stats import (
    Agreement,
    JudgeVarianceSplit,
    agreement,
    split_judge_variance,
)

Row = Mapping[str, Any]


def judge_noise(
    rows: Iterable[Row], name: str, *, author: str | None = None
) -> JudgeVarianceSplit | None:
    """Return how much of a score's variance is the judge's own.

    Args:
        rows: Scores of a run whose judge had ``repeats=`` above 1.
        name: Name of the score.
        author: Only this judge's; needed if several gave the score.

    Returns:
        None if nothing was judged twice, or there are fewer than two examples.

    Raises:
        ValueError: Several authors gave the score.
    """
    return split_judge_variance(
        (example, (run, trial), row["value"])
        for row in _judged(rows, name, author)
        if row["value"] is not None
        for run, example, trial in [_target(row)]
    )


def judge_agreement(
    rows: Iterable[Row],
    name: str,
    *,
    human_name: str | None = None,
    author: str | None = None,
    human_source: str = "human",
    weights: str = "quadratic",
) -> Agreement | None:
    """Return how far a judge agrees with people about the same outputs.

    Each judgement is paired with each human score of the same prediction, trace or
    span; examples, or traces, are the clusters of the intervals.

    Args:
        rows: Scores, the judge's and the people's.
        name: Name of the judge's score.
        human_name: Name of the people's score; the same unless given.
        author: Only this judge's; needed if several gave the score.
        human_source: Source of the people's scores: ``human`` or ``user``.
        weights: ``quadratic``, ``linear`` or ``none``, as for `stats.agreement`.

    Returns:
        None if they have no output in common.

    Raises:
        ValueError: Several judges gave the score, or there are no such weights.
    """
    all_rows = list(rows)
    people: dict[Any, list[Any]] = defaultdict(list)
    for row in _valued(all_rows, human_name or name):
        if row["source"] == human_source:
            people[_target(row)].append(_rating(row))
    return agreement(
        (
            (_target(row)[1], _rating(row), said)
            for row in _judged(all_rows, name, author)
            for said in people.get(_target(row), ())
        ),
        weights=weights,
    )


def _judged(rows: Iterable[Row], name: str, author: str | None) -> list[Row]:
    """Return the scores of one judge.

    Raises:
        ValueError: Several judges gave the score, and none is named.
    """
    given = [row for row in _valued(rows, name) if row["source"] == "model"]
    authors = {row["author"] for row in given}
    if author is None and len(authors) > 1:
        raise ValueError(
            f"score {name!r} is from {sorted(map(str, authors))}; name one: author="
        )
    return [row for row in given if author in (None, row["author"])]


def _valued(rows: Iterable[Row], name: str) -> Iterator[Row]:
    for row in rows:
        if row["name"] == name and (row["value"] is not None or row["label"]):
            yield row


def _rating(row: Row) -> Any:
    return row["label"] if row["value"] is None else row["value"]


def _target(row: Row) -> tuple[str, str, Any]:
    """Return what was judged: run, example and trial, or nothing, trace and span."""
    if row["evaluation_id"]:
        return row["evaluation_id"], row["example_id"], row["trial"] or 0
    return "", row["trace_id"], row["span_id"] or ""
