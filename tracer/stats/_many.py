"""More than one comparison at a time: several runs, or slices of two runs."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tracer._aligned import Readable
from tracer.stats._comparison import ScoreComparison, corrected, uncorrected
from tracer.stats._sums import collect

Sums = Iterable[Mapping[str, Any]]
"""Rows of ``sums`` (docs/api.md), as for `summarize`."""


@dataclass(frozen=True, slots=True)
class RunPair(Readable):
    """Two of several runs, score by score."""

    baseline: str
    """Name of the run that is measured against."""

    candidate: str
    """Name of the other."""

    scores: Sequence[ScoreComparison]
    """Every score, corrected over all scores and all pairs."""

    def __str__(self) -> str:
        return _titled(f"{self.baseline} → {self.candidate}", self.scores)


@dataclass(frozen=True, slots=True)
class Slice(Readable):
    """The examples of two runs that share a fact, score by score."""

    value: str
    """What they share, as text."""

    n_examples: int
    """Examples of it that either run has."""

    scores: Sequence[ScoreComparison]
    """Every score, corrected over all scores and all slices."""

    def __str__(self) -> str:
        return _titled(f"{self.value} ({self.n_examples} examples)", self.scores)


def compare_runs(
    runs: Mapping[str, Sums],
    *,
    baseline: str | None = None,
    method: str = "t",
    lower_is_better: Container[str] = (),
    scores: Collection[str] | None = None,
) -> list[RunPair]:
    """Compare several runs, each pair by the examples that both have.

    Args:
        runs: Name of each run to its rows of ``sums``.
        baseline: Compare only against this one; else every run with every later one.
        method: As for `compare`.
        lower_is_better: As for `compare`.
        scores: As for `compare`.

    Returns:
        One a pair, in the order of `runs`. The more pairs are asked for, the more each
        must show: p-values are corrected over all scores of all pairs together.

    Raises:
        ValueError: There are fewer than two runs, or `baseline` is none of them.
    """
    if len(runs) < 2 or (baseline is not None and baseline not in runs):
        raise ValueError(
            f"cannot compare {', '.join(map(repr, runs)) or 'nothing'} with baseline "
            f"{baseline!r}; name two runs or more, and one of them as baseline"
        )
    gathered = {name: collect(rows) for name, rows in runs.items()}
    pairs = list(combinations(gathered, 2))
    if baseline is not None:
        pairs = [(baseline, name) for name in gathered if name != baseline]
    compared = [
        uncorrected(gathered[before], gathered[after], method, lower_is_better, scores)
        for before, after in pairs
    ]
    return [
        RunPair(before, after, scores)
        for (before, after), scores in zip(
            pairs, corrected_together(compared), strict=True
        )
    ]


def compare_slices(
    baseline: Sums,
    candidate: Sums,
    slices: Mapping[str, Any],
    *,
    method: str = "t",
    lower_is_better: Container[str] = (),
    scores: Collection[str] | None = None,
) -> list[Slice]:
    """Compare two runs within each group of examples.

    A slice of few examples shows little, and one of many slices differs by chance
    alone: p-values are corrected over all scores of all slices together.

    Args:
        baseline: Rows of ``sums`` of the one run.
        candidate: Rows of the other.
        slices: Example id to what the example belongs to: a language, a topic. Those
            without are left out.
        method: As for `compare`.
        lower_is_better: As for `compare`.
        scores: As for `compare`.

    Returns:
        One a slice, the largest first.
    """
    before, after = list(baseline), list(candidate)
    ordered = members_of((*before, *after), slices)
    compared = [
        uncorrected(
            collect(rows_within(before, examples)),
            collect(rows_within(after, examples)),
            method,
            lower_is_better,
            scores,
        )
        for examples in ordered.values()
    ]
    return [
        Slice(value, len(examples), scores)
        for (value, examples), scores in zip(
            ordered.items(), corrected_together(compared), strict=True
        )
    ]


def members_of(
    rows: Iterable[Mapping[str, Any]], slices: Mapping[str, Any]
) -> dict[str, set[str]]:
    """Return the examples of each slice, the largest first."""
    members: dict[str, set[str]] = {}
    for row in rows:
        if (value := slices.get(row["example_id"])) is not None:
            members.setdefault(str(value), set()).add(row["example_id"])
    by_size = sorted(members.items(), key=lambda slice: (-len(slice[1]), slice[0]))
    return dict(by_size)


def rows_within(
    rows: Iterable[Mapping[str, Any]], examples: Container[str]
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of some examples."""
    return (row for row in rows if row["example_id"] in examples)


def corrected_together(
    groups: Sequence[Sequence[ScoreComparison]],
) -> Iterator[list[ScoreComparison]]:
    """Yield the groups with p-values corrected over all of them together."""
    done = iter(corrected([score for group in groups for score in group]))
    for group in groups:
        yield [next(done) for _ in group]


def _titled(title: str, scores: Iterable[ScoreComparison]) -> str:
    return "\n".join([title, *(f"  {score}" for score in scores)])
