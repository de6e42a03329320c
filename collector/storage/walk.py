"""Going over the spans that came since a mark, window by window.

Marks are kept in the store, so that the next collector goes on where one stopped.
"""

from collections.abc import Callable

from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.statements import sql

WINDOW_ROWS = 500_000
"""Spans looked up at a time: bounds the memory of a step."""


def walk(
    store: Store,
    name: str,
    step: Callable[[int, int], int],
    *,
    overlap_s: int,
    is_over: Callable[[], bool],
) -> int:
    """Do a step for each window of what came since the mark; return their sum.

    Args:
        store: holds the spans.
        name: under which the mark is kept.
        step: given a window's beginning and end, milliseconds since 1970.
        overlap_s: what came so long before the mark is gone over again.
        is_over: whether to stop before the next window.
    """
    done = 0
    with store.handle("write") as client:
        begun_ms = watermark(client, name)
        if not next_window(client, begun_ms):
            return 0
        after_ms = max(0, begun_ms - overlap_s * 1000)
        while not is_over():
            until_ms = next_window(client, after_ms)
            if not until_ms:
                break
            done += step(after_ms, until_ms)
            set_watermark(client, name, until_ms)
            after_ms = until_ms
    return done


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
