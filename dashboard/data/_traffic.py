"""Calls that were made: traces, their numbers, their scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import roles
from dashboard.data._reading import (
    MOST_ROWS,
    PAGE_ROWS,
    ListPage,
    Row,
    cached,
    client,
    forget,
    long_cached,
    together,
)
from dashboard.shaping.conditions import Condition
from dashboard.shaping.windows import Interval, Window


@dataclass(frozen=True)
class Trace:
    """One trace with everything that is known of it."""

    row: Row
    """The trace as lists show it."""
    spans: list[Row]
    """Its steps with their content, parents first."""
    scores: list[Row]
    """The newest version of each of its scores."""
    truncated: bool
    """Whether it has more steps than these."""


@cached
def projects() -> list[Row]:
    """Return all projects that the key may read."""
    return list(client().projects())


@cached
def traces(
    project: str | None,
    window: Window,
    *,
    where: Sequence[Condition] = (),
    order: str = "-start",
    limit: int = PAGE_ROWS,
    cursor: str | None = None,
    origin: str = "production",
) -> ListPage:
    """Return one page of traces."""
    found = client().traces(
        project=project,
        since=window.since,
        until=window.until,
        where=where,
        order=order,
        limit=limit,
        cursor=cursor,
        origin=origin,
    )
    return ListPage(list(found), found.next)


@cached
def trace(trace_id: str) -> Trace:
    """Return one trace.

    Raises:
        NotFoundError: No span of it is stored.
    """
    found = client().trace(trace_id)
    return Trace(
        dict(found.row), list(found.spans), list(found.scores), found.truncated
    )


def entry_span(trace_id: str) -> Row:
    """Return the entry span of a trace with its content."""
    found = trace(trace_id)
    entry = (span for span in found.spans if span["span_id"] == found.row["span_id"])
    return next(entry, found.spans[0])


def trace_ids(
    project: str | None,
    window: Window,
    *,
    where: Sequence[Condition],
    origin: str,
    most: int,
) -> list[str]:
    """Return the ids of the newest traces that match, `most` at most."""
    found: list[str] = []
    cursor = None
    while len(found) < most:
        page = traces(
            project,
            window,
            where=where,
            origin=origin,
            limit=min(most - len(found), MOST_ROWS),
            cursor=cursor,
        )
        found += [row["trace_id"] for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    return found


@dataclass(frozen=True)
class Overview:
    """How a period went, and the one before it."""

    total: list[Row]
    """One row over everything, none without calls."""
    before: list[Row]
    """The same of the period before."""
    series: list[Row]
    """By bucket."""
    models: list[Row]
    """By model."""
    model_series: list[Row]
    """By bucket and model."""
    errors: list[Row]
    """The newest failed traces."""
    slowest: list[Row]
    """The traces that took longest."""


@cached
def overview(
    project: str | None,
    window: Window,
    before: Window,
    *,
    interval: Interval,
    most_traces: int,
) -> Overview:
    """Return how a period went; everything is read at the same time."""
    reader = client()

    def stats(period: Window, bucket: str, by: str | None = None) -> list[Row]:
        since, until = period.since, period.until
        return list(
            reader.stats(
                project=project, since=since, until=until, interval=bucket, by=by
            )
        )

    def most(order: str, *where: Condition) -> list[Row]:
        found = reader.traces(
            project=project,
            since=window.since,
            until=window.until,
            where=where,
            order=order,
            limit=most_traces,
        )
        return list(found)

    reads: list[Callable[[], list[Row]]] = [
        lambda: stats(window, "total"),
        lambda: stats(before, "total"),
        lambda: stats(window, interval),
        lambda: stats(window, "total", "model"),
        lambda: stats(window, interval, "model"),
        lambda: most("-start", ("status", "=", "error")),
        lambda: most("-duration_ms"),
    ]
    return Overview(*together(lambda read: read(), reads))


@long_cached
def values(
    fields: Sequence[str], project: str | None, window: Window
) -> dict[str, list[str]]:
    """Return the most frequent values of each field, most frequent first."""
    reader = client()

    def read(field: str) -> list[str]:
        found = reader.values(
            field, project=project, since=window.since, until=window.until, limit=50
        )
        return [str(row["value"]) for row in found if row["value"] not in (None, "")]

    return dict(zip(fields, together(read, fields), strict=True))


@cached
def trend(
    project: str | None, window: Window, *, interval: str, by: str | None
) -> tuple[list[Row], bool]:
    """Return the sums of every score by bucket and group, and whether some are cut."""
    found = client().score_trend(
        project=project,
        since=window.since,
        until=window.until,
        interval=interval,
        by=by,
    )
    return list(found), found.truncated


def add_score(project: str, name: str, **score: Any) -> None:
    """Store a person's score."""
    client().add_score(
        name, project=project, source="human", author=roles.author(), **score
    )
    forget()
