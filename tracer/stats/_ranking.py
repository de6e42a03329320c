"""Several runs by one score: which is best, and which may be as good."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracer.stats._comparison import ScoreComparison, corrected, uncorrected
from tracer.stats._direction import higher_is_better
from tracer.stats._summary import ScoreSummary
from tracer.stats._sums import collect


@dataclass(frozen=True, slots=True)
class RankedRun:
    """One place of a leaderboard."""

    name: str
    """Which run."""

    summary: ScoreSummary
    """What it says about the score."""

    against_best: ScoreComparison | None = None
    """It against the best run; None for the best itself."""

    @property
    def is_apart(self) -> bool:
        """Whether it is shown to differ from the best, corrected over all runs."""
        return self.against_best is not None and self.against_best.shown


def rank_runs(
    runs: Mapping[str, Iterable[Mapping[str, Any]]],
    score: str,
    *,
    lower_is_better: Container[str] = (),
) -> list[RankedRun]:
    """Rank runs by the mean of one score, the best first; those without it left out.

    The best was picked because it looked best, so its lead is flattered: a run that is
    not apart from it may be as good. Each run is paired with the best by the examples
    that both have; p-values are corrected over all runs.

    Args:
        runs: Name of each run to its rows of ``sums``, as for `summarize`.
        score: Name of the score; labels have no mean to rank by.
        lower_is_better: As for `compare`.
    """
    gathered = {name: collect(rows) for name, rows in runs.items()}
    beside = [sums[score].beside for sums in gathered.values() if score in sums]
    upwards = higher_is_better(max(beside, default="") or score, lower=lower_is_better)
    found = {
        name: ScoreSummary.of(sums[score])
        for name, sums in gathered.items()
        if score in sums
    }
    means = {name: one.mean for name, one in found.items() if one.mean is not None}
    if not means:
        return []
    best, *others = sorted(means, key=means.__getitem__, reverse=upwards)
    against = [
        uncorrected(
            {score: gathered[best][score]},
            {score: gathered[name][score]},
            "t",
            lower_is_better,
            scores=(score,),
        )[0]
        for name in others
    ]
    return [
        RankedRun(best, found[best]),
        *(
            RankedRun(name, found[name], compared)
            for name, compared in zip(others, corrected(against), strict=True)
        ),
    ]
