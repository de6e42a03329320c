"""How often each value came: quantiles in bounded memory."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import floor

MOST_DISTINCT = 1024
"""Distinct values kept as they are; beyond, all are rounded to `DIGITS`."""

DIGITS = 3
"""Significant digits of values once there are too many different ones."""

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""The quantiles of a summary: least, 5 %, quartiles, 95 %, greatest."""


class Distribution:
    """Counts of values; exact for `MOST_DISTINCT` of them, then to three digits."""

    __slots__ = ("_counts", "_is_rounded")

    def __init__(self) -> None:
        self._counts: dict[float, int] = {}
        self._is_rounded = False

    def add(self, value: float) -> None:
        """Count a value once more."""
        if self._is_rounded:
            value = _rounded(value)
        self._counts[value] = self._counts.get(value, 0) + 1
        if not self._is_rounded and len(self._counts) > MOST_DISTINCT:
            self._round()

    def add_all(self, other: "Distribution") -> None:
        """Count all values of another as often as it does."""
        for value, n in other._counts.items():
            for _ in range(n):
                self.add(value)

    def remove(self, value: float) -> None:
        """Count a value that was added once less."""
        value = _rounded(value) if self._is_rounded else value
        left = self._counts.get(value, 0) - 1
        if left > 0:
            self._counts[value] = left
        else:
            self._counts.pop(value, None)

    def copy(self) -> "Distribution":
        """Return a copy that later values do not reach."""
        copied = Distribution()
        copied._counts, copied._is_rounded = dict(self._counts), self._is_rounded
        return copied

    def quantiles(
        self, probabilities: Sequence[float] = QUANTILES
    ) -> dict[float, float]:
        """Return probability to quantile, interpolated between neighbours.

        The definition is numpy's and R's default (type 7). Empty without values.
        """
        if not self._counts:
            return {}
        values = sorted(self._counts)
        ends = list(accumulate(self._counts[value] for value in values))
        return {
            probability: _quantile(values, ends, probability)
            for probability in probabilities
        }

    def _round(self) -> None:
        exact, self._counts, self._is_rounded = self._counts, {}, True
        for value, n in exact.items():
            rounded = _rounded(value)
            self._counts[rounded] = self._counts.get(rounded, 0) + n


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS - 1}e}")


def _quantile(
    values: Sequence[float], ends: Sequence[int], probability: float
) -> float:
    place = (ends[-1] - 1) * probability
    rank = floor(place)
    low = values[bisect_right(ends, rank)]
    high = values[min(bisect_right(ends, rank + 1), len(values) - 1)]
    return low + (place - rank) * (high - low)
