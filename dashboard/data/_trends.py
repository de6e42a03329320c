"""Courses over time: of traffic, and what was seen first when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.data._reading import Row, cached, client, long_cached, together
from dashboard.shaping.windows import Window
from tracer._client.rows import Rows

SEEN = ("model", "prompt", "release")
"""What marks a change of the app when it is seen first."""


@dataclass(frozen=True)
class Traffic:
    """Numbers of calls by bucket and group."""

    stats: list[Row]
    """Counts, tokens, cost."""
    latency: list[Row]
    """Percentiles of latency, with their ends."""
    streams: list[Row]
    """The same of the time to the first token."""
    truncated: bool
    """Whether there are more rows than these."""


@cached
def traffic(
    project: str | None, window: Window, *, interval: str, by: str | None
) -> Traffic:
    """Return the courses of a period's calls; everything is read at the same time."""
    reader = client()
    asked: dict[str, Any] = {
        "project": project,
        "since": window.since,
        "until": window.until,
        "interval": interval,
        "by": by,
    }
    reads: list[Callable[[], Rows]] = [
        lambda: reader.stats(**asked),
        lambda: reader.latency(**asked),
        lambda: reader.latency(**asked, unit="streams"),
    ]
    stats, latency, streams = together(lambda read: read(), reads)
    cut = any(rows.truncated for rows in (stats, latency, streams))
    return Traffic(list(stats), list(latency), list(streams), cut)


@long_cached
def seen(project: str | None, window: Window) -> dict[str, list[Row]]:
    """Return models, prompts and releases with when each was seen first and last."""
    reader = client()

    def read(field: str) -> list[Row]:
        since, until = window.since, window.until
        return list(
            reader.values(field, project=project, since=since, until=until, limit=200)
        )

    found = dict(zip(SEEN, together(read, SEEN), strict=True))
    return {
        field: [row for row in rows if row["value"]] for field, rows in found.items()
    }
