"""What grows old goes: whole days of spans and events, older scores, used receipts."""

import datetime

from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.nodes import change_rows, on_shards
from collector.storage.statements import sql
from collector.storage.writes import REPEAT_DAYS

FIRST_DAY = datetime.date(2020, 1, 1)
"""Earlier days and those after 2069 share partition 0: migrations/0001_spans.sql."""


@engine_errors()
def drop_receipts(store: Store) -> None:
    """Drop the receipts of requests that nobody repeats any more.

    Counted from the newest receipt, not from today: those around it tell at the next
    start which rows were cut off, however long nothing came.
    """
    with store.handle("write") as client:
        newest = client.query(sql("newest_receipt")).result_rows[0][0]
    _drop_days(store, "receipts", newest - datetime.timedelta(days=REPEAT_DAYS))


@engine_errors()
def drop_older(store: Store, first_kept: datetime.date) -> None:
    """Drop what happened before a day: spans, events, scores, signs of life of runs.

    Rows with a time that no clock of today shows go by the day of their receipt.
    """
    for table in ("spans", "events"):
        _drop_days(store, table, first_kept)
        _delete(store, table, "received_at", first_kept, within="IN PARTITION ID '0'")
    for table in ("scores", "evaluation_events"):
        _delete(store, table, "ts", first_kept)


def _drop_days(store: Store, table: str, first_kept: datetime.date) -> None:
    holder = store.holder(table)
    days = {
        "table": holder,
        "first": int(f"{FIRST_DAY:%Y%m%d}"),
        "end": int(f"{first_kept:%Y%m%d}"),
    }

    def drop(client: Handle) -> None:
        for (day,) in client.query(sql("old_days"), parameters=days).result_rows:
            client.command(f"ALTER TABLE {holder} DROP PARTITION ID '{int(day)}'")

    on_shards(store, drop)


def _delete(
    store: Store,
    table: str,
    column: str,
    first_kept: datetime.date,
    *,
    within: str = "",
) -> None:
    day = {"first_kept": first_kept}
    statement = sql("delete_older")
    change_rows(store, statement, table, day, column=column, within=within)
