"""A rule as workers see it: what it asks for, how far it is, what it may cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SAMPLE_DIGITS = 8
"""Hexadecimal digits at a trace id's end that decide whether it is in the sample."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a rule has done."""

    day: str = ""
    """The UTC day of `today` and `cost_usd`, ISO 8601."""

    today: int = 0
    """Traces scored on that day."""

    cost_usd: float | None = None
    """What judging cost on that day, as far as the collector knows prices."""

    scored: int = 0
    """Traces scored in all."""

    failed: int = 0
    """Scores in all whose scorer failed."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Progress":
        """Read what a document keeps; a new day begins at nothing."""
        kept = {key: document[key] for key in cls.__slots__ if key in document}
        read, today = cls(**kept), datetime.now(UTC).date().isoformat()
        if read.day == today:
            return read
        return cls(day=today, scored=read.scored, failed=read.failed)


def is_sampled(trace_id: str, rate: float) -> bool:
    """Return whether a trace is in a sample; the same for every worker, every time."""
    share: float = int(trace_id[-SAMPLE_DIGITS:], 16) / 16**SAMPLE_DIGITS
    return share < rate


def limit_reached(rule: Mapping[str, Any], progress: Progress) -> str | None:
    """Return why no more may be scored today, in words; None if more may."""
    most, most_usd = rule["max_per_day"], rule["max_cost_usd_per_day"]
    if most is not None and progress.today >= most:
        return f"{progress.today} scored today, the limit of the day; goes on tomorrow"
    if most_usd is not None and (progress.cost_usd or 0.0) >= most_usd:
        return (
            f"{progress.cost_usd or 0:.4f} USD spent today, of {most_usd} USD; "
            "goes on tomorrow"
        )
    return None


def affordable(rule: Mapping[str, Any], progress: Progress, *, most: int) -> int:
    """Return how many traces may be scored before cost and count are looked at again.

    One at first; then as many as the day's mean cost leaves room for, `most` at most.
    """
    room = float(most)
    if rule["max_per_day"] is not None:
        room = min(room, rule["max_per_day"] - progress.today)
    if rule["max_cost_usd_per_day"] is not None:
        if not progress.today:
            return min(1, int(room))
        left = rule["max_cost_usd_per_day"] - (progress.cost_usd or 0.0)
        mean = (progress.cost_usd or 0.0) / progress.today
        room = min(room, left / mean if mean else room)
    return max(1, int(room))
