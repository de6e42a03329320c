"""Which trial, and how long: numbers that a person or a table gives."""

from numbers import Integral, Real
from typing import Any, Final

MOST_SECONDS: Final = 1e9
"""Thirty years: beyond, somebody wrote milliseconds, or a date."""

MOST_TRIALS: Final = 1 << 32
"""More than the collector has numbers for."""


def trial_number(given: Any) -> int:
    """Return which trial is meant, from 0; tables may have it as 2.0.

    Raises:
        ValueError: It is no whole number, or none that a trial could have.
    """
    whole = isinstance(given, Integral) or (
        isinstance(given, float) and given.is_integer()
    )
    if not whole or not 0 <= int(given) < MOST_TRIALS:
        raise ValueError(
            f"trial_index={given!r} is no trial; give a whole number from 0, or leave "
            "it out to have the trials of an example counted"
        )
    return int(given)


def nanoseconds(duration_s: float) -> int:
    """Return a duration in nanoseconds.

    Raises:
        ValueError: It is negative, or no number of seconds.
    """
    number = isinstance(duration_s, Real) and not isinstance(duration_s, bool)
    if not number or not 0 <= duration_s < MOST_SECONDS:
        raise ValueError(
            f"duration_s={duration_s!r} is no duration; give seconds, 0 or more, or "
            "leave it out where nobody knows"
        )
    return round(float(duration_s) * 1e9)
