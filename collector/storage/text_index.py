"""The index for searching inputs and outputs: put there and taken away by a setting.

It makes storing slower and takes half as much disk again, so that it is off unless
asked for. Without it a search scans the chosen window.
"""

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StorageError
from collector.storage.engine import Store
from collector.storage.migrate import make
from collector.storage.reads.reader import Reader, Row
from collector.storage.statements import sql


def set_text_index(store: Store, *, wanted: bool) -> None:
    """Add the index and have it filled in the background, or take it away.

    Raises:
        StorageError: the engine refuses; the message says which setting is meant.
    """
    try:
        _set(store, wanted=wanted)
    except ClickHouseError as error:
        cause = str(error).strip().partition("\n")[0][:300]
        raise StorageError(
            f"the text index cannot be changed ({cause}); "
            "start with TRACER_TEXT_INDEX=off, or with a newer engine"
        ) from error
    store.text_indexed = wanted


def _set(store: Store, *, wanted: bool) -> None:
    with store.handle("write") as client:
        is_there = text_index_state(Reader(client, ""), store)["state"] != "off"
    if wanted and not is_there:
        make(store, sql("add_text_index"))
        make(store, sql("fill_text_index"))
    elif is_there and not wanted:
        make(store, sql("drop_text_index"))


def text_index_state(reader: Reader, store: Store) -> Row:
    """Return ``state`` (off, building, on) and ``progress`` (0 to 1).

    Of a cluster, those of the server that is asked.
    """
    (row,) = reader.rows("text_index", {"table": store.holder("spans")})
    if not row["n_indices"]:
        return {"state": "off", "progress": 0.0}
    left, parts = row["n_tasks_left"] or 0, row["n_parts"]
    if not left:
        return {"state": "on", "progress": 1.0}
    # a part that was merged meanwhile is counted under its new name
    progress = max(0.0, 1 - left / max(left, parts))
    return {"state": "building", "progress": round(progress, 3)}
