"""Keeps the store within so many bytes: the oldest day goes first."""

import datetime
from dataclasses import dataclass

from collector.storage.deleting.by_age import NO_DAY, days_before
from collector.storage.deleting.removals import drop_partition, remove_matching
from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.nodes import on_shards
from collector.storage.statements import sql


@dataclass(frozen=True)
class Freed:
    """What a look at the disk led to."""

    days: tuple[str, ...]
    """Days that were dropped, as 20261127, oldest first."""

    used_bytes: int
    """What the store holds now."""


@engine_errors()
def used_bytes(store: Store) -> int:
    """Return what the tables take on disk; parts that were replaced are not counted.

    Of a cluster, all shards together, each replica's copy not.
    """

    def used(client: Handle) -> int:
        return int(client.query(sql("used_bytes")).result_rows[0][0])

    return sum(on_shards(store, used))


@engine_errors()
def free_disk(store: Store, *, budget_bytes: int, today: datetime.date) -> Freed:
    """Drop whole days, oldest first, until the store is within its budget.

    Evaluations of those days go too; datasets and what people edit stay. Today's rows
    are never dropped, so that the store may stay above a budget that is too small.
    """
    dropped: list[str] = []
    used = used_bytes(store)
    found = {
        d for table in ("spans", "events") for d in days_before(store, table, today)
    }
    for day in sorted(found):
        if used <= budget_bytes:
            break
        _drop_day(store, day)
        dropped.append(day)
        used = used_bytes(store)
    return Freed(tuple(dropped), used)


def _drop_day(store: Store, day: str) -> None:
    for table in ("spans", "events"):
        drop_partition(store, table, day, why="disk budget")
        # times that no clock shows lie together: theirs is the day they came
        known = {"day": int(day)}
        older = "toYYYYMMDD(received_at) <= {day:UInt32}"
        remove_matching(store, table, older, known, why="disk budget", partition=NO_DAY)
    for table in ("scores", "evaluation_events"):
        older = "toYYYYMMDD(ts) <= {day:UInt32}"
        remove_matching(store, table, older, {"day": int(day)}, why="disk budget")
