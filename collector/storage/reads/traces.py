"""Lists of traces: keys by filter and order first, then the rows of one page.

A trace is listed by its entry span. Which span that is, only all its spans can tell, so
a key found by the filter counts if the row that comes back names the same span.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from collector.storage.fields import TRACES
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.previews import fill_previews
from collector.storage.reads.reader import Reader, Row, statement
from collector.storage.reads.scope import (
    Order,
    Page,
    Scope,
    encode_cursor,
    order_of,
)
from collector.storage.reads.shaping import first_of_each, trace_row
from collector.storage.reads.slices import slices
from collector.storage.reads.spans import ORDERS as SPAN_ORDERS

DAY_NS = 86_400 * 10**9
"""How long after the first the last span of a trace may start."""

SKEW_NS = 60 * 10**9
"""How far clocks may be apart: a span may seem to start before its entry span."""

BY_TOTAL = {
    "cost_usd": Order(
        "ifNull(sumIf(spans.cost_usd, spans.usage_counts), -1)",
        "{after:Float64}",
        "spans.trace_id",
        id_bytes=16,
    ),
    "total_tokens": Order(
        "toInt64(sumIf(ifNull(spans.input_tokens, 0) + ifNull(spans.output_tokens, 0),"
        " spans.usage_counts))",
        "{after:Int64}",
        "spans.trace_id",
        id_bytes=16,
    ),
}
"""Orders whose value needs all spans of a trace."""

BY_ENTRY = {name: SPAN_ORDERS[name] for name in ("start", "duration_ms")}
"""Orders whose value stands on the entry span."""


MAX_ROUNDS = 10
"""Reads made to fill a page; a page that is short then still names the next."""


@dataclass(frozen=True)
class _Key:
    trace_id: str
    """Hex digits."""

    value: Any
    """What the list is sorted by."""

    span_id: str | None = None
    """The span that matched; None where the whole trace was ranked."""

    start_ns: int | None = None
    """Start of that span."""

    is_entry: bool = False
    """Whether that span is an entry span: no other of its trace starts before."""

    def cursor(self, order: str) -> str:
        return encode_cursor(order, self.value, self.span_id or self.trace_id)


def list_traces(
    reader: Reader, scope: Scope, page: Page
) -> tuple[list[Row], str | None]:
    """Return one page of trace rows and the cursor of the next, None at the end."""
    order = order_of(page, BY_ENTRY | BY_TOTAL)
    wanted = page.limit
    found: list[Row] = []
    for _ in range(MAX_ROUNDS):
        page = replace(page, limit=wanted - len(found))
        keys = _keys(reader, scope, page, order)
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
    wide = replace(_widened(scope, before_ns=before_ns), origin="all")
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


def _rows_of(reader: Reader, scope: Scope, keys: Sequence[_Key]) -> list[Row]:
    """Return the rows of the keys whose span is the entry of its trace."""
    if not keys:
        return []
    starts = [key.start_ns for key in keys if key.start_ns is not None]
    before_ns = SKEW_NS if all(key.is_entry for key in keys) else DAY_NS
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


def _widened(
    scope: Scope, *, before_ns: int = DAY_NS, behind_ns: int = DAY_NS
) -> Scope:
    """Return the scope with more on both sides: where a trace's other spans are."""
    since_ns, until_ns = scope.since_ns, scope.until_ns
    return replace(
        scope,
        since_ns=None if since_ns is None else since_ns - before_ns,
        until_ns=None if until_ns is None else until_ns + behind_ns,
    )


def _inside(scope: Scope) -> Scope:
    """Return where the spans of traces that start in the scope are: none before it."""
    until_ns = None if scope.until_ns is None else scope.until_ns + DAY_NS
    return replace(scope, until_ns=until_ns, origin="all", prefix="inside_")


def _keys(reader: Reader, scope: Scope, page: Page, order: Order) -> list[_Key]:
    """Return the keys of one page and one more."""
    found: list[_Key] = []
    for part in slices(scope, page):
        left = replace(page, limit=page.limit - len(found))
        found += _keys_within(reader, part, left, order)
        if len(found) > page.limit:
            break
    return found


def _keys_within(reader: Reader, scope: Scope, page: Page, order: Order) -> list[_Key]:
    """Return the keys of one page and one more that lie in the scope's window."""
    scope_sql = scope.sql("spans")
    inside = _inside(scope)
    found = Parameters(text_indexed=reader.text_indexed)
    judged = scope.projects_sql("scores")
    inside_sql = inside.sql("spans")
    where = compile_where(page.where, TRACES, found, scope=inside_sql, scores=judged)
    parameters = scope.parameters | inside.parameters | found.values
    parameters |= {"limit": page.limit + 1}
    question = {
        "scope": scope_sql,
        "where": where,
        "behind": order.behind(page, parameters),
        "order": order.sql(descending=page.descending),
        "value": order.shown,
    }
    if order.id == "spans.trace_id":
        rows = reader.rows("trace_keys_by_total", parameters, **question)
        return [_Key(row["trace_id"], row["value"]) for row in rows]
    rows = reader.rows("trace_keys", parameters, **question)
    entries = {row["span_id"] for row in rows}
    if page.order == "-start" and len(rows) > page.limit:
        # Older ones belong to later pages: the engine need not look for them.
        parameters["since_ns"] = rows[-1]["start_ns"]
        scope = replace(scope, since_ns=rows[-1]["start_ns"])
    around = _widened(scope, behind_ns=SKEW_NS)
    around = replace(around, origin="all", prefix="around_")
    question |= {"scope": scope.sql("spans"), "around": around.sql("spans")}
    rows += reader.rows(
        "trace_keys_without_entry", parameters | around.parameters, **question
    )
    return _sorted_keys(rows, entries, page)


def _sorted_keys(rows: list[Row], entries: set[str], page: Page) -> list[_Key]:
    """Return the keys in order, each span once; `entries` are entry spans."""
    rows.sort(key=lambda row: (row["value"], row["span_id"]), reverse=page.descending)
    return [
        _Key(
            row["trace_id"],
            row["value"],
            row["span_id"],
            row["start_ns"],
            row["span_id"] in entries,
        )
        for row in first_of_each(rows, "trace_id", "span_id")[: page.limit + 1]
    ]
