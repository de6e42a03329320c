"""The least and the most that a score can be, as far as anybody says."""

from math import inf, isinf
from typing import Final

from tracer.stats._known_names import known_ends

Scale = tuple[float, float]
"""The least and the most that a value can be; infinite where there is no end."""

SHARE: Final[Scale] = (0.0, 1.0)
"""Scale of yes/no, and of shares."""

FROM_ZERO: Final[Scale] = (0.0, inf)
"""Scale of what a run takes."""

_ROUNDING: Final = 1e-9


def scale_of(
    score: str, low: float | None = None, high: float | None = None
) -> Scale | None:
    """Return the scale of a score: as declared, else as the metric of that name has it.

    A flattened name counts by its last part: ``spelling.cer`` is a ``cer``.

    Args:
        score: Name of the score.
        low: The least that a value can be, as its scorer declares (rows of the API have
            it as ``scale_low``); None if it does not.
        high: The most, likewise.

    Returns:
        None if nobody says.
    """
    if low is not None and high is not None and low < high:
        return low, high
    return known_ends(score) or known_ends(score.rpartition(".")[2])


def widest(one: Scale | None, other: Scale | None) -> Scale | None:
    """Return the scale that holds both; where one is unknown, the other."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def most_difference(scale: Scale | None) -> float:
    """Return how far two values can lie apart; infinite where nobody says."""
    return inf if scale is None else scale[1] - scale[0]


def fits(scale: Scale, n: float, total: float, squares: float) -> bool:
    """Return whether values with these sums can lie within a scale.

    For each value within it (value - low) times (high - value) is not negative, so
    neither is their sum; of a single value that says all.
    """
    low, high = scale
    slack = _ROUNDING * max(1.0, *(abs(end) for end in scale if not isinf(end)))
    if not n * (low - slack) <= total <= n * (high + slack):
        return False
    if isinf(low) or isinf(high):
        return True
    inside = (low + high) * total - squares - n * low * high
    return inside >= -n * slack * (high - low)
