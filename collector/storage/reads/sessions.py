"""Lists of sessions."""

from collector.storage.fields import SPANS
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

_ID = "reinterpretAsFixedString(sipHash64(spans.session_id))"
ORDERS = {"start": Order("min(spans.ts)", AFTER_TIME, _ID)}


def list_sessions(
    reader: Reader, scope: Scope, page: Page
) -> tuple[list[Row], str | None]:
    """Return one page of session rows and the cursor of the next, None at the end.

    Conditions are those of spans: a session is shown if some span of it matches.
    """
    order = order_of(page, ORDERS)
    found = Parameters(text_indexed=reader.text_indexed)
    scope_sql = scope.sql("spans")
    judged = scope.projects_sql("scores")
    where = compile_where(page.where, SPANS, found, scope=scope_sql, scores=judged)
    parameters = scope.parameters | found.values | {"limit": page.limit + 1}
    keys = reader.rows(
        "session_keys",
        parameters,
        scope=scope_sql,
        where=where,
        behind=order.behind(page, parameters),
        order=order.sql(descending=page.descending),
        id_digits=f"lower(hex({_ID}))",
    )
    cursor = None
    if len(keys) > page.limit:
        keys = keys[: page.limit]
        cursor = encode_cursor(page.order, keys[-1]["sort_value"], keys[-1]["sort_id"])
    if not keys:
        return [], None
    asked = scope.parameters | {"session_ids": [key["session_id"] for key in keys]}
    return reader.rows("sessions", asked, scope=scope_sql), cursor
