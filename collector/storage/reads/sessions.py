"""Lists of sessions, and one session turn by turn."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from collector.storage.conditions import Condition
from collector.storage.fields import SPANS
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.previews import fill_first_inputs
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import (
    AFTER_TIME,
    Order,
    Page,
    Scope,
    encode_cursor,
    order_of,
)
from collector.storage.reads.session_turns import with_said
from collector.storage.reads.traces import list_traces

NEWEST_SHARE = 64
"""The latest active sessions are mostly found in this part of the window."""


def list_sessions(
    reader: Reader, scope: Scope, page: Page
) -> tuple[list[Row], str | None]:
    """Return one page of session rows and the cursor of the next, None at the end.

    Conditions are those of spans: a session is shown if some span of it matches.
    """
    keys: list[Row] = []
    for part in _parts(scope, page):
        keys = _keys(reader, part, page)
        if len(keys) > page.limit:
            break
    cursor = None
    if len(keys) > page.limit:
        keys = keys[: page.limit]
        cursor = encode_cursor(page.order, keys[-1]["sort_value"], keys[-1]["sort_id"])
    if not keys:
        return [], None
    return _rows_of(reader, scope, keys), cursor


def _parts(scope: Scope, page: Page) -> Iterator[Scope]:
    """Yield windows to look for a page's sessions in, until one has enough of them.

    Who was active last is told by the newest spans alone; a page behind a cursor has to
    know that its sessions have no newer ones.
    """
    if page.order == "-last" and page.cursor is None and scope.since_ns is not None:
        end_ns = time.time_ns() if scope.until_ns is None else scope.until_ns
        since_ns = end_ns - (end_ns - scope.since_ns) // NEWEST_SHARE
        if since_ns > scope.since_ns:
            yield replace(scope, since_ns=since_ns)
    yield scope


def _keys(reader: Reader, scope: Scope, page: Page) -> list[Row]:
    """Return the keys of one page and one more."""
    # Grouped by two columns the engine takes half as long again (measured with two
    # million spans): of one project there is no need to.
    is_one = scope.projects is not None and len(scope.projects) == 1
    grouped = "spans.session_id" if is_one else "spans.project, spans.session_id"
    digest = f"reinterpretAsFixedString(sipHash64({grouped}))"
    order = order_of(
        page,
        {
            "start": Order("min(spans.ts)", AFTER_TIME, digest),
            "last": Order("max(spans.ts)", AFTER_TIME, digest),
        },
    )
    found = Parameters(text_indexed=reader.text_indexed)
    scope_sql = scope.sql("spans")
    judged = scope.projects_sql("scores")
    where = compile_where(page.where, SPANS, found, scope=scope_sql, scores=judged)
    parameters = scope.parameters | found.values | {"limit": page.limit + 1}
    return reader.rows(
        "session_keys",
        parameters,
        scope=scope_sql,
        where=where,
        project="any(spans.project)" if is_one else "spans.project",
        grouped=grouped,
        value=order.shown,
        behind=order.behind(page, parameters),
        order=order.sql(descending=page.descending),
        id_digits=f"lower(hex({digest}))",
    )


def _rows_of(reader: Reader, scope: Scope, keys: Sequence[Row]) -> list[Row]:
    """Return the rows of these sessions, in this order."""
    asked = scope.parameters | {
        "of_projects": [key["project"] for key in keys],
        "session_ids": [key["session_id"] for key in keys],
    }
    scope_sql = scope.sql("spans")
    rows = reader.rows("sessions", asked, scope=scope_sql)
    fill_first_inputs(reader, scope, rows)
    judged = reader.rows(
        "scores_of_sessions",
        asked,
        scope=scope_sql,
        scores=scope.projects_sql("scores"),
    )
    scores = {(row["project"], row["session_id"]): row["scores"] for row in judged}
    return [
        row | {"scores": scores.get((row["project"], row["session_id"]), {})}
        for row in rows
    ]


def read_session(
    reader: Reader, scope: Scope, session_id: str, page: Page
) -> tuple[Row, list[Row], str | None] | None:
    """Return a session, one page of its turns and the next cursor; None if unknown.

    A turn is the row of a trace with what was said in it. Of several projects that have
    such a session, the latest active is meant.
    """
    of_session = Condition("session_id", "=", session_id)
    latest = Page(where=[of_session], order="-last", limit=1)
    rows, _ = list_sessions(reader, scope, latest)
    if not rows:
        return None
    (row,) = rows
    until_ns = max(row["last_ns"], row["start_ns"]) + 1
    scope = replace(
        scope,
        projects=(row["project"],),
        since_ns=row["start_ns"],
        until_ns=until_ns,
    )
    page = replace(page, where=[of_session, *page.where])
    traces, cursor = list_traces(reader, scope, page)
    return row, with_said(reader, scope, traces), cursor
