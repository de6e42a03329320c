"""Spans that were sent again in another request: the older copy goes.

An SDK that makes a new batch of spans whose answer it did not see sends them in a body
of another digest, which no receipt knows. Lists show the newer copy at once; sums count
both until this pass has been.

Each step may be repeated, also by several collectors at one time: which copy stays is
decided by the rows alone, and the one that stays is never in anybody's list.
"""

from collector.records import LAST_NS
from collector.storage.deleting.removals import remove_matching
from collector.storage.engine import Store, engine_errors
from collector.storage.statements import sql

DELETE_ROWS = 3000
"""Rows named by one delete: their keys travel within the statement's address."""

_CONDITION = (
    "project = {project:String} AND concat(trace_id, span_id, digest) IN "
    "(SELECT unhex(arrayJoin(extractAll({keys:String}, '[0-9a-f]{80}'))))"
)
"""The rows of a project whose keys (40 bytes each) stand in one text."""


@engine_errors()
def remove_doubles(
    store: Store, after_ms: int, until_ms: int, *, everywhere: bool
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
