"""Where a course over time changed its level, and how often that is only luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from tracer._extras import require
from tracer.stats._intervals import ClusterSums, Interval, mean_interval
from tracer.stats._scale import Scale

LEAST_BESIDE = 3
"""Points that each level needs: one odd day at an end is no new level."""

FIRST_LOOK = 199
"""Orders drawn before a look at whether more could show anything."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A place from which on the values lie at another level."""

    index: int
    """The first point of the new level."""

    before: float
    """Mean of the level before, each point weighted."""

    after: float
    """Mean of the level from here on."""

    p: float
    """Chance of a split as clear if the order of the points meant nothing."""


def change_points(
    values: Sequence[float],
    weights: Sequence[float] | None = None,
    *,
    alpha: float = 0.05,
    resamples: int = 9999,
    seed: int = 0,
) -> list[ChangePoint]:
    """Return where the level of a course changed, oldest first; mostly none.

    The split whose two sides' weighted means differ most, by their weights, is held
    against the same of randomly ordered points (a permutation test of the greatest
    CUSUM). If that is luck in fewer than `alpha` of orders it stands, and both sides
    are asked in turn, each at half the level: so a course that never changed is flagged
    in at most `alpha` of cases, whatever its values look like. The points have to be
    independent: of days that hang together more are flagged. A trend or a weekly rhythm
    is no single level, and can be flagged for what it is.

    Args:
        values: One a point in time, oldest first; times without a value left out.
        weights: How much each point says (its n); all alike if None. They travel with
            their points.
        alpha: Most courses without change that may be flagged.
        resamples: Orders drawn, at most.
        seed: The same gives the same answer.

    Raises:
        MissingExtraError: The extra ``evals`` is not installed.
    """
    numpy = require("numpy", extra="evals", purpose="a change point")
    given = numpy.asarray(values, dtype=float)
    told = numpy.ones(len(given)) if weights is None else numpy.asarray(weights, float)
    random = numpy.random.default_rng(seed)
    found: list[int] = []
    chances: dict[int, float] = {}
    waiting = [(0, len(given), alpha)]
    while waiting:
        first, last, level = waiting.pop()
        split = _clearest(given[first:last], told[first:last], level, resamples, random)
        if split is not None:
            place = first + split[0]
            found.append(place)
            chances[place] = split[1]
            waiting += [(first, place, level / 2), (place, last, level / 2)]
    return _described(given, told, sorted(found), chances)


def _clearest(
    values: Any, weights: Any, alpha: float, resamples: int, random: Any
) -> tuple[int, float] | None:
    """Return the clearest split of a stretch with its p; None if it is not clear."""
    numpy = require("numpy", extra="evals", purpose="a change point")
    n = len(values)
    if n < 2 * LEAST_BESIDE or numpy.ptp(values) == 0:
        return None
    seen = _splits(values[None, :], weights[None, :])[0]
    place, clearest = int(seen.argmax()), float(seen.max()) * (1 - 1e-9)
    as_clear, drawn = 0, 0
    for wanted in (FIRST_LOOK, resamples - FIRST_LOOK):
        orders = random.permuted(numpy.tile(numpy.arange(n), (wanted, 1)), axis=1)
        luck = _splits(values[orders], weights[orders]).max(axis=1)
        as_clear, drawn = as_clear + int((luck >= clearest).sum()), drawn + wanted
        if as_clear / drawn > 4 * alpha + 0.05:
            break
    p = (as_clear + 1) / (drawn + 1)
    return (place + LEAST_BESIDE, p) if p <= alpha else None


def _splits(values: Any, weights: Any) -> Any:
    """Return how far apart both sides of each split are, a row for each course."""
    numpy = require("numpy", extra="evals", purpose="a change point")
    inner = slice(LEAST_BESIDE - 1, values.shape[1] - LEAST_BESIDE)
    left = weights.cumsum(axis=1)
    whole = left[:, -1:]
    sums = (weights * values).cumsum(axis=1)
    excess = abs(sums - left * sums[:, -1:] / whole)
    spread = numpy.sqrt(left * (whole - left))
    return excess[:, inner] / spread[:, inner]


def _described(
    values: Any, weights: Any, places: Sequence[int], chances: dict[int, float]
) -> list[ChangePoint]:
    edges = [0, *places, len(values)]
    means = [
        float((values[a:b] * weights[a:b]).sum() / weights[a:b].sum())
        for a, b in zip(edges, edges[1:], strict=False)
        if b > a
    ]
    return [
        ChangePoint(place, means[number], means[number + 1], chances[place])
        for number, place in enumerate(places)
    ]


def mean_change(
    old: ClusterSums,
    new: ClusterSums,
    *,
    type: str = "number",
    confidence: float = 0.95,
    scale: Scale | None = None,
) -> tuple[float, Interval | None] | None:
    """Return the difference of two means of separate values, and its interval.

    For two periods, which share no example; runs over the same examples are better
    compared in pairs (`compare`). The interval is put together from those of both means
    (MOVER; Zou & Donner 2008, Stat Med 27:1693; of shares Newcombe's tenth). None
    without values on one side; without an interval where one mean has none. The scale
    is as for `mean_interval`.
    """
    if old.mean is None or new.mean is None or type == "label":
        return None
    difference = new.mean - old.mean
    before, after = (
        mean_interval(one, type=type, confidence=confidence, scale=scale)
        for one in (old, new)
    )
    if before is None or after is None:
        return difference, None
    low = sqrt((new.mean - after[0]) ** 2 + (before[1] - old.mean) ** 2)
    high = sqrt((after[1] - new.mean) ** 2 + (old.mean - before[0]) ** 2)
    return difference, (difference - low, difference + high)
