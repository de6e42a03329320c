"""Intervals and p-values that assume no shape: bootstrap and permutation."""

from collections.abc import Sequence
from math import nan

from tracer._extras import require
from tracer.stats._intervals import Interval

DRAWS_AT_ONCE = 1 << 22
"""Random numbers held at a time, so that memory does not grow with the resamples."""

TURN = 1e-9
"""What acceleration leaves of a level at least: at 0 it is beyond every value, and
below 0 it would come back from the other side."""


def permutation_test(
    differences: Sequence[float], *, resamples: int = 9999, seed: int = 0
) -> float:
    """Return the two-sided p-value that the differences are symmetric around 0.

    Flips signs at random; the observed signs count as one more flip, so that p is
    never 0 (Phipson & Smyth 2010). Flips that come to the same as what was observed
    count half (mid-p): of grades and yes/no there are many, and counted whole they
    let the test reject far below its level. 1 if there is no difference at all.
    """
    numpy = require("numpy", extra="evals", purpose="a permutation test")
    values = numpy.asarray(differences, dtype=float)
    if not values.any():
        return 1.0
    observed, random = abs(values.sum()), numpy.random.default_rng(seed)
    if numpy.isnan(observed):
        return nan
    tolerance = 1e-9 * abs(values).sum()
    beyond, equal, done = 0, 0, 0
    rows = max(1, DRAWS_AT_ONCE // values.size)
    while done < resamples:
        rows = min(rows, resamples - done)
        signs = (
            random.integers(0, 2, size=(rows, values.size), dtype=numpy.int8) * 2 - 1
        )
        sums = abs(signs @ values)
        beyond += int((sums > observed + tolerance).sum())
        equal += int((abs(sums - observed) <= tolerance).sum())
        done += rows
    return (beyond + (equal + 1) / 2) / (resamples + 1)


def bootstrap_interval(
    differences: Sequence[float],
    *,
    resamples: int = 9999,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval | None:
    """Return the bias-corrected and accelerated bootstrap interval of the mean.

    BCa (Efron 1987), resampling whole examples; None below two, of no width if all
    are equal. Its levels are those of Student's t, widened by the bootstrap's own
    narrowness (Hesterberg 2015, Am Stat 69:371): without, it holds the truth of 20
    examples in 90 to 93 % of runs.
    """
    numpy = require("numpy", extra="evals", purpose="a bootstrap interval")
    special = require("scipy.special", extra="evals", purpose="a bootstrap interval")
    values = numpy.asarray(differences, dtype=float)
    if values.size < 2:
        return None
    if numpy.ptp(values) == 0:
        return float(values.min()), float(values.max())
    means = _resampled_means(values, resamples=resamples, seed=seed)
    n, observed = values.size, values.mean()
    tails = numpy.array([1 - confidence, 1 + confidence]) / 2
    wide = special.stdtrit(n - 1, tails) * (n / (n - 1)) ** 0.5
    below = ((means < observed).mean() + (means <= observed).mean()) / 2
    bias = special.ndtri(numpy.clip(below, 1 / resamples, 1 - 1 / resamples))
    residuals = values - observed
    acceleration = (residuals**3).sum() / (6 * (residuals**2).sum() ** 1.5)
    shifted = bias + wide
    left = numpy.maximum(TURN, 1 - acceleration * shifted)
    levels = special.ndtr(bias + shifted / left)
    low, high = numpy.quantile(means, levels)
    return float(low), float(high)


def _resampled_means(values, *, resamples: int, seed: int):  # type: ignore[no-untyped-def]
    """Return the means of `resamples` samples drawn with replacement."""
    numpy = require("numpy", extra="evals", purpose="a bootstrap interval")
    random = numpy.random.default_rng(seed)
    rows = max(1, DRAWS_AT_ONCE // values.size)
    parts = []
    for start in range(0, resamples, rows):
        shape = (min(rows, resamples - start), values.size)
        parts.append(values[random.integers(0, values.size, size=shape)].mean(axis=1))
    return numpy.concatenate(parts)
