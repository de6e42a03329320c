"""The ratio of two shares of yes, paired by example."""

from math import copysign, inf, isinf, sqrt

from tracer.stats._intervals import Interval, normal_quantile

HALVINGS = 60
"""Steps of the search for an interval's end: to the last digits of a ratio."""


def paired_ratio_interval(
    both: int, gained: int, lost: int, n: int, *, confidence: float = 0.95
) -> Interval:
    """Return the interval of a ratio of paired proportions; `inf` for no upper end.

    The ratios that the score test does not reject (Tang, Tang & Chan 2003, Stat Med
    22:1217; Nam & Blackwelder 2002, Stat Med 21:689).

    Args:
        both: Pairs that are yes in both runs.
        gained: Pairs that are yes in the candidate alone.
        lost: Pairs that are yes in the baseline alone; `both` or this is above 0.
        n: All pairs.
        confidence: Between 0 and 1.
    """
    z = normal_quantile((1 + confidence) / 2)
    observed = (both + gained) / (both + lost)

    def end(outside: float, sign: int) -> float:
        inside = observed
        for _ in range(HALVINGS):
            middle = _between(inside, outside)
            found = paired_ratio_z(both, gained, lost, n, ratio=middle)
            inside, outside = (
                (middle, outside) if sign * found < z else (inside, middle)
            )
        return inside

    low = end(0.0, 1) if both + gained else 0.0
    high = end(inf, -1)
    return low, inf if high > MOST else high


MOST = 1e12
"""An end beyond is none: the search went on without finding one."""


def paired_ratio_z(both: int, gained: int, lost: int, n: int, *, ratio: float) -> float:
    """Return the score test's z against a true `ratio` of paired proportions."""
    yes = both + gained + lost
    a = n * (1 + ratio)
    b = (both + lost) * ratio * ratio - (both + gained + 2 * lost)
    c = lost * (1 - ratio) * yes / n
    lost_share = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    variance = n * (1 + ratio) * lost_share + yes * (ratio - 1)
    excess = both + gained - ratio * (both + lost)
    if variance <= 0:
        return copysign(inf, excess) if excess else 0.0
    return excess / sqrt(variance)


def _between(inside: float, outside: float) -> float:
    """Return a ratio halfway to an end that may be infinite."""
    if isinf(outside):
        return 2 * inside + 1
    return (inside + outside) / 2
