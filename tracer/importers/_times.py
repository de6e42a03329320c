"""Moments as other systems write them, as nanoseconds since 1970."""

from datetime import UTC, datetime
from typing import Any

_SECONDS_BELOW = 10**11
_MILLISECONDS_BELOW = 10**14
_MICROSECONDS_BELOW = 10**17


def time_ns(value: Any) -> int | None:
    """Return a moment; None for what is none.

    Args:
        value: ISO 8601 text (UTC if it names no zone), or a number of seconds,
            milliseconds, microseconds or nanoseconds since 1970, told apart by size
            (right for 1974 to 5000).
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _of_number(value)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return _of_text(value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = int(moment.replace(microsecond=0).timestamp())
    return seconds * 10**9 + moment.microsecond * 1000


def _of_text(text: str) -> int | None:
    try:
        return _of_number(int(text))
    except ValueError:
        return None


def _of_number(number: int | float) -> int | None:
    if not 0 <= number < 10**19:
        return None
    for below, factor in (
        (_SECONDS_BELOW, 10**9),
        (_MILLISECONDS_BELOW, 10**6),
        (_MICROSECONDS_BELOW, 10**3),
    ):
        if number < below:
            return round(number * factor)
    return int(number)
