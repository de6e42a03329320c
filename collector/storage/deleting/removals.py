"""Removing rows on purpose: on record first, so that the ledger does not miss them."""

from collections.abc import Mapping
from typing import Any, Literal

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.storage.engine import Handle, Store
from collector.storage.nodes import change_rows, on_shards
from collector.storage.statements import sql
from collector.storage.writes import REPEAT_DAYS, ROW_TABLES

Why = Literal["newer copy", "age", "disk budget", "deleted"]


NO_SUCH_PART = 232
"""NO_SUCH_DATA_PART: it was merged into another one."""

LIMIT_S = 600
"""A delete that is not done by then goes on, and is not waited for."""


def count_matching(
    store: Store, table: str, condition: str, parameters: Mapping[str, Any]
) -> int:
    """Return how many rows of a table meet a condition."""
    statement = sql("count_matching").format(table=table, condition=condition)
    with store.handle("write") as client:
        rows = client.query(statement, parameters=dict(parameters)).result_rows
    return int(rows[0][0])


def remove_matching(
    store: Store,
    table: str,
    condition: str,
    parameters: Mapping[str, Any],
    *,
    why: Why,
    partition: str = "",
    limit_s: int = LIMIT_S,
) -> None:
    """Delete the rows of a table that meet a condition; safe to repeat after a kill.

    Args:
        store: holds them.
        table: where they are.
        condition: text of ours; values stand in the parameters.
        parameters: what the condition names.
        why: for the record.
        partition: only in the partition of this id.
        limit_s: how long it is waited for.
    """
    note_removals(store, table, condition, parameters, why=why, partition=partition)
    within = f"IN PARTITION ID '{_checked(partition)}'" if partition else ""
    change_rows(
        store,
        sql("delete_matching"),
        table,
        parameters,
        condition=condition,
        within=within,
        limit_s=str(limit_s),
    )


def drop_partition(
    store: Store, table: str, partition: str, *, why: Why | None = None
) -> None:
    """Drop a whole partition, on record if its rows are some that the ledger counts."""
    if why is not None:
        note_removals(store, table, "1", {}, why=why, partition=partition)
    of_day = f"DROP PARTITION ID '{_checked(partition)}'"
    change_rows(store, "ALTER TABLE {table} {of_day}", table, {}, of_day=of_day)


def drop_whole_parts(
    store: Store,
    table: str,
    condition: str,
    parameters: Mapping[str, Any],
    *,
    why: Why,
    partition: str = "",
) -> None:
    """Drop the parts of which every row meets a condition, on record.

    By name: what is stored meanwhile lies in parts of its own. Parts that are merged
    meanwhile are left as they are. It needs a MiB of room, and makes some.
    """
    note_removals(store, table, condition, parameters, why=why, partition=partition)
    holder = store.holder(table)
    within = f"_partition_id = '{_checked(partition)}'" if partition else "1"
    known = {"holder": holder, "within": within, "condition": condition}
    statement = sql("whole_parts").format(**known)

    def drop(client: Handle) -> None:
        for name in whole_parts(client, statement, parameters):
            try:
                client.command(f"ALTER TABLE {holder} DROP PART '{name}'")
            except ClickHouseError as error:
                if getattr(error, "code", None) != NO_SUCH_PART:
                    raise

    on_shards(store, drop)


def whole_parts(
    client: Handle, statement: str, parameters: Mapping[str, Any]
) -> list[str]:
    """Return the parts that a statement of ours names."""
    rows = client.query(statement, parameters=dict(parameters)).result_rows
    return [str(name) for (name,) in rows]


def note_removals(
    store: Store,
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
    with store.handle("write") as client:
        client.command(statement, parameters=dict(parameters) | known)


def _checked(partition: str) -> str:
    if not partition.isalnum():
        raise ValueError(f"partition id {partition!r} is none of ours")
    return partition
