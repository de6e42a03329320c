"""Calls that were made: lists of traces, and their numbers."""

from collections.abc import Iterator, Sequence
from typing import Final

from dashboard.data._reading import (
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

ENTRIES_AT_ONCE: Final = 50
"""Entry spans of one read: so often people see how far it is."""


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


def entry_spans(
    project: str | None,
    window: Window,
    *,
    where: Sequence[Condition],
    origin: str,
    most: int,
) -> Iterator[list[Row]]:
    """Yield the entry spans of the newest traces that match, `most` at most, by pages.

    Each has its content, and the first retriever of its trace as ``retriever``. Nothing
    of it is kept.
    """
    reader, n_read, cursor = client(), 0, None
    while n_read < most:
        found = reader.entry_spans(
            project=project,
            since=window.since,
            until=window.until,
            where=where,
            origin=origin,
            limit=min(most - n_read, ENTRIES_AT_ONCE),
            cursor=cursor,
        )
        n_read, cursor = n_read + len(found), found.next
        yield [_with_retriever(row) for row in found]
        if cursor is None:
            return


def _with_retriever(row: Row) -> Row:
    first = row["retrievers"][:1]
    return {**row, "retriever": first[0]} if first else row


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
    project: str | None, window: Window, *, interval: str, by: str | None, origin: str
) -> tuple[list[Row], bool]:
    """Return the sums of every score by bucket and group, and whether some are cut."""
    found = client().score_trend(
        project=project,
        since=window.since,
        until=window.until,
        interval=interval,
        by=by,
        origin=origin,
    )
    return list(found), found.truncated
