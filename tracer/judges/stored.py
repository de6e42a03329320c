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
    given = [row for row in _valued(rows, name) if row["source"] == "model"]
    authors = {row["author"] for row in given}
    if author is None and len(authors) > 1:
        raise ValueError(
            f"score {name!r} is from {sorted(map(str, authors))}; name one: author="
        )
    return split_judge_variance(
        (str(_target(row)[1]), row["trial"] or 0, row["value"])
        for row in given
        if author in (None, row["author"])
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
        author: Only this judge's.
        human_source: Source of the people's scores: ``human`` or ``user``.
        weights: ``quadratic``, ``linear`` or ``none``, as for `stats.agreement`.

    Returns:
        None if they have no output in common.
    """
    all_rows = list(rows)
    people: dict[Any, list[Any]] = defaultdict(list)
    for row in _valued(all_rows, human_name or name, labels=True):
        if row["source"] == human_source:
            people[_target(row)].append(_rating(row))
    return agreement(
        (
            (_target(row)[:2], _rating(row), said)
            for row in _valued(all_rows, name, labels=True)
            if row["source"] == "model" and author in (None, row["author"])
            for said in people.get(_target(row), ())
        ),
        weights=weights,
    )


def _valued(rows: Iterable[Row], name: str, *, labels: bool = False) -> Iterator[Row]:
    for row in rows:
        is_there = row["value"] is not None or (labels and row["label"])
        if row["name"] == name and is_there:
            yield row


def _rating(row: Row) -> Any:
    return row["label"] if row["value"] is None else row["value"]


def _target(row: Row) -> tuple[Any, ...]:
    """Return what was judged; its first two places name the example, or the trace."""
    if row["evaluation_id"]:
        return row["evaluation_id"], row["example_id"], row["trial"] or 0
    return "", row["trace_id"], row["span_id"] or ""
