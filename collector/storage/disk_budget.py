"""Keeps the store within so many bytes: the oldest day goes first."""

import datetime
from dataclasses import dataclass

from collector.storage.engine import Handle, engine_errors
from collector.storage.removals import drop_partition, remove_matching
from collector.storage.retention import FIRST_DAY, NO_DAY
from collector.storage.statements import sql


@dataclass(frozen=True)
class Freed:
    """What a look at the disk led to."""

    days: tuple[str, ...]
    """Days that were dropped, as 20261127, oldest first."""

    used_bytes: int
    """What the store holds now."""


@engine_errors()
def used_bytes(client: Handle) -> int:
    """Return what the tables take on disk; parts that were replaced are not counted."""
    return int(client.query(sql("used_bytes")).result_rows[0][0])


@engine_errors()
def free_disk(client: Handle, *, budget_bytes: int, today: datetime.date) -> Freed:
    """Drop whole days, oldest first, until the store is within its budget.

    Evaluations of those days go too; datasets and what people edit stay. Today's rows
    are never dropped, so that the store may stay above a budget that is too small.
    """
    dropped: list[str] = []
    used = used_bytes(client)
    for day in _days_before(client, today):
        if used <= budget_bytes:
            break
        _drop_day(client, day)
        dropped.append(day)
        used = used_bytes(client)
    return Freed(tuple(dropped), used)


def _days_before(client: Handle, today: datetime.date) -> list[str]:
    """Return the days before today of which there are spans or events, oldest first."""
    found: set[str] = set()
    known = {"first": int(f"{FIRST_DAY:%Y%m%d}"), "end": int(f"{today:%Y%m%d}")}
    for table in ("spans", "events"):
        rows = client.query(sql("old_days"), parameters=known | {"table": table})
        found.update(str(int(day)) for (day,) in rows.result_rows)
    return sorted(found)


def _drop_day(client: Handle, day: str) -> None:
    for table in ("spans", "events"):
        drop_partition(client, table, day, why="disk budget")
        # times that no clock shows lie together: theirs is the day they came
        known = {"day": int(day)}
        older = "toYYYYMMDD(received_at) <= {day:UInt32}"
        remove_matching(
            client, table, older, known, why="disk budget", partition=NO_DAY
        )
    for table in ("scores", "evaluation_events"):
        older = "toYYYYMMDD(ts) <= {day:UInt32}"
        remove_matching(client, table, older, {"day": int(day)}, why="disk budget")
