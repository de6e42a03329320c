"""Keys of one page of traces: which of them, by filter and order.

A trace is listed by its entry span or, as long as there is none, by its earliest span.
Keys are found in three ways: by a total over whole traces; by conditions that all spans
of a trace share; else entry spans first, then what has none.
"""

from dataclasses import dataclass, replace
from typing import Any

from collector.storage.fields import TRACES
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Order, Page, Scope, encode_cursor
from collector.storage.reads.shaping import first_of_each
from collector.storage.reads.slices import slices
from collector.storage.reads.spans import ORDERS as SPAN_ORDERS

DAY_NS = 86_400 * 10**9
"""How long after the first the last span of a trace may start."""

SKEW_NS = 60 * 10**9
"""How far clocks may be apart: a span may seem to start before its entry span."""

_ID = "reinterpretAsFixedString(id)"
"""The trace's id in ``trace_keys_by_total.sql``, which groups by it as a number."""

BY_TOTAL = {
    "cost_usd": Order(
        "ifNull(sumIf(spans.cost_usd, spans.usage_counts), -1)",
        "{after:Float64}",
        _ID,
        id_bytes=16,
    ),
    "total_tokens": Order(
        "toInt64(sumIf(ifNull(spans.input_tokens, 0) + ifNull(spans.output_tokens, 0),"
        " spans.usage_counts))",
        "{after:Int64}",
        _ID,
        id_bytes=16,
    ),
}
"""Orders whose value needs all spans of a trace."""

BY_ENTRY = {name: SPAN_ORDERS[name] for name in ("start", "duration_ms")}
"""Orders whose value stands on the entry span."""


@dataclass(frozen=True)
class Key:
    """Which trace, and where in the list."""

    trace_id: str
    """Hex digits."""

    value: Any
    """What the list is sorted by."""

    span_id: str | None = None
    """The span that matched; None where the whole trace was ranked."""

    start_ns: int | None = None
    """Start of that span."""

    is_root: bool = False
    """Whether that span has no parent: no other of its trace starts before."""

    def cursor(self, order: str) -> str:
        """Return the cursor of the page behind it."""
        return encode_cursor(order, self.value, self.span_id or self.trace_id)


def keys_of_page(reader: Reader, scope: Scope, page: Page, order: Order) -> list[Key]:
    """Return the keys of one page and one more."""
    found: list[Key] = []
    for part in slices(scope, page):
        left = replace(page, limit=page.limit - len(found))
        found += _keys_within(reader, part, left, order)
        if len(found) > page.limit:
            break
    return found


def widened(scope: Scope, *, before_ns: int = DAY_NS, behind_ns: int = DAY_NS) -> Scope:
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


def _keys_within(reader: Reader, scope: Scope, page: Page, order: Order) -> list[Key]:
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
    if order.id == _ID:
        question |= _by_total(scope_sql, where)
        rows = reader.rows("trace_keys_by_total", parameters, **question)
        return [Key(row["trace_id"], row["value"]) for row in rows]
    if page.order == "-start" and _is_of_traces(page):
        rows = reader.rows("trace_keys_sought", parameters, **question)
        return _sorted_keys(rows, page)
    rows = reader.rows("trace_keys", parameters, **question)
    if len(rows) > page.limit and page.descending:
        rows += _among_full(reader, scope, rows[-1], order, (parameters, question))
    else:
        rows += _without_entry(reader, scope, parameters, question)
    return _sorted_keys(rows, page)


def _among_full(
    reader: Reader,
    scope: Scope,
    last: Row,
    order: Order,
    asked: tuple[dict[str, Any], dict[str, str]],
) -> list[Row]:
    """Return the keys of traces without entry span that rank before the last one.

    Those behind it belong to later pages: the engine need not look for them.
    """
    parameters, question = asked
    if order is BY_ENTRY["start"]:
        scope = replace(scope, since_ns=last["start_ns"])
        parameters = parameters | {"since_ns": last["start_ns"]}
        question = question | {"scope": scope.sql("spans")}
    else:
        least = order.after.replace("after", "least")
        parameters = parameters | {"least": last["value"]}
        behind = f"{question['behind']} AND {order.value} >= {least}"
        question = question | {"behind": behind}
        if not reader.rows("any_candidate", parameters, **question):
            return []
    picked = "{scope} AND {where} AND {behind}".format(**question)
    matter = (
        "spans.trace_id IN (SELECT spans.trace_id FROM spans"
        f" WHERE NOT spans.is_entry AND {picked})"
    )
    return _without_entry(reader, scope, parameters, question, matter=matter)


def _without_entry(
    reader: Reader,
    scope: Scope,
    parameters: dict[str, Any],
    question: dict[str, str],
    *,
    matter: str = "1",
) -> list[Row]:
    """Return the keys of traces without entry span; `matter` says of which traces."""
    around = widened(scope, behind_ns=SKEW_NS)
    around = replace(around, origin="all", prefix="around_")
    return reader.rows(
        "trace_keys_without_entry",
        parameters | around.parameters,
        **question | {"around": around.sql("spans"), "matter": matter},
    )


def _is_of_traces(page: Page) -> bool:
    """Return whether the page has conditions, and all are of whole traces."""
    fields = [condition.field for condition in page.where]
    return bool(fields) and all(map(TRACES.is_of_traces, fields))


def _by_total(scope: str, where: str) -> dict[str, str]:
    """Return which spans are added up, and which traces are wanted.

    A trace is wanted if an entry span in the scope matches. Without conditions one pass
    tells that, too; a condition may read columns that only entry spans are worth.
    """
    if where == "1":
        among = "(spans.is_entry OR spans.usage_counts)"
        return {"among": among, "listed": "max(spans.is_entry)"}
    entries = f"spans.is_entry AND {scope} AND {where}"
    matching = f"(SELECT spans.trace_id FROM spans WHERE {entries})"
    return {"among": f"spans.trace_id IN {matching}", "listed": "1"}


def _sorted_keys(rows: list[Row], page: Page) -> list[Key]:
    """Return the keys in order, each span once."""
    rows.sort(key=lambda row: (row["value"], row["span_id"]), reverse=page.descending)
    return [
        Key(
            row["trace_id"],
            row["value"],
            row["span_id"],
            row["start_ns"],
            bool(row.get("is_root")),
        )
        for row in first_of_each(rows, "trace_id", "span_id")[: page.limit + 1]
    ]
