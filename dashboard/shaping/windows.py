"""The period that a page looks at, and the one before it for comparison."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal

Interval = Literal["minute", "hour", "day", "week"]

RANGES: Final = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
DEFAULT_RANGE: Final = "7d"
CUSTOM: Final = "custom"
_BETWEEN: Final = ".."
_MINUTE: Final = "%Y-%m-%dT%H:%MZ"


@dataclass(frozen=True)
class Window:
    """A period of time, in UTC."""

    since: datetime
    """First moment, inclusive; aware."""
    until: datetime | None = None
    """First moment after it; None while it is still going on."""

    def end(self, now: datetime) -> datetime:
        """Return where the period ends as of `now`."""
        return self.until or now

    def holds(self, moment: datetime) -> bool:
        """Return whether a moment is within the period."""
        return self.since <= moment and (self.until is None or moment < self.until)

    def previous(self, now: datetime) -> "Window":
        """Return the period of the same length just before this one."""
        return Window(self.since - (self.end(now) - self.since), self.since)

    def interval(self, now: datetime) -> Interval:
        """Return the width of a chart's buckets: some 4 to 180 of them."""
        length = self.end(now) - self.since
        if length <= timedelta(hours=3):
            return "minute"
        return "hour" if length <= timedelta(days=3) else "day"

    def coarse(self) -> "Window":
        """Return the period from its whole hour on: for reads that may be older."""
        return Window(self.since.replace(minute=0, second=0, microsecond=0), self.until)


def last(name: str, *, now: datetime) -> Window:
    """Return the window of a range's name, begun at a whole minute: so it caches."""
    length = RANGES.get(name, RANGES[DEFAULT_RANGE])
    return Window(now.replace(second=0, microsecond=0) - length)


def written(window: Window, *, now: datetime) -> str:
    """Return a window as a range that holds in every time zone: two UTC minutes."""
    ends = (window.since, window.end(now))
    return _BETWEEN.join(end.astimezone(UTC).strftime(_MINUTE) for end in ends)


def read(name: str) -> Window | None:
    """Return the window of a range that was made by `written`; None for any other."""
    first, is_there, last = name.partition(_BETWEEN)
    if not is_there:
        return None
    try:
        since, until = (
            datetime.strptime(end, _MINUTE).replace(tzinfo=UTC) for end in (first, last)
        )
    except ValueError:
        return None
    return between(since, until)


def in_short(window: Window, zone: tzinfo) -> str:
    """Return a window that has an end as people write it in a zone, in little room."""
    since, until = (
        end.astimezone(zone) for end in (window.since, window.end(window.since))
    )
    last = "%H:%M" if since.date() == until.date() else "%m-%d %H:%M"
    return f"{since:%m-%d %H:%M}–{until.strftime(last)}"


def reaching(moment: datetime, window: Window, *, now: datetime) -> str | None:
    """Return the shortest range that holds a moment and more than a window does."""
    for name, length in RANGES.items():
        since = now - length
        holds_more = since < window.since or window.until is not None
        if holds_more and since <= moment:
            return name
    return None


def between(since: datetime, until: datetime) -> Window:
    """Return a window between two aware times in any zone, the earlier one first."""
    first, second = sorted((since.astimezone(UTC), until.astimezone(UTC)))
    return Window(first, second)
