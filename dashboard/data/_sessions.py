"""Conversations: which there were, and one of them turn by turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.data._reading import PAGE_ROWS, ListPage, Row, cached, client
from dashboard.shaping.conditions import Condition
from dashboard.shaping.windows import Window

TURNS = 30
"""Turns a page: each comes with all that was said in it."""


@dataclass(frozen=True)
class Session:
    """One session with a page of its turns."""

    row: Row
    """The session as lists show it, at any time."""
    turns: list[Row]
    """Its traces with input and output, the first one first."""
    next: str | None
    """Cursor of the page after it; None at the end."""


@cached
def sessions(
    project: str | None,
    window: Window,
    *,
    where: Sequence[Condition] = (),
    order: str = "-last",
    cursor: str | None = None,
) -> ListPage:
    """Return one page of sessions."""
    found = client().sessions(
        project=project,
        since=window.since,
        until=window.until,
        where=where,
        order=order,
        limit=PAGE_ROWS,
        cursor=cursor,
    )
    return ListPage(list(found), found.next)


@cached
def session(
    session_id: str, project: str | None, *, cursor: str | None = None
) -> Session:
    """Return one session with a page of its turns.

    Raises:
        NotFoundError: No span names it.
    """
    found = client().session(session_id, project=project, limit=TURNS, cursor=cursor)
    return Session(found.row, list(found.turns), found.turns.next)
