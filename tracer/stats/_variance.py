"""Where the noise of a score comes from: from examples, or from trials."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from tracer.stats._intervals import ROUNDING


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """Variance components of a score, in the score's unit squared."""

    between: float
    """Between the examples' true means."""

    within: float
    """Between trials of one example."""

    @property
    def between_sd(self) -> float:
        """Standard deviation between examples, in the score's unit."""
        return sqrt(self.between)

    @property
    def within_sd(self) -> float:
        """Standard deviation between trials of one example, in the score's unit."""
        return sqrt(self.within)

    @property
    def share_between(self) -> float | None:
        """Share of the variance that lies between examples (intraclass correlation)."""
        total = self.between + self.within
        return self.between / total if total else None


def split_variance(
    examples: Iterable[tuple[float, float, float]],
) -> VarianceSplit | None:
    """Split the variance of clusters given as (number, sum, sum of squares).

    One-way random-effects analysis of variance for unequal numbers of trials (Searle,
    Casella & McCulloch 1992, §3.6); a negative estimate is 0. None below two
    examples, or where no example has two trials.
    """
    clusters = [cluster for cluster in examples if cluster[0] > 0]
    n, groups = sum(count for count, _, _ in clusters), len(clusters)
    if groups < 2 or n <= groups:
        return None
    total = sum(value for _, value, _ in clusters)
    squares = sum(square for _, _, square in clusters)
    means = sum(value * value / count for count, value, _ in clusters)
    within = _spread(squares - means, squares) / (n - groups)
    between = _spread(means - total * total / n, squares) / (groups - 1)
    size = (n - sum(count * count for count, _, _ in clusters) / n) / (groups - 1)
    return VarianceSplit(max(0.0, (between - within) / size), within)


def _spread(spread: float, scale: float) -> float:
    return spread if spread > ROUNDING * scale else 0.0
