"""The period that a page looks at, and the one before it for comparison."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal

from tracer._dashboard import period

Interval = Literal["minute", "hour", "day", "week"]

RANGES: Final = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
DEFAULT_RANGE: Final = "7d"
ALL: Final = "all"
"""From the first that is stored on."""
CUSTOM: Final = "custom"
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""No time is before it."""
BUCKET_NS: Final = {
    "minute": 60 * 10**9,
    "hour": 3600 * 10**9,
    "day": 86_400 * 10**9,
    "week": 604_800 * 10**9,
}
"""How wide the buckets of a chart are."""
_MOST_DAYS: Final = timedelta(days=190)
"""From here on a bucket for each day is too narrow to be seen."""
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
        return Window(earlier(self.since, self.end(now) - self.since), self.since)

    def interval(self, now: datetime) -> Interval:
        """Return the width of a chart's buckets: some 4 to 190 of them, or weeks."""
        length = self.end(now) - self.since
        if length <= timedelta(hours=3):
            return "minute"
        if length <= timedelta(days=3):
            return "hour"
        return "day" if length <= _MOST_DAYS else "week"

    def coarse(self) -> "Window":
        """Return the period from its whole hour on: for reads that may be older."""
        return Window(_whole_hour(self.since), self.until)


def last(name: str, *, now: datetime) -> Window:
    """Return the window of a range's name, begun at a whole minute: so it caches."""
    length = RANGES.get(name, RANGES[DEFAULT_RANGE])
    return Window(now.replace(second=0, microsecond=0) - length)


def since_first(first: datetime | None, *, now: datetime) -> Window:
    """Return the window of all that is stored: it has an end at both sides to read.

    It begins with the whole hour of what was first; where nothing is stored it is the
    usual window.
    """
    if first is None:
        return last(DEFAULT_RANGE, now=now)
    return Window(_whole_hour(min(first.astimezone(UTC), now - timedelta(hours=1))))


def _whole_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def earlier(moment: datetime, length: timedelta) -> datetime:
    """Return a moment so long before one, but none before 1970."""
    return moment - length if moment - EARLIEST > length else EARLIEST


def written(window: Window, *, now: datetime) -> str:
    """Return a window as a range that holds in every time zone: two UTC minutes."""
    since_ns, until_ns = map(nanoseconds, (window.since, window.end(now)))
    return period(since_ns, until_ns)


def nanoseconds(moment: datetime) -> int:
    """Return an aware time in nanoseconds since 1970, exactly."""
    return (moment - EARLIEST) // timedelta(microseconds=1) * 1000


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


def in_short(window: Window, zone: tzinfo, *, now: datetime) -> str:
    """Return a window that has an end as people write it in a zone, in little room.

    Years are written where they are not all this one.
    """
    since, until = (
        end.astimezone(zone) for end in (window.since, window.end(window.since))
    )
    is_this_year = since.year == until.year == now.astimezone(zone).year
    moment = "%m-%d %H:%M" if is_this_year else "%Y-%m-%d %H:%M"
    last = "%H:%M" if since.date() == until.date() else moment
    return f"{since.strftime(moment)}–{until.strftime(last)}"


def reaching(moment: datetime, window: Window, *, now: datetime) -> str | None:
    """Return the shortest range that holds a moment and more than a window does."""
    for name, length in RANGES.items():
        since = now - length
        holds_more = since < window.since or window.until is not None
        if holds_more and since <= moment:
            return name
    return None if window.holds(moment) else ALL


def floored(moment_ns: int, interval: str) -> int:
    """Return when the bucket began in which a moment lies; weeks begin on Mondays."""
    monday_ns = 4 * BUCKET_NS["day"]  # 1970 began on a Thursday
    offset = monday_ns if interval == "week" else 0
    step = BUCKET_NS[interval]
    return (moment_ns - offset) // step * step + offset


def between(since: datetime, until: datetime) -> Window:
    """Return a window between two aware times in any zone, the earlier one first."""
    first, second = sorted((since.astimezone(UTC), until.astimezone(UTC)))
    return Window(first, second)
