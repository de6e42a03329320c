"""Deletes what is too old: what happened by its day, receipts by when they came.

Production rows and rows of evaluations have ages of their own, for the whole store and
for single projects. Parts of which nothing is to be kept are dropped whole.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.storage.deleting.removals import (
    count_matching,
    drop_partition,
    drop_whole_parts,
    remove_matching,
)
from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.nodes import on_shards
from collector.storage.statements import sql
from collector.storage.writes import REPEAT_DAYS

FIRST_DAY = datetime.date(2020, 1, 1)
"""Earlier days and those after 2069 share partition 0: migrations/0001_spans.sql."""

NO_DAY = "0"
"""The partition of times that no clock of today shows."""

_FOR_EVER = datetime.date(1970, 1, 1)

_FIRST_KEPT = """if(
    {is_evaluation},
    transform(
        project,
        {{projects:Array(String)}},
        {{evaluations:Array(Date)}},
        {{evaluations_else:Date}}
    ),
    transform(
        project,
        {{projects:Array(String)}},
        {{production:Array(Date)}},
        {{production_else:Date}}
    )
)"""

_OF_EVALUATION = {
    "spans": "evaluation_id != ''",
    "scores": "evaluation_id != ''",
    "evaluation_events": "1",
    # log records hold content of spans: an evaluation's are kept with its traces
    "events": """(project, trace_id) IN (
    SELECT project, trace_id
    FROM {spans}
    WHERE evaluation_id != '' AND _partition_id IN {near:Array(String)}
)""",
}
"""Table → which of its rows belong to an evaluation; `{spans}` is where spans are."""


@dataclass(frozen=True)
class Ages:
    """How many days rows are kept; 0 keeps them for ever."""

    production: int = 0
    """Of what no evaluation brought."""

    evaluations: int = 0
    """Of the spans, scores and runs of evaluations."""


@dataclass(frozen=True)
class Policy:
    """What is kept how long."""

    everywhere: Ages = field(default_factory=Ages)
    """Of projects that have no ages of their own."""

    projects: Mapping[str, Ages] = field(default_factory=dict)
    """Projects with ages of their own."""

    def parameters(self, today: datetime.date) -> dict[str, Any]:
        """Return what the conditions name: the first day kept, by project."""
        own = list(self.projects.values())
        return {
            "projects": list(self.projects),
            "production": [_first_kept(today, ages.production) for ages in own],
            "evaluations": [_first_kept(today, ages.evaluations) for ages in own],
            "production_else": _first_kept(today, self.everywhere.production),
            "evaluations_else": _first_kept(today, self.everywhere.evaluations),
        }

    def newest_old_day(self, today: datetime.date) -> datetime.date | None:
        """Return the first day of which everything is kept, None if all days are."""
        every = [self.everywhere, *self.projects.values()]
        days = [d for ages in every for d in (ages.production, ages.evaluations) if d]
        return _first_kept(today, min(days)) if days else None


def _first_kept(today: datetime.date, days: int) -> datetime.date:
    return today - datetime.timedelta(days=days) if days else _FOR_EVER


@engine_errors()
def newest_receipt(store: Store) -> datetime.date:
    """Return the day (UTC) on which the newest request came, 1970 if none did."""
    with store.handle("write") as client:
        day: datetime.date = client.query(sql("newest_receipt")).result_rows[0][0]
    return day


@engine_errors()
def drop_receipts(store: Store) -> None:
    """Drop the receipts of requests that nobody repeats any more.

    Counted from the newest receipt, not from today: those around it tell at the next
    start which rows were cut off, however long nothing came.
    """
    first_kept = newest_receipt(store) - datetime.timedelta(days=REPEAT_DAYS)
    for table in ("receipts", "removals"):
        for partition in days_before(store, table, first_kept):
            drop_partition(store, table, partition)


@engine_errors()
def drop_older(store: Store, policy: Policy, today: datetime.date) -> None:
    """Drop what is older than the policy keeps: spans, events, scores, life of runs.

    Rows with a time that no clock of today shows go by the day of their receipt.
    """
    end = policy.newest_old_day(today)
    if end is None:
        return
    parameters = policy.parameters(today)
    # events before spans: which of them belong to an evaluation, spans tell
    for table in ("events", "spans"):
        for partition in days_before(store, table, end):
            near = [_shifted(partition, days) for days in (-1, 0, 1)]
            known = parameters | {"near": near}
            _drop_old_rows(
                store, table, partition, condition_of(store, table, "ts"), known
            )
        known = parameters | {"near": [NO_DAY]}
        condition = condition_of(store, table, "received_at")
        _drop_old_rows(store, table, NO_DAY, condition, known)
    for table in ("scores", "evaluation_events"):
        condition = condition_of(store, table, "ts")
        if count_matching(store, table, condition, parameters):
            remove_matching(store, table, condition, parameters, why="age")


def condition_of(store: Store, table: str, column: str) -> str:
    """Return which rows of a table are older than the policy keeps, by a column."""
    # a delete at work knows no database but the one that is said
    spans = "spans" if store.is_embedded else f"`{store.url.database}`.spans"
    of_evaluation = _OF_EVALUATION[table].replace("{spans}", spans)
    first_kept = _FIRST_KEPT.format(is_evaluation=of_evaluation)
    return f"toDate({column}) < {first_kept}"


def _drop_old_rows(
    store: Store, table: str, partition: str, condition: str, known: dict[str, Any]
) -> None:
    here = f"_partition_id = '{partition}' AND {condition}"
    if count_matching(store, table, here, known):
        drop_whole_parts(store, table, condition, known, why="age", partition=partition)
    if count_matching(store, table, here, known):
        remove_matching(store, table, condition, known, why="age", partition=partition)


def days_before(store: Store, table: str, end: datetime.date) -> list[str]:
    """Return the partitions of days before a day, oldest first; of all shards."""
    asked = {
        "table": store.holder(table),
        "first": int(f"{FIRST_DAY:%Y%m%d}"),
        "end": int(f"{end:%Y%m%d}"),
    }

    def days(client: Handle) -> set[str]:
        rows = client.query(sql("old_days"), parameters=asked).result_rows
        return {str(int(day)) for (day,) in rows}

    return sorted(set[str]().union(*on_shards(store, days)))


def _shifted(partition: str, days: int) -> str:
    day = datetime.datetime.strptime(partition, "%Y%m%d").replace(tzinfo=datetime.UTC)
    return f"{day + datetime.timedelta(days=days):%Y%m%d}"
