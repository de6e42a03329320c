"""Lists of traces: keys by filter and order first, then the rows of one page.

A trace is listed by its entry span. Which span that is, only all its spans can tell, so
a key found by the filter counts if the row that comes back names the same span.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from collector.storage.reads.previews import fill_previews
from collector.storage.reads.reader import Reader, Row, statement
from collector.storage.reads.scope import Page, Scope, order_of
from collector.storage.reads.shaping import trace_row
from collector.storage.reads.trace_keys import (
    BY_ENTRY,
    BY_TOTAL,
    DAY_NS,
    SKEW_NS,
    Key,
    keys_of_page,
    widened,
)

MAX_ROUNDS = 10
"""Reads made to fill a page; a page that is short then still names the next."""


def list_traces(
    reader: Reader, scope: Scope, page: Page
) -> tuple[list[Row], str | None]:
    """Return one page of trace rows and the cursor of the next, None at the end."""
    order = order_of(page, BY_ENTRY | BY_TOTAL)
    wanted = page.limit
    found: list[Row] = []
    for _ in range(MAX_ROUNDS):
        page = replace(page, limit=wanted - len(found))
        keys = keys_of_page(reader, scope, page, order)
        shown = keys[: page.limit]
        found += _rows_of(reader, scope, shown)
        if len(keys) <= page.limit:
            return found, None
        page = replace(page, cursor=shown[-1].cursor(page.order))
        if len(found) == wanted:
            break
    return found, page.cursor


def traces_by_id(reader: Reader, scope: Scope, trace_ids: Sequence[str]) -> list[Row]:
    """Return the rows of these traces; unknown ids are left out."""
    rows = reader.rows("traces", **traces_question(scope, trace_ids))
    scores = _scores_of(reader, scope, trace_ids)
    return [trace_row(row | {"scores": scores.get(row["trace_id"])}) for row in rows]


def _scores_of(
    reader: Reader, scope: Scope, trace_ids: Sequence[str]
) -> dict[str, Row]:
    """Return trace id to its scores, by name."""
    parameters = scope.parameters | {"trace_ids": list(trace_ids)}
    scores = scope.projects_sql("scores")
    rows = reader.rows("scores_of_traces", parameters, scores=scores)
    return {row["trace_id"]: row["scores"] for row in rows}


def traces_question(
    scope: Scope,
    trace_ids: Sequence[str],
    starts_ns: Sequence[int] = (),
    *,
    before_ns: int = DAY_NS,
    with_scores: bool = False,
) -> dict[str, Any]:
    """Return the parameters and parts of ``traces.sql``.

    Args:
        scope: which projects count, and which window if there are no starts.
        trace_ids: the traces, in the order in which their rows are wanted.
        starts_ns: when they start, if known: their spans are looked for from
            `before_ns` before the first to a day behind the last.
        before_ns: how long before its start a trace may have spans.
        with_scores: whether the rows have their scores; else the column is empty.
    """
    if starts_ns:
        scope = replace(scope, since_ns=min(starts_ns), until_ns=max(starts_ns))
    wide = replace(widened(scope, before_ns=before_ns), origin="all")
    ids = list(dict.fromkeys(trace_ids))
    return {
        "parameters": wide.parameters | {"trace_ids": ids},
        "scope": wide.sql("spans"),
        "score_column": "judged.scores" if with_scores else "map()",
        "judged": _judged(wide.projects_sql("scores")) if with_scores else "",
    }


def _judged(scores_scope: str) -> str:
    scores = statement("parts/trace_scores").substitute(scores=scores_scope)
    return f"LEFT JOIN ({scores}) AS judged ON judged.trace_id = spans.trace_id"


def _rows_of(reader: Reader, scope: Scope, keys: Sequence[Key]) -> list[Row]:
    """Return the rows of the keys whose span is the entry of its trace."""
    if not keys:
        return []
    starts = [key.start_ns for key in keys if key.start_ns is not None]
    before_ns = SKEW_NS if all(key.is_root for key in keys) else DAY_NS
    trace_ids = [key.trace_id for key in keys]
    question = traces_question(scope, trace_ids, starts, before_ns=before_ns)
    rows = {row["trace_id"]: row for row in reader.rows("traces", **question)}
    fill_previews(reader, scope, list(rows.values()))
    scores = _scores_of(reader, scope, trace_ids)
    return [
        trace_row(row | {"scores": scores.get(key.trace_id)})
        for key in keys
        if (row := rows.get(key.trace_id)) and key.span_id in (None, row["span_id"])
    ]
