"""What grows old goes: whole days of spans and events, older scores, used receipts."""

import datetime

from collector.storage.engine import Handle, engine_errors
from collector.storage.statements import sql
from collector.storage.writes import REPEAT_DAYS

FIRST_DAY = datetime.date(2020, 1, 1)
"""Earlier days and those after 2069 share partition 0: migrations/0001_spans.sql."""


@engine_errors()
def drop_receipts(client: Handle) -> None:
    """Drop the receipts of requests that nobody repeats any more.

    Counted from the newest receipt, not from today: those around it tell at the next
    start which rows were cut off, however long nothing came.
    """
    newest = client.query(sql("newest_receipt")).result_rows[0][0]
    _drop_days(client, "receipts", newest - datetime.timedelta(days=REPEAT_DAYS))


@engine_errors()
def drop_older(client: Handle, first_kept: datetime.date) -> None:
    """Drop what happened before a day: spans, events, scores, signs of life of runs.

    Rows with a time that no clock of today shows go by the day of their receipt.
    """
    for table in ("spans", "events"):
        _drop_days(client, table, first_kept)
        _delete(client, table, "received_at", first_kept, within="IN PARTITION ID '0'")
    for table in ("scores", "evaluation_events"):
        _delete(client, table, "ts", first_kept)


def _drop_days(client: Handle, table: str, first_kept: datetime.date) -> None:
    days = {
        "table": table,
        "first": int(f"{FIRST_DAY:%Y%m%d}"),
        "end": int(f"{first_kept:%Y%m%d}"),
    }
    for (partition,) in client.query(sql("old_days"), parameters=days).result_rows:
        client.command(f"ALTER TABLE {table} DROP PARTITION ID '{int(partition)}'")


def _delete(
    client: Handle,
    table: str,
    column: str,
    first_kept: datetime.date,
    *,
    within: str = "",
) -> None:
    names = {"table": table, "column": column, "within": within}
    day = {"first_kept": first_kept, "table": table}
    client.command(sql("delete_older").format(**names), parameters=day)
