"""Moments as other systems write them, as nanoseconds since 1970."""

from datetime import UTC, datetime
from typing import Any

_SECONDS_BELOW = 10**11
_MILLISECONDS_BELOW = 10**14
_MICROSECONDS_BELOW = 10**17

_MOST_NS = (1 << 63) - 1


def time_ns(value: Any) -> int | None:
    """Return a moment; None for what is none, or not between 1970 and 2262.

    Args:
        value: ISO 8601 text (UTC if it names no zone), or a number of seconds,
            milliseconds, microseconds or nanoseconds since 1970, told apart by size
            (right from 1974 on).
    """
    if isinstance(value, bool):
        return None
    told_ns: int | None = None
    if isinstance(value, int | float):
        told_ns = _of_number(value)
    elif isinstance(value, str):
        told_ns = _of_text(value)
    return None if told_ns is None or not 0 <= told_ns <= _MOST_NS else told_ns


def _of_text(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _of_digits(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = int(moment.replace(microsecond=0).timestamp())
    return seconds * 10**9 + moment.microsecond * 1000


def _of_digits(text: str) -> int | None:
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
