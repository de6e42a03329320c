"""Scores: every version is kept, the newest of each is what holds."""

from dataclasses import dataclass, replace
from typing import Any

from collector.storage.conditions import Condition
from collector.storage.fields import SCORES
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import (
    AFTER_TIME,
    Order,
    Page,
    Scope,
    encode_cursor,
    order_of,
)
from collector.storage.reads.shaping import with_metadata

ORDERS = {"start": Order("scores.ts", AFTER_TIME, "scores.score_id", id_bytes=16)}
_VERSION = "leftPad(hex(scores.version_ns), 16, '0')"
OF_VERSIONS = {
    "start": Order(
        "scores.ts",
        AFTER_TIME,
        f"toFixedString(unhex(concat(hex(scores.score_id), {_VERSION})), 24)",
        id_bytes=24,
    )
}
"""The same where one score is several rows, which may be of one time."""

IDENTITY = frozenset(
    {
        *("project", "name", "trace_id", "span_id", "evaluation_id", "example_id"),
        *("trial", "source", "author", "repeat", "score_id"),
    }
)
"""Fields that all versions of a score share: filtering by them may come first."""

MAX_SCORES = 100_000
"""Scores shown of one trace."""


@dataclass(frozen=True)
class Versions:
    """Which versions of a score take part."""

    as_of_ns: int | None = None
    """Only those written until then, UTC nanoseconds since 1970."""

    with_deleted: bool = False
    """Whether a score that was taken back is shown."""

    all: bool = False
    """Whether every version is a row, not only the newest."""

    @property
    def newest_sql(self) -> str:
        """Return what keeps one row of each score."""
        also = ", scores.version_ns" if self.all else ""
        return f"LIMIT 1 BY scores.score_id{also}"

    def cursor(self, page: Page, last: Row) -> str:
        """Return the cursor behind the last row of a page."""
        also = f"{int(last['version_ns']):016x}" if self.all else ""
        return encode_cursor(page.order, last["at_ns"], last["score_id"] + also)


def list_scores(
    reader: Reader, scope: Scope, page: Page, versions: Versions = Versions()
) -> tuple[list[Row], str | None]:
    """Return one page of score rows and the cursor of the next, None at the end."""
    rows = reader.rows("scores", **scores_question(scope, page, versions))
    cursor = None
    if len(rows) > page.limit:
        rows = rows[: page.limit]
        cursor = versions.cursor(page, rows[-1])
    return [with_metadata(row) for row in rows], cursor


def scores_question(scope: Scope, page: Page, versions: Versions) -> dict[str, Any]:
    """Return the parameters and parts of ``scores.sql`` for a page and one row more."""
    order = order_of(page, OF_VERSIONS if versions.all else ORDERS)
    found = Parameters()
    shared = [one for one in page.where if one.field in IDENTITY]
    others = [one for one in page.where if one.field not in IDENTITY]
    if not versions.with_deleted and not versions.all:
        others.append(Condition("deleted", "=", False))
    of_identity = compile_where(shared, SCORES, found)
    where = compile_where(others, SCORES, found)
    parameters = scope.parameters | found.values | {"limit": page.limit + 1}
    # The newest version is the latest, so the window's end may not hide it here.
    versions_sql = replace(scope, until_ns=None).sql("scores")
    if versions.as_of_ns is not None:
        parameters["as_of_ns"] = versions.as_of_ns
        versions_sql += " AND scores.version_ns <= {as_of_ns:UInt64}"
    return {
        "parameters": parameters,
        "of_identity": of_identity,
        "where": where,
        "versions": versions_sql,
        "newest": versions.newest_sql,
        "scope": scope.sql("scores"),
        "behind": order.behind(page, parameters),
        "order": order.sql(descending=page.descending),
    }


def scores_of_trace(reader: Reader, scope: Scope, trace_id: str) -> list[Row]:
    """Return the newest version of every score of a trace, newest first."""
    page = Page(where=[Condition("trace_id", "=", trace_id)], limit=MAX_SCORES)
    anywhere = replace(scope, since_ns=None, until_ns=None, origin="all")
    return list_scores(reader, anywhere, page)[0]
