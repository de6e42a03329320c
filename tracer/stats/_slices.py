"""One run in groups of examples: where is it weak, by more than luck?"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracer.stats._comparison import ScoreComparison, uncorrected
from tracer.stats._many import Sums, corrected_together, members_of, rows_within
from tracer.stats._summary import ScoreSummary, summarize
from tracer.stats._sums import collect


@dataclass(frozen=True, slots=True)
class RunSlice:
    """The examples of one run that share a fact."""

    value: str
    """What they share, as text."""

    n_examples: int
    """How many they are."""

    summary: Mapping[str, ScoreSummary]
    """What they say about each score, by its name."""

    scores: Sequence[ScoreComparison]
    """Each score against all other examples, corrected over all scores and slices."""


def summarize_slices(
    sums: Sums, slices: Mapping[str, Any], *, lower_is_better: Container[str] = ()
) -> list[RunSlice]:
    """Summarize one run by groups of its examples, each held against all the others.

    Other examples are other questions, so nothing is paired: Welch's t. Of many slices
    one looks weak by chance: p-values are corrected over all scores of all slices.

    Args:
        sums: Rows of ``sums`` of the run, as for `summarize`.
        slices: Example id to what the example belongs to: a language, a topic. Those
            without are in no slice, but among the others.
        lower_is_better: As for `compare`.

    Returns:
        One a slice, the largest first.
    """
    rows = list(sums)
    members = members_of(rows, slices)
    compared = [
        uncorrected(
            collect(_outside(rows, examples)),
            collect(rows_within(rows, examples)),
            "t",
            lower_is_better,
        )
        for examples in members.values()
    ]
    return [
        RunSlice(
            value,
            len(examples),
            summarize(rows_within(rows, examples)),
            [_against_rest(one) for one in scores],
        )
        for (value, examples), scores in zip(
            members.items(), corrected_together(compared), strict=True
        )
    ]


def _outside(
    rows: Iterable[Mapping[str, Any]], examples: Container[str]
) -> Iterable[Mapping[str, Any]]:
    return (row for row in rows if row["example_id"] not in examples)


def _against_rest(one: ScoreComparison) -> ScoreComparison:
    """Return the same with how it was compared in the words of slices."""
    if one.p is not None:
        how = "Welch's t"
    elif one.difference is not None:
        how = "no test, as values are too few or alike"
    else:
        how = "no test, as not both have a mean"
    return replace(one, method=f"{how}, slice against rest")
