"""Spans that were sent again in another request: the older copy goes.

An SDK that makes a new batch of spans whose answer it did not see sends them in a body
of another digest, which no receipt knows. Lists show the newer copy at once; sums count
both until this pass has been.

Each step may be repeated, also by several collectors at one time: which copy stays is
decided by the rows alone, and the one that stays is never in anybody's list.
"""

from collector.records import LAST_NS
from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.removals import remove_matching
from collector.storage.statements import sql

WINDOW_ROWS = 500_000
"""Spans looked up at a time: bounds the memory of a step."""

DELETE_ROWS = 3000
"""Rows named by one delete: their keys travel within the statement's address."""

_CONDITION = (
    "project = {project:String} AND concat(trace_id, span_id, digest) IN "
    "(SELECT unhex(arrayJoin(extractAll({keys:String}, '[0-9a-f]{80}'))))"
)
"""The rows of a project whose keys (40 bytes each) stand in one text."""


@engine_errors()
def watermark(client: Handle, name: str) -> int:
    """Return how far a work has come, milliseconds since 1970; 0 if never begun."""
    rows = client.query(sql("watermark"), parameters={"name": name}).result_rows
    return max(0, int(rows[0][0]))


@engine_errors()
def set_watermark(client: Handle, name: str, at_ms: int) -> None:
    """Put on record how far a work has come; by the engine's clock not beyond now.

    A collector whose clock is ahead must not have another's spans passed over.
    """
    known = {"name": name, "at_ms": at_ms}
    client.command(sql("set_watermark"), parameters=known)


@engine_errors()
def next_window(client: Handle, after_ms: int) -> int:
    """Return the end of the window that begins after a moment; 0 if nothing came."""
    found = {"after_ms": after_ms, "most": WINDOW_ROWS}
    rows = client.query(sql("next_window"), parameters=found).result_rows
    return max(0, int(rows[0][0]))


@engine_errors()
def remove_doubles(
    store: Store, *, after_ms: int, until_ms: int, everywhere: bool
) -> int:
    """Remove older copies of the spans that came in a window; return how many rows.

    Args:
        store: holds the spans.
        after_ms: the window's beginning, milliseconds since 1970.
        until_ms: its end.
        everywhere: whether copies are looked for among all spans, or only among those
            that begin when the window's own do: a copy mostly has the same start.
    """
    asked: dict[str, int] = {"after_ms": after_ms, "until_ms": until_ms}
    with store.handle("write") as client:
        first_ns, last_ns, n_spans = client.query(
            sql("times_received"), parameters=asked
        ).result_rows[0]
        if not n_spans:
            return 0
        asked["first_ns"] = 0 if everywhere else int(first_ns)
        asked["last_ns"] = LAST_NS if everywhere else int(last_ns)
        found = client.query(sql("doubled_spans"), parameters=asked).result_rows
    older: dict[str, list[str]] = {}
    for key, project in found:
        older.setdefault(str(project), []).append(str(key))
    for project, keys in older.items():
        for first in range(0, len(keys), DELETE_ROWS):
            _remove(store, project, keys[first : first + DELETE_ROWS])
    return len(found)


def _remove(store: Store, project: str, keys: list[str]) -> None:
    known = {"keys": "".join(keys), "project": project}
    remove_matching(store, "spans", _CONDITION, known, why="newer copy")
