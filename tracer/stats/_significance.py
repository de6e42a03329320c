"""Is a difference more than noise: p-values, and their correction for many."""

from collections.abc import Sequence
from math import sqrt

from tracer._extras import require
from tracer.stats._intervals import Interval, normal_quantile


def mcnemar(gained: int, lost: int, *, mid: bool = True) -> float:
    """Return the two-sided p-value of McNemar's exact test on discordant pairs.

    Args:
        gained: Pairs that went from no to yes.
        lost: Pairs that went from yes to no.
        mid: Count the observed table half (mid-p), which rejects close to the nominal
            rate; without it the test is valid at any size but rejects too rarely
            (Fagerland, Lydersen & Laake 2013, BMC Med Res Methodol 13:91).
    """
    discordant, fewer = gained + lost, min(gained, lost)
    if not discordant:
        return 1.0
    special = require("scipy.special", extra="evals", purpose="a test")
    p = 2 * float(special.bdtr(fewer, discordant, 0.5))
    if mid:
        below = float(special.bdtr(fewer - 1, discordant, 0.5)) if fewer else 0.0
        p -= p / 2 - below
    return min(1.0, p)


def paired_proportions_interval(
    gained: int, lost: int, n: int, *, confidence: float = 0.95
) -> Interval:
    """Return the interval of a difference of paired proportions.

    Wald's with one pair added to each discordant cell (Bonett & Price 2012, Stat
    Methods Med Res 21:479), which keeps its coverage in small samples.
    """
    up, down, size = (gained + 1) / (n + 2), (lost + 1) / (n + 2), n + 2
    z = normal_quantile((1 + confidence) / 2)
    half = z * sqrt((up + down - (up - down) ** 2) / size)
    return max(-1.0, up - down - half), min(1.0, up - down + half)


def t_test(difference: float, standard_error: float, degrees: float) -> float:
    """Return the two-sided p-value of Student's t."""
    special = require("scipy.special", extra="evals", purpose="a test")
    return 2 * float(special.stdtr(degrees, -abs(difference) / standard_error))


def sign_test(wins: int, losses: int) -> float:
    """Return the exact two-sided p-value that wins and losses are alike; ties aside."""
    return mcnemar(wins, losses, mid=False)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number, in the order given (Holm 1979)."""
    adjusted, highest = [0.0] * len(p_values), 0.0
    by_size = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, index in enumerate(by_size):
        highest = max(highest, min(1.0, p_values[index] * (len(p_values) - rank)))
        adjusted[index] = highest
    return adjusted
