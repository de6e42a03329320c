"""Removing rows on purpose: on record first, so that the ledger does not miss them."""

from collections.abc import Mapping
from typing import Any, Literal

from collector.storage.engine import Handle
from collector.storage.statements import sql
from collector.storage.writes import REPEAT_DAYS, ROW_TABLES

Why = Literal["newer copy", "age", "disk budget", "deleted"]


def count_matching(
    client: Handle, table: str, condition: str, parameters: Mapping[str, Any]
) -> int:
    """Return how many rows of a table meet a condition."""
    statement = sql("count_matching").format(table=table, condition=condition)
    rows = client.query(statement, parameters=dict(parameters)).result_rows
    return int(rows[0][0])


def remove_matching(
    client: Handle,
    table: str,
    condition: str,
    parameters: Mapping[str, Any],
    *,
    why: Why,
    partition: str = "",
) -> None:
    """Delete the rows of a table that meet a condition; safe to repeat after a kill.

    Args:
        client: a handle for writing.
        table: where they are.
        condition: text of ours; values stand in the parameters.
        parameters: what the condition names.
        why: for the record.
        partition: only in the partition of this id.
    """
    note_removals(client, table, condition, parameters, why=why, partition=partition)
    within = f"IN PARTITION ID '{_checked(partition)}'" if partition else ""
    statement = sql("delete_matching").format(
        table=table, condition=condition, within=within
    )
    client.command(statement, parameters=dict(parameters))


def drop_partition(
    client: Handle, table: str, partition: str, *, why: Why | None = None
) -> None:
    """Drop a whole partition, on record if its rows are some that the ledger counts."""
    if why is not None:
        note_removals(client, table, "1", {}, why=why, partition=partition)
    client.command(f"ALTER TABLE {table} DROP PARTITION ID '{_checked(partition)}'")


def note_removals(
    client: Handle,
    table: str,
    condition: str,
    parameters: Mapping[str, Any],
    *,
    why: Why,
    partition: str = "",
) -> None:
    """Put on record that rows are about to be removed."""
    if table not in ROW_TABLES:
        return
    if partition:
        condition = f"({condition}) AND _partition_id = '{_checked(partition)}'"
    statement = sql("note_removals").format(table=table, condition=condition)
    known = {"why": why, "days": REPEAT_DAYS}
    client.command(statement, parameters=dict(parameters) | known)


def _checked(partition: str) -> str:
    if not partition.isalnum():
        raise ValueError(f"partition id {partition!r} is none of ours")
    return partition
