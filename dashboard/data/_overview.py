"""How a period went, and the one before it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.data._reading import Row, cached, client, together
from dashboard.shaping.conditions import Condition
from dashboard.shaping.windows import Interval, Window

MOST_GROUPS = 50
MOST_REASONS = 20
_MANY = frozenset({"user_id"})
"""Groups of which there may be too many for a row in each bucket."""


@dataclass(frozen=True)
class Overview:
    """How a period went, and the one before it."""

    total: list[Row]
    """One row over everything, none without calls."""
    before: list[Row]
    """The same of the period before."""
    series: list[Row]
    """By bucket."""
    streams: list[Row]
    """Times to the first token, one row."""
    streams_before: list[Row]
    """The same of the period before."""
    streams_series: list[Row]
    """The same by bucket."""


@cached
def overview(
    project: str | None, window: Window, before: Window, *, interval: Interval
) -> Overview:
    """Return how a period went; everything is read at the same time."""
    reader = client()

    def stats(period: Window, bucket: str, unit: str = "calls") -> list[Row]:
        asked = _within(project, period)
        return list(reader.stats(**asked, interval=bucket, unit=unit))

    reads: list[Callable[[], list[Row]]] = [
        lambda: stats(window, "total"),
        lambda: stats(before, "total"),
        lambda: stats(window, interval),
        lambda: stats(window, "total", "streams"),
        lambda: stats(before, "total", "streams"),
        lambda: stats(window, interval, "streams"),
    ]
    return Overview(*together(lambda read: read(), reads))


@dataclass(frozen=True)
class Highlights:
    """What stands out of a period."""

    errors: list[Row]
    """Why calls failed, the newest reason first."""
    slowest: list[Row]
    """The traces that took longest."""
    dearest: list[Row]
    """The traces that cost most."""


@cached
def highlights(project: str | None, window: Window, *, most_traces: int) -> Highlights:
    """Return what stands out of a period."""
    reader, asked = client(), _within(project, window)

    def most(order: str) -> list[Row]:
        return list(reader.traces(**asked, order=order, limit=most_traces))

    reads: list[Callable[[], list[Row]]] = [
        lambda: list(reader.errors(**asked, limit=MOST_REASONS)),
        lambda: most("-duration_ms"),
        lambda: most("-cost_usd"),
    ]
    return Highlights(*together(lambda read: read(), reads))


@cached
def production_scores(
    project: str | None, window: Window, before: Window
) -> tuple[list[Row], list[Row]]:
    """Return the sums of each score of production, and of the period before."""
    reader = client()

    def sums(period: Window) -> list[Row]:
        asked = _within(project, period)
        found = reader.score_trend(**asked, interval="total", origin="production")
        return list(found)

    now, earlier = together(sums, [window, before])
    return now, earlier


@dataclass(frozen=True)
class Groups:
    """What calls add up to by a field."""

    rows: list[Row]
    """Its groups, those with most calls first."""
    before: list[Row]
    """The same of the period before."""
    series: list[Row]
    """By bucket and group, at least of the first few groups."""
    streams: list[Row]
    """Times to the first token by group; empty unless asked for."""
    truncated: bool
    """Whether there are more groups than these."""


@cached
def groups(
    project: str | None,
    window: Window,
    before: Window,
    *,
    by: str,
    interval: Interval,
    most_drawn: int,
    first_tokens: bool = False,
) -> Groups:
    """Return what calls add up to by a field, over all and over time.

    `first_tokens` asks for the times to the first token, too.
    """
    reader = client()
    now, then = _within(project, window), _within(project, before)
    asked = [now, then, *([now | {"unit": "streams"}] if first_tokens else [])]
    found, earlier, *streams = together(
        lambda one: reader.stats(**one, by=by, limit=MOST_GROUPS), asked
    )
    where: list[Condition] = []
    if by in _MANY:
        drawn = [str(row["group"]) for row in found[:most_drawn] if row["group"]]
        where = [(by, "in", drawn)] if drawn else []
    series = reader.stats(**now, by=by, interval=interval, where=where)
    timed = [row for rows in streams for row in rows]
    return Groups(list(found), list(earlier), list(series), timed, found.truncated)


def _within(project: str | None, period: Window) -> dict[str, Any]:
    return {"project": project, "since": period.since, "until": period.until}
