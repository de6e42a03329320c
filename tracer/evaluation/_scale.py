"""The least and the most that a score can be, as scorers and people give it."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

from tracer.errors import ConfigurationError

F = TypeVar("F", bound=Callable[..., Any])


def on_scale(low: float, high: float) -> Callable[[F], F]:
    """Say of a scoring function the least and the most that its numbers can be.

    Intervals keep to it. Classes say it by an attribute ``scale``.

    Raises:
        ConfigurationError: They are no finite numbers in their order.
    """
    scale = checked_scale((low, high), scorer="on_scale")

    def said(function: F) -> F:
        vars(function)["scale"] = scale
        return function

    return said


def checked_scale(scale: Any, *, scorer: str) -> tuple[float, float] | None:
    """Return the least and the most that a score can be; None if there is none.

    Raises:
        ConfigurationError: It is no pair of finite numbers in their order.
    """
    if scale is None:
        return None
    try:
        low, high = map(float, scale)
    except (TypeError, ValueError):
        low = high = math.nan
    if not low < high or math.isinf(low) or math.isinf(high):
        raise ConfigurationError(
            f"scorer {scorer!r} has the scale {scale!r}; give the least and the most "
            "that its numbers can be: (1, 5)"
        )
    return low, high
