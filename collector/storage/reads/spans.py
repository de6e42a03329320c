"""Lists of spans."""

from dataclasses import replace
from typing import Any

from collector.storage.fields import SPANS
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.previews import fill_previews
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import (
    AFTER_TIME,
    Order,
    Page,
    Scope,
    encode_cursor,
    order_of,
)
from collector.storage.reads.shaping import first_of_each, with_metadata
from collector.storage.reads.slices import slices

ORDERS = {
    "start": Order("spans.ts", AFTER_TIME, "spans.span_id"),
    "duration_ms": Order("spans.duration_ns", "{after:UInt64}", "spans.span_id"),
    "cost_usd": Order("ifNull(spans.cost_usd, -1)", "{after:Float64}", "spans.span_id"),
    "total_tokens": Order(
        "toInt64(ifNull(spans.input_tokens, 0) + ifNull(spans.output_tokens, 0))",
        "{after:Int64}",
        "spans.span_id",
    ),
}
"""How a list of spans may be sorted, by the field's name."""


def list_spans(
    reader: Reader, scope: Scope, page: Page
) -> tuple[list[Row], str | None]:
    """Return one page of span rows and the cursor of the next, None at the end."""
    rows: list[Row] = []
    for part in slices(scope, page):
        left = replace(page, limit=page.limit - len(rows))
        rows += reader.rows("spans", **spans_question(reader, part, left))
        if len(rows) > page.limit:
            break
    cursor = None
    if len(rows) > page.limit:
        rows = rows[: page.limit]
        cursor = encode_cursor(page.order, rows[-1]["sort_value"], rows[-1]["span_id"])
    for row in rows:
        del row["sort_value"]
    shown = first_of_each(rows, "trace_id", "span_id")
    fill_previews(reader, scope, shown)
    return [with_metadata(row) for row in shown], cursor


def spans_question(reader: Reader, scope: Scope, page: Page) -> dict[str, Any]:
    """Return the parameters and parts of ``spans.sql`` for a page and one row more."""
    order = order_of(page, ORDERS)
    scope_sql = scope.sql("spans")
    found = Parameters(text_indexed=reader.text_indexed)
    judged = scope.projects_sql("scores")
    where = compile_where(page.where, SPANS, found, scope=scope_sql, scores=judged)
    parameters = scope.parameters | found.values | {"limit": page.limit + 1}
    return {
        "parameters": parameters,
        "scope": scope_sql,
        "where": where,
        "behind": order.behind(page, parameters),
        "order": order.sql(descending=page.descending),
        "value": order.shown,
    }
