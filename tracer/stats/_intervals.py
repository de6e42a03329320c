"""Intervals of a mean that know that trials of one example belong together."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite, isinf, sqrt

from tracer._extras import require
from tracer.stats._scale import Scale, fits

Interval = tuple[float, float]
"""Lower and upper end."""

ROUNDING = 1e-12
"""A spread below this part of the squares that it came from is rounding, not noise."""

LEAST_CLUSTERS = 3
"""Below so many, numbers on no known scale have no interval: of two, whose spread is
one difference, t makes one of thirteen times that width."""

EXACT_ROUNDING = 1e-26
"""The same of a spread that was added up around the mean."""


@dataclass(frozen=True, slots=True)
class ClusterSums:
    """What an interval of a mean needs to know about values that come in clusters."""

    n: float
    """Number of values."""

    n_clusters: int
    """Number of clusters (examples, or traces)."""

    sum: float
    """Sum of the values."""

    sum_squares: float
    """Sum of the squared values."""

    cluster_sum_squares: float
    """Sum over clusters of (sum of the cluster) squared."""

    cluster_sum_counts: float
    """Sum over clusters of (sum of the cluster) times (its number of values)."""

    cluster_count_squares: float
    """Sum over clusters of (number of values) squared."""

    spread: float | None = None
    """Sum of the squared distances from the mean; None: from the sums above, which lose
    a spread below a millionth of the mean."""

    residuals: float | None = None
    """Sum over clusters of (sum - mean times number) squared; None as for `spread`."""

    @classmethod
    def of(cls, examples: Iterable[tuple[float, float, float]]) -> "ClusterSums":
        """Add up clusters given as (number, sum, sum of squares)."""
        n = total = squares = sum_squares = sum_counts = count_squares = 0.0
        given = list(examples)
        for count, value, square in given:
            n += count
            total += value
            squares += square
            sum_squares += value * value
            sum_counts += value * count
            count_squares += count * count
        sums = (total, squares, sum_squares, sum_counts, count_squares)
        return cls(
            n, len(given), *sums, *_spread_around(given, total / n if n else 0.0)
        )

    @property
    def mean(self) -> float | None:
        """Mean over all values; None without any."""
        return self.sum / self.n if self.n else None

    @property
    def sd(self) -> float | None:
        """Standard deviation over all values; None below two."""
        if self.n < 2:
            return None
        spread = self.spread
        if spread is None:
            spread = self.sum_squares - self.sum * self.sum / self.n
            spread = _above_rounding(spread, self.sum_squares)
        return sqrt(spread / (self.n - 1))

    @property
    def standard_error(self) -> float | None:
        """Standard error of the mean, robust to likeness in a cluster; None below two.

        The linearised ratio estimator with its (G / (G - 1)) correction, which for
        equal clusters is the usual standard error of the cluster means.
        """
        if self.n_clusters < 2 or not self.n:
            return None
        residuals = self.residuals
        if residuals is None:
            mean = self.sum / self.n
            residuals = (
                self.cluster_sum_squares
                - 2 * mean * self.cluster_sum_counts
                + mean * mean * self.cluster_count_squares
            )
            residuals = _above_rounding(residuals, self.cluster_sum_squares)
        factor = self.n_clusters / (self.n_clusters - 1)
        return sqrt(factor * residuals) / self.n


def _above_rounding(spread: float, scale: float, part: float = ROUNDING) -> float:
    """Return `spread`, or 0 where it is only what subtraction left over."""
    return spread if spread > part * scale else 0.0


def _spread_around(
    clusters: Iterable[tuple[float, float, float]], mean: float
) -> tuple[float, float]:
    """Return the spread of all values, and of the clusters' sums, around the mean."""
    within = between = residuals = squares = sum_squares = 0.0
    for count, total, square in clusters:
        away = total - mean * count
        residuals += away * away
        between += away * away / count if count else 0.0
        if count != 1:
            inside = square - total * total / count if count else 0.0
            within += _above_rounding(inside, square)
        squares += square
        sum_squares += total * total
    between = _above_rounding(between, squares, EXACT_ROUNDING)
    return within + between, _above_rounding(residuals, sum_squares, EXACT_ROUNDING)


def interval_from_cluster_sums(
    *,
    n: float,
    n_clusters: int,
    sum: float | None,
    sum_squares: float | None,
    cluster_sum_squares: float | None,
    cluster_sum_counts: float | None,
    cluster_count_squares: float,
    type: str = "number",
    confidence: float = 0.95,
    scale: Scale | None = None,
) -> tuple[float | None, float | None, float | None]:
    """Return mean, lower and upper end from the sums of one row of a trend.

    The mean is over all values, None without any and for labels. Ends are None where
    nothing can be said: no value, or numbers from too few clusters. A sum is None where
    it is too large for a float; then so is what would need it. See `mean_interval` for
    the method and the scale.
    """
    if type == "label" or sum is None:
        return None, None, None
    if sum_squares is None or cluster_sum_squares is None or cluster_sum_counts is None:
        return (sum / n if n else None), None, None
    sums = ClusterSums(
        n=n,
        n_clusters=n_clusters,
        sum=sum,
        sum_squares=sum_squares,
        cluster_sum_squares=cluster_sum_squares,
        cluster_sum_counts=cluster_sum_counts,
        cluster_count_squares=cluster_count_squares,
    )
    interval = mean_interval(sums, type=type, confidence=confidence, scale=scale)
    low, high = interval or (None, None)
    return sums.mean, low, high


def mean_interval(
    sums: ClusterSums,
    *,
    type: str = "number",
    confidence: float = 0.95,
    scale: Scale | None = None,
) -> Interval | None:
    """Return the interval of the mean; None without values, or labels.

    Numbers: t with (clusters - 1) degrees of freedom around the cluster-robust
    standard error, as far as it lies on the scale; None for a single cluster, and for
    two on no known scale. If all clusters are alike, what a scale with two ends allows
    (`alike_interval`), without one None: no spread was seen.
    Yes/no: Wilson, with the number of examples if the trials of each agree, else with
    t and the number of independent values that would have the same standard error. A
    name that was given to numbers too, by which the share leaves 0 to 1, is taken for
    numbers.

    Args:
        sums: Of the values, by cluster.
        type: ``bool``, ``number`` or ``label``.
        confidence: How often it is to hold the truth.
        scale: The least and the most that a number can be (`scale_of`); one that the
            values leave counts as none. Yes/no have theirs.
    """
    if type == "label" or not sums.n or not isfinite(sums.sum):
        return None
    if type == "bool" and 0 <= sums.sum <= sums.n:
        return _proportion_interval(sums, confidence)
    error = sums.standard_error
    if error is None:
        return None
    mean = sums.sum / sums.n
    if scale is None or not fits(scale, sums.n, sums.sum, sums.sum_squares):
        if sums.n_clusters < LEAST_CLUSTERS:
            return None
        scale = (-inf, inf)
    if not error:
        return alike_interval(mean, sums.n_clusters, scale, confidence)
    half = t_quantile(sums.n_clusters - 1, (1 + confidence) / 2) * error
    return max(scale[0], mean - half), min(scale[1], mean + half)


def alike_interval(
    value: float, n: int, scale: Scale, confidence: float
) -> Interval | None:
    """Return the mean's interval from `n` clusters that all have one value.

    Others can be the share `alike_share`, and lie at the ends of the scale, nowhere
    beyond.

    Returns:
        None without both ends, or below two clusters.
    """
    low, high = scale
    if n < 2 or isinf(low) or isinf(high):
        return None
    others = alike_share(n, confidence)
    return value - others * (value - low), value + others * (high - value)


def alike_share(n: int, confidence: float) -> float:
    """Return how many of all clusters can be unlike `n` that are all alike.

    One cluster names the value, the n - 1 others agree. If a share q or more had
    another value, they would do so in (1 - q) ** (n - 1) of runs at most; q is taken so
    that this is half of what `confidence` leaves: Clopper and Pearson's end for n - 1
    of n - 1, some 3.7 / n at 95 % (the rule of three).
    """
    return 1.0 - float(((1 - confidence) / 2) ** (1 / (n - 1)))


def share_interval(sums: ClusterSums) -> Interval | None:
    """Return the 95 % interval of a mean of shares from 0 to 1, one a cluster.

    Wilson's, with as many yes/no values as would have the same standard error: all of
    them where each share is 0 or 1. None below two clusters.
    """
    error = sums.standard_error
    if error is None:
        return None
    mean = sums.sum / sums.n
    if sums.sum_squares == sums.sum:
        return wilson(mean, sums.n)
    n = mean * (1 - mean) / (error * error) if error else sums.n
    return wilson(mean, n, z=t_quantile(sums.n_clusters - 1, 0.975))


def _proportion_interval(sums: ClusterSums, confidence: float) -> Interval:
    """Return Wilson's interval for yes/no values that may come in clusters."""
    upper, proportion = (1 + confidence) / 2, sums.sum / sums.n
    if sums.cluster_sum_squares == sums.cluster_sum_counts:
        # each cluster says one thing, once or often: it is one yes or no
        alike = sums.n * sums.n / sums.cluster_count_squares
        return wilson(proportion, alike, z=normal_quantile(upper))
    if sums.n_clusters < 2:
        return wilson(proportion, 1, z=normal_quantile(upper))
    t = t_quantile(sums.n_clusters - 1, upper)
    return wilson(proportion, _independent_values(sums, proportion), z=t)


def _independent_values(sums: ClusterSums, proportion: float) -> float:
    """Return how many independent yes/no values would have the same standard error."""
    spread, error = proportion * (1 - proportion), sums.standard_error or 0.0
    return min(spread / (error * error), sums.n) if error else sums.n


def wilson(proportion: float, n: float, *, z: float | None = None) -> Interval:
    """Return Wilson's score interval of a proportion seen in `n` values.

    Args:
        proportion: Share of yes, 0 to 1.
        n: Number of independent values, above 0; need not be whole.
        z: Quantile; the normal one for 95 % unless given.
    """
    z = normal_quantile(0.975) if z is None else z
    shrink = 1 + z * z / n
    centre = (proportion + z * z / (2 * n)) / shrink
    spread = proportion * (1 - proportion) / n + z * z / (4 * n * n)
    half = z * sqrt(spread) / shrink
    low = 0.0 if proportion <= 0 else max(0.0, centre - half)
    high = 1.0 if proportion >= 1 else min(1.0, centre + half)
    return low, high


def t_quantile(degrees: float, probability: float) -> float:
    """Return the quantile of Student's t; needs the extra ``evals``."""
    special = require("scipy.special", extra="evals", purpose="an interval")
    return float(special.stdtrit(degrees, probability))


def normal_quantile(probability: float) -> float:
    """Return the quantile of the normal distribution; needs the extra ``evals``."""
    special = require("scipy.special", extra="evals", purpose="an interval")
    return float(special.ndtri(probability))
