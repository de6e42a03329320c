"""Quantiles of values in clusters, with intervals: latency as people ask about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

from tracer._extras import require
from tracer.stats._intervals import Interval, normal_quantile, t_quantile

ByExample = Mapping[str, Sequence[float]]
"""Example id to the values of its trials."""


@dataclass(frozen=True, slots=True)
class QuantileEstimate:
    """A quantile of values in clusters, and what its interval needs."""

    probability: float
    """Which quantile, 0 to 1."""

    value: float
    """The quantile itself (type 7, as numpy's)."""

    ordered: Any
    """All values in order, a numpy array."""

    excess: Mapping[str, float]
    """By example: how many values are not above, less how many should be."""

    independent: float
    """How many independent values would be as certain of the share below."""

    def interval(self, confidence: float = 0.95) -> Interval | None:
        """Return the interval; None below two clusters, an end infinite if unknown.

        Order statistics by the binomial distribution of how many values lie below the
        quantile, with as many independent values as have the cluster-robust standard
        error of that share (Woodruff 1952, JASA 47:635), fewer by Student's t where
        few clusters tell. An end is infinite where even the extreme value may
        lie inside: the greatest of 20 values says no upper end for a 95th percentile.
        """
        clusters, p = len(self.excess), self.probability
        if clusters < 2:
            return None
        tail, n = (1 - confidence) / 2, self._independent_values(confidence)
        low = -inf if (1 - p) ** n > tail else self._value_at(tail, n)
        high = inf if p**n > tail else self._value_at(1 - tail, n)
        return low, high

    def _independent_values(self, confidence: float) -> float:
        if len(self.excess) == len(self.ordered) or confidence == 0:
            return self.independent
        upper = (1 + confidence) / 2
        narrower = normal_quantile(upper) / t_quantile(self._degrees(), upper)
        return self.independent * narrower**2

    def _degrees(self) -> float:
        """Return how sure the standard error is, as degrees of freedom.

        That few clusters reach into a tail makes it less sure than their number
        says: by the kurtosis of what is squared.
        """
        clusters = len(self.excess)
        squares = [value * value for value in self.excess.values()]
        spread = sum(squares) / clusters
        kurtosis = sum(square * square for square in squares) / clusters
        if kurtosis <= spread * spread:
            return clusters - 1
        degrees = 2 * clusters / (kurtosis / (spread * spread) - 1)
        return max(1.0, min(clusters - 1, degrees))

    def _value_at(self, level: float, n: float) -> float:
        """Return the order statistic below which so many of `n` fall at that level."""
        numpy = require("numpy", extra="evals", purpose="a quantile's interval")
        special = require("scipy.special", extra="evals", purpose="an interval")
        rank = special.bdtrik(level, n, self.probability) + 1
        place = rank / n * len(self.ordered) - 1
        places = numpy.arange(len(self.ordered))
        return float(numpy.interp(place, places, self.ordered))


def quantile_of(values: ByExample, probability: float) -> QuantileEstimate | None:
    """Return a quantile over all values; None without any.

    Raises:
        MissingExtraError: The extra ``evals`` is not installed.
    """
    numpy = require("numpy", extra="evals", purpose="a quantile")
    given = {example: trials for example, trials in values.items() if len(trials)}
    if not given:
        return None
    flat = numpy.concatenate(
        [numpy.asarray(one, dtype=float) for one in given.values()]
    )
    sizes = numpy.array([len(trials) for trials in given.values()])
    ordered = numpy.sort(flat)
    value = float(numpy.quantile(ordered, probability))
    below = numpy.add.reduceat(flat <= value, numpy.cumsum(sizes) - sizes, dtype=float)
    excess = dict(zip(given, (below - probability * sizes).tolist(), strict=True))
    independent = _independent_values(excess, len(ordered), probability)
    return QuantileEstimate(probability, value, ordered, excess, independent)


def _independent_values(
    excess: Mapping[str, float], n: int, probability: float
) -> float:
    clusters = len(excess)
    if clusters in (1, n):
        return float(n)
    squares = sum(value * value for value in excess.values())
    error = sqrt(clusters / (clusters - 1) * squares) / n
    spread = probability * (1 - probability)
    return min(spread / (error * error), n) if error else float(n)


def correlation(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return how alike two quantiles' errors are, over the examples they share."""
    common = [example for example in one if example in other]
    squares = sqrt(
        sum(value * value for value in one.values())
        * sum(value * value for value in other.values())
    )
    if not common or not squares:
        return 0.0
    return sum(one[example] * other[example] for example in common) / squares
