"""Calls that were made: lists of traces, and their numbers."""

from collections.abc import Sequence

from dashboard.data._reading import (
    MOST_ROWS,
    PAGE_ROWS,
    ListPage,
    Row,
    cached,
    client,
    long_cached,
    together,
)
from dashboard.shaping.conditions import Condition
from dashboard.shaping.windows import Window


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
