"""Deleting on demand: a trace, everything of a user, a project.

Receipts stay, so that a repeat of a request does not bring back what was deleted. Each
step may be repeated: after a kill the same delete finds what is left.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StoreFull
from collector.storage.deleting.removals import (
    LIMIT_S,
    count_matching,
    drop_whole_parts,
    remove_matching,
)
from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.nodes import change_rows
from collector.storage.statements import sql
from collector.storage.writes import check_room

FULL_LIMIT_S = 20
"""So long a delete is waited for on a full disk, where it may never be done."""

TRACES_AT_A_TIME = 3000
"""Traces named by one delete: their ids travel within the statement's address."""

_IN_PROJECT = "({project:String} = '' OR project = {project:String})"

_TRACES = (
    "trace_id IN (SELECT toFixedString(unhex(arrayJoin("
    "extractAll({trace_ids:String}, '[0-9a-f]{32}'))), 16))"
)

_SOURCE = "JSONExtractString(body, 'source', 'trace_id')"

_MADE_OF = f"{_SOURCE} IN extractAll({{trace_ids:String}}, '[0-9a-f]{{32}}')"

IDS_AT_A_TIME = 5000
"""Dataset rows named by one change of versions: their ids travel in the same way."""

TRACE_TABLES = ("scores", "events", "spans")
"""Spans last: they tell which traces are a user's."""

PROJECT_TABLES = (
    "scores",
    "events",
    "evaluation_events",
    "spans",
    "documents",
    "dataset_versions",
    "dataset_rows",
)


@dataclass(frozen=True)
class Doomed:
    """Rows that are to be deleted: a condition for each table, in order."""

    conditions: Mapping[str, str]
    """Table → text of ours; values stand in the parameters."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What the conditions name."""

    is_much: bool = False
    """Whether it may be all that lies in a part."""


Counts = dict[str, int]
"""Table → rows."""


def of_traces(trace_ids: list[str], project: str, *, with_datasets: bool) -> Doomed:
    """Return what belongs to traces.

    Args:
        trace_ids: 32 hex digits each, lower case.
        project: only what lies in it; empty for all.
        with_datasets: whether rows of datasets that were made of them belong too.
    """
    conditions = {table: f"{_IN_PROJECT} AND {_TRACES}" for table in TRACE_TABLES}
    if with_datasets:
        conditions = {"dataset_rows": f"{_IN_PROJECT} AND {_MADE_OF}"} | conditions
    known = {"trace_ids": "".join(trace_ids), "project": project}
    return Doomed(conditions, known)


def of_project(project: str) -> Doomed:
    """Return everything of a project."""
    condition = "project = {project:String}"
    conditions = dict.fromkeys(PROJECT_TABLES, condition)
    return Doomed(conditions, {"project": project}, is_much=True)


def records_of_user(user_id: str, project: str) -> Doomed:
    """Return log records that name a user, of whichever trace or none."""
    named = f"{_IN_PROJECT} AND attributes['user.id'] = {{user_id:String}}"
    return Doomed({"events": named}, {"user_id": user_id, "project": project})


@engine_errors()
def traces_of_user(client: Handle, user_id: str, project: str) -> list[str]:
    """Return the ids of the traces in which a user appears."""
    known = {"user_id": user_id, "project": project}
    rows = client.query(sql("traces_of_user"), parameters=known).result_rows
    return [str(row[0]) for row in rows]


@engine_errors()
def count(store: Store, doomed: Doomed) -> Counts:
    """Return how many rows of each table would go."""
    return {
        table: count_matching(store, table, condition, doomed.parameters)
        for table, condition in doomed.conditions.items()
    }


@engine_errors()
def delete(store: Store, doomed: Doomed) -> Counts:
    """Delete rows and return how many there were of each table.

    Raises:
        StoreFull: the disk has no room to write anew what lies beside the rows.
    """
    counts = left = count(store, doomed)
    if doomed.is_much:  # needs little room, and makes some
        for table in filter(counts.get, doomed.conditions):
            condition, known = doomed.conditions[table], doomed.parameters
            drop_whole_parts(store, table, condition, known, why="deleted")
        left = count(store, doomed)
    if left.get("dataset_rows") and not doomed.is_much:
        _shorten_versions(store, doomed)
    for table in filter(left.get, doomed.conditions):
        _remove(store, table, doomed)
    return counts


def _shorten_versions(store: Store, doomed: Doomed) -> None:
    """Take rows out of their versions, which comes first: a repeat finds them yet."""
    statement = sql("ids_of_dataset_rows").format(
        condition=doomed.conditions["dataset_rows"]
    )
    known = dict(doomed.parameters)
    with store.handle("write") as client:
        ids = [row[0] for row in client.query(statement, parameters=known).result_rows]
    for first in range(0, len(ids), IDS_AT_A_TIME):
        given = "".join(map(str, ids[first : first + IDS_AT_A_TIME]))
        known = {"row_ids": given, "project": doomed.parameters["project"]}
        change_rows(store, sql("shorten_versions"), "dataset_versions", known)


def _remove(store: Store, table: str, doomed: Doomed) -> None:
    condition, known = doomed.conditions[table], doomed.parameters
    limit_s = LIMIT_S
    try:
        check_room(store)
    except StoreFull:
        limit_s = FULL_LIMIT_S
    try:
        remove_matching(store, table, condition, known, why="deleted", limit_s=limit_s)
    except ClickHouseError as error:
        if limit_s == LIMIT_S:
            raise
        raise StoreFull(
            "the store's disk is full, and a delete writes anew what lies beside the "
            f"rows: those of {table!r} are there until it has room"
        ) from error


def in_pieces(
    trace_ids: list[str], project: str, *, with_datasets: bool
) -> list[Doomed]:
    """Return what belongs to many traces, so many a statement."""
    return [
        of_traces(piece, project, with_datasets=with_datasets)
        for piece in _pieces(trace_ids)
    ]


def count_made_of(store: Store, trace_ids: list[str], project: str) -> int:
    """Return how many rows of datasets name one of these traces as their source."""
    condition = {"dataset_rows": f"{_IN_PROJECT} AND {_MADE_OF}"}
    return sum(
        count(
            store, Doomed(condition, {"trace_ids": "".join(piece), "project": project})
        )["dataset_rows"]
        for piece in _pieces(trace_ids)
    )


def _pieces(trace_ids: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(trace_ids), TRACES_AT_A_TIME):
        yield trace_ids[first : first + TRACES_AT_A_TIME]
