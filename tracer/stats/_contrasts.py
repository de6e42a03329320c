"""One figure of two runs against each other, at any confidence: what a gate asks."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import exp, inf, isfinite, log, sqrt

from tracer.stats._intervals import (
    ROUNDING,
    ClusterSums,
    Interval,
    alike_interval,
    alike_share,
    mean_interval,
    t_quantile,
)
from tracer.stats._quantiles import (
    ByExample,
    QuantileEstimate,
    correlation,
    quantile_of,
)
from tracer.stats._ratios import paired_ratio_interval
from tracer.stats._scale import SHARE, Scale, most_difference
from tracer.stats._significance import paired_proportions_interval

At = Callable[[float], Interval | None]
"""Two-sided interval at a confidence; None where nothing can be said."""

SEARCH_STEPS = 40
"""Halvings when the confidence is sought at which an interval ends at a bound."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A difference or a ratio of two runs, candidate against baseline."""

    estimate: float
    """Candidate minus baseline, or candidate by baseline."""

    baseline: float
    """The figure in the baseline."""

    candidate: float
    """The figure in the candidate."""

    interval: At
    """Two-sided interval at a confidence; None where nothing can be said."""

    method: str
    """How it was found, in words."""

    n_examples: int
    """Examples that both runs have."""

    type: str = "number"
    """``bool`` where the figures are shares of yes, else ``number``."""

    by_number: bool = False
    """Whether all examples moved alike, on no scale with two ends: the interval has no
    width, and only the number of examples speaks for it."""

    def p_above(self, bound: float) -> float | None:
        """Return the one-sided p-value against "not above `bound`"; None if unknown."""
        return self._p(bound, end=0)

    def p_below(self, bound: float) -> float | None:
        """Return the one-sided p-value against "not below `bound`"; None if unknown."""
        return self._p(bound, end=1)

    def _p(self, bound: float, *, end: int) -> float | None:
        """Return the tail left of the widest interval whose `end` clears `bound`.

        Intervals are nested, so the confidence at which the end meets the bound is
        found by halving; where the estimate is on the other side, the other end is
        sought and the tail is the rest.
        """
        if self.interval(0.5) is None:
            return None
        clears = self.estimate > bound if end == 0 else self.estimate < bound
        side = end if clears else 1 - end
        low, high = 0.0, 1.0
        for _ in range(SEARCH_STEPS):
            middle = (low + high) / 2
            found = self.interval(middle)
            is_within = found is not None and (
                found[side] > bound if side == 0 else found[side] < bound
            )
            low, high = (middle, high) if is_within else (low, middle)
        tail = (1 - low) / 2
        return tail if clears else 1 - tail


def mean_difference(
    old: Mapping[str, tuple[float, float]],
    new: Mapping[str, tuple[float, float]],
    *,
    type: str = "number",
    scale: Scale | None = None,
) -> Contrast | None:
    """Return the difference of means over common examples; None below two of them.

    If all examples moved alike, a scale with two ends says how far others can have
    (`tracer.stats.mean_interval`); without one a sign test, of the usual example.

    Args:
        old: Example id to number and sum of its values, in the baseline.
        new: The same of the candidate.
        type: ``bool`` for yes/no: with single trials the interval is Tango's.
        scale: The least and the most that a value can be (`scale_of`).
    """
    pairs = _pairs(old, new)
    n = len(pairs)
    if n < 2:
        return None
    differences = [other - one for one, other in pairs]
    most = most_difference(SHARE if type == "bool" else scale)
    is_yes_no = type == "bool" and all(value in (-1, 0, 1) for value in differences)
    sums = ClusterSums.of((1, value, value * value) for value in differences)
    if is_yes_no and (_are_single(old, new) or not sums.standard_error):
        interval = _score_interval(differences)
        method, by_number = "score interval of paired proportions", False
    else:
        interval, method, by_number = _of_numbers(differences, sums, most)
    old_mean = sum(one for one, _ in pairs) / n
    new_mean = sum(other for _, other in pairs) / n
    change = new_mean - old_mean
    return Contrast(change, old_mean, new_mean, interval, method, n, type, by_number)


def _of_numbers(
    differences: Sequence[float], sums: ClusterSums, most: float
) -> tuple[At, str, bool]:
    """Return interval, method, and whether only the number of examples speaks."""
    if error := sums.standard_error:
        return _t_interval(sums, error, most), "t on differences by example", False
    if isfinite(most):
        value, n = min(differences), len(differences)
        alike = partial(alike_interval, value, n, (-most, most))
        return alike, "all differences by example are equal, on a known scale", False
    told = "sign test: all differences by example are equal"
    return _sign_interval(differences), told, True


def mean_ratio(
    old: Mapping[str, tuple[float, float]],
    new: Mapping[str, tuple[float, float]],
    *,
    type: str = "number",
    scale: Scale | None = None,
) -> Contrast | None:
    """Return the ratio of means over common examples; None where there is none.

    Fieller's interval for pairs; without end (None) where the baseline's mean cannot
    be told from 0 at that confidence. Of yes/no with single trials, or the same in all
    trials, the score interval. If all examples moved alike, as `mean_difference`.
    Arguments as there.
    """
    pairs = _pairs(old, new)
    n = len(pairs)
    if n < 2 or (base := sum(one for one, _ in pairs) / n) == 0:
        return None
    mean = sum(other for _, other in pairs) / n
    noise = sum((other - mean / base * one) ** 2 for one, other in pairs)
    interval = _fieller(pairs, base, mean)
    method, by_number = "Fieller's ratio of means, paired by example", False
    if type == "bool" and all(value in (0, 1) for pair in pairs for value in pair):
        interval, method = _ratio_of_shares(pairs), "score interval of paired ratios"
    elif noise <= ROUNDING * sum(other * other for _, other in pairs):
        known = SHARE if type == "bool" else scale
        interval, method, by_number = _of_equal_ratios(pairs, mean / base, known)
    return Contrast(mean / base, base, mean, interval, method, n, type, by_number)


def _of_equal_ratios(
    pairs: Sequence[tuple[float, float]], ratio: float, scale: Scale | None
) -> tuple[At, str, bool]:
    """Return interval, method, and whether only the number of examples speaks."""
    if scale is not None and isfinite(most_difference(scale)):
        alike = _alike_ratio(ratio, [one for one, _ in pairs], scale)
        return alike, "all ratios by example are equal, on a known scale", False
    told = "sign test: all ratios by example are equal"
    return _sign_interval([ratio] * len(pairs)), told, True


def _alike_ratio(ratio: float, old: Sequence[float], scale: Scale) -> At:
    """Return how far a ratio that is the same in all examples can be off in others.

    Where the share q of others is (`alike_share`), new - ratio * old lies as far from 0
    as the scale allows; their mean is divided by the least that the baseline's can be.
    Both statements have half of what the confidence leaves. None where that least, or
    the scale, is not above 0.
    """
    low, high = scale
    sums = ClusterSums.of((1, value, value * value) for value in old)

    def interval(confidence: float) -> Interval | None:
        each = (1 + confidence) / 2
        base = mean_interval(sums, confidence=each, scale=scale)
        if base is None or base[0] <= 0 or low < 0:
            return None
        others = alike_share(len(old), each)
        down, up = others * (ratio * high - low), others * (high - ratio * low)
        return ratio - down / base[0], ratio + up / base[0]

    return interval


def _fieller(pairs: Sequence[tuple[float, float]], base: float, mean: float) -> At:
    n = len(pairs)
    scale = 1 / (n * (n - 1))
    spread_old = sum((one - base) ** 2 for one, _ in pairs) * scale
    spread_new = sum((other - mean) ** 2 for _, other in pairs) * scale
    shared = sum((one - base) * (other - mean) for one, other in pairs) * scale

    def interval(confidence: float) -> Interval | None:
        square = t_quantile(n - 1, (1 + confidence) / 2) ** 2
        a = base * base - square * spread_old
        b = base * mean - square * shared
        c = mean * mean - square * spread_new
        if a <= 0:
            return None
        root = sqrt(max(0.0, b * b - a * c))
        return (b - root) / a, (b + root) / a

    return interval


def quantile_change(
    old: ByExample, new: ByExample, probability: float, *, relative: bool = False
) -> Contrast | None:
    """Return the difference or ratio of a quantile; None where there is none.

    Over the examples that both have. The two intervals are put together by the method
    of variance estimates recovery with their correlation (Zou & Donner 2008, Stat Med
    27:1693); a ratio on the logarithmic scale, for values above 0.
    """
    common = [id for id in old if id in new and len(old[id]) and len(new[id])]
    if len(common) < 2:
        return None
    before = quantile_of({id: old[id] for id in common}, probability)
    after = quantile_of({id: new[id] for id in common}, probability)
    if before is None or after is None or relative and before.ordered[0] <= 0:
        return None
    if relative and after.ordered[0] <= 0:
        return None
    likeness = correlation(before.excess, after.excess)

    def interval(confidence: float) -> Interval | None:
        return _recovered(before, after, likeness, confidence, relative=relative)

    method = "quantiles with Woodruff's intervals, put together (MOVER)"
    change = after.value / before.value if relative else after.value - before.value
    return Contrast(change, before.value, after.value, interval, method, len(common))


def _recovered(
    before: QuantileEstimate,
    after: QuantileEstimate,
    likeness: float,
    confidence: float,
    *,
    relative: bool,
) -> Interval | None:
    old, new = before.interval(confidence), after.interval(confidence)
    if old is None or new is None:
        return None
    on, back = (_log, exp) if relative else (float, float)
    down, up = on(after.value) - on(new[0]), on(new[1]) - on(after.value)
    old_down, old_up = on(before.value) - on(old[0]), on(old[1]) - on(before.value)
    change = on(after.value) - on(before.value)
    low = change - _joined(down, old_up, likeness)
    high = change + _joined(up, old_down, likeness)
    return back(low) if isfinite(low) or not relative else 0.0, (
        back(high) if isfinite(high) else inf
    )


def _joined(one: float, other: float, likeness: float) -> float:
    if not isfinite(one) or not isfinite(other):
        return inf
    return sqrt(max(0.0, one * one + other * other - 2 * likeness * one * other))


def _log(value: float) -> float:
    return log(value) if value > 0 else -inf


def _t_interval(sums: ClusterSums, error: float, most: float) -> At:
    mean = sums.sum / sums.n

    def interval(confidence: float) -> Interval | None:
        half = t_quantile(sums.n_clusters - 1, (1 + confidence) / 2) * error
        return max(-most, mean - half), min(most, mean + half)

    return interval


def _score_interval(differences: Sequence[float]) -> At:
    gained = sum(difference > 0 for difference in differences)
    lost = sum(difference < 0 for difference in differences)

    def interval(confidence: float) -> Interval | None:
        n = len(differences)
        return paired_proportions_interval(gained, lost, n, confidence=confidence)

    return interval


def _ratio_of_shares(pairs: Sequence[tuple[float, float]]) -> At:
    counts = Counter(pairs)
    both, gained, lost = counts[1, 1], counts[0, 1], counts[1, 0]

    def interval(confidence: float) -> Interval | None:
        n = len(pairs)
        return paired_ratio_interval(both, gained, lost, n, confidence=confidence)

    return interval


def _sign_interval(differences: Sequence[float]) -> At:
    """Return what equal differences say: themselves, if they are many, else nothing."""
    tail = 0.5 ** len(differences)

    def interval(confidence: float) -> Interval | None:
        if tail > (1 - confidence) / 2:
            return -inf, inf
        return min(differences), max(differences)

    return interval


def _pairs(
    old: Mapping[str, tuple[float, float]], new: Mapping[str, tuple[float, float]]
) -> Sequence[tuple[float, float]]:
    return [
        (total / count, new[id][1] / new[id][0])
        for id, (count, total) in old.items()
        if id in new
    ]


def _are_single(
    old: Mapping[str, tuple[float, float]], new: Mapping[str, tuple[float, float]]
) -> bool:
    return all(old[id][0] == new[id][0] == 1 for id in old if id in new)
