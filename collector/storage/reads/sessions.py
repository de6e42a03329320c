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

_ID = "reinterpretAsFixedString(sipHash64(traces.session_id))"
ORDERS = {"start": Order("min(traces.first)", AFTER_TIME, _ID)}


def list_sessions(
    reader: Reader, scope: Scope, page: Page
) -> tuple[list[Row], str | None]:
    """Return one page of session rows and the cursor of the next, None at the end.

    Conditions are those of spans: a session is shown if some span of it matches.
    """
    order = order_of(page, ORDERS)
    found = Parameters()
    scope_sql = scope.sql("spans")
    where = compile_where(page.where, SPANS, found, scope=scope_sql)
    parameters = scope.parameters | found.values | {"limit": page.limit + 1}
    rows = reader.rows(
        "sessions",
        parameters,
        scope=scope_sql,
        where=where,
        behind=order.behind(page, parameters),
        order=order.sql(descending=page.descending),
        id_digits=f"lower(hex({_ID}))",
    )
    digits = [row.pop("sort_id") for row in rows]
    if len(rows) <= page.limit:
        return rows, None
    rows = rows[: page.limit]
    cursor = encode_cursor(page.order, rows[-1]["start_ns"], digits[page.limit - 1])
    return rows, cursor
