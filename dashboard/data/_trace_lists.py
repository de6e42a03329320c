"""Traces in number: the newest while they arrive, many to download, one by an id."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.data._reading import PAGE_ROWS, Row, client, live
from dashboard.data._trace import trace
from dashboard.shaping.conditions import Condition
from dashboard.shaping.windows import Window
from tracer.errors import NotFoundError


@live
def newest_traces(
    project: str | None, window: Window, where: Sequence[Condition], origin: str
) -> list[Row]:
    """Return the newest traces, as new as can be."""
    found = client().traces(
        project=project,
        since=window.since,
        until=window.until,
        where=where,
        limit=PAGE_ROWS,
        origin=origin,
    )
    return list(found)


@dataclass(frozen=True)
class Many:
    """As many traces as were asked for at most."""

    rows: list[Row]
    """In the order of the list."""
    is_all: bool
    """Whether these are all that match."""


def many_traces(
    project: str | None,
    window: Window,
    *,
    where: Sequence[Condition],
    origin: str,
    order: str,
    most: int,
) -> Many:
    """Return the first traces of a list, `most` at most; nothing of it is kept."""
    found = client().traces(
        project=project,
        since=window.since,
        until=window.until,
        where=where,
        origin=origin,
        order=order,
        limit=most,
    )
    return Many(list(found), found.next is None)


def is_stored(trace_id: str) -> bool:
    """Return whether the collector knows a trace that the key may read."""
    try:
        trace(trace_id)
    except NotFoundError:
        return False
    return True


def trace_of_span(span_id: str, project: str | None, window: Window) -> str | None:
    """Return the trace of a span of the period, None where there is no such span."""
    found = client().spans(
        project=project,
        since=window.since,
        until=window.until,
        where=[("span_id", "=", span_id)],
        origin="all",
        limit=1,
    )
    return str(found[0]["trace_id"]) if found else None
