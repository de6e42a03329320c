"""Model calls that repeat the usage of the calls right below them: shown, not added.

Two instrumentations that each record one call (a framework's span around that of the
provider's client) both say what it used. The two may come in any order and in different
requests, so stored rows are looked at, whichever way they came in. A row that is found
keeps its tokens and its cost; it only ceases to count.
"""

from collector.storage.engine import Store, engine_errors
from collector.storage.nodes import change_rows
from collector.storage.statements import sql

LONGEST_NS = 3600 * 10**9
"""A call that takes longer is not told from those below it."""

CHANGED_ROWS = 3000
"""Rows named by one change: their keys travel within the statement's address."""


@engine_errors()
def discount_repeats(store: Store, after_ms: int, until_ms: int) -> int:
    """Have calls no longer count whose usage stands below them; return how many rows.

    A call repeats if tokens in and out are those of one call right below it, or of all
    of them together; of the same project, trace and kind, and on no server's own span.

    Args:
        store: holds the spans.
        after_ms: beginning of the window in which one of them came, milliseconds
            since 1970.
        until_ms: its end.
    """
    asked = {"after_ms": after_ms, "until_ms": until_ms}
    with store.handle("write") as client:
        first_ns, last_ns, n_spans = client.query(
            sql("times_received"), parameters=asked
        ).result_rows[0]
        if not n_spans:
            return 0
        asked["first_ns"] = max(0, int(first_ns) - LONGEST_NS)
        asked["last_ns"] = int(last_ns) + LONGEST_NS
        found = client.query(sql("repeated_usage"), parameters=asked).result_rows
    keys_of: dict[str, list[str]] = {}
    for key, project in found:
        keys_of.setdefault(str(project), []).append(str(key))
    times = {name: asked[name] for name in ("first_ns", "last_ns")}
    for project, keys in keys_of.items():
        for first in range(0, len(keys), CHANGED_ROWS):
            given = "".join(keys[first : first + CHANGED_ROWS])
            known = {"keys": given, "project": project, **times}
            change_rows(store, sql("discount_spans"), "spans", known)
    return len(found)
