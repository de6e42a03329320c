"""Everything that storing a request says to the engine.

Order within a request: its rows, then its receipt. A row whose digest has no receipt is
left from a store that was cut off, and is deleted before its request is stored again.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import RequestTooLarge, StoreFull
from collector.records import (
    EvaluationEventRow,
    EventRow,
    OtlpRequest,
    Outcome,
    RequestFacts,
    ScoreRow,
    Sender,
    StoredSignal,
)
from collector.span_rows.row import SpanRow
from collector.storage.engine import MOST_DAYS, Handle, Store, engine_errors
from collector.storage.intake.views import insert_settings
from collector.storage.nodes import change_rows, on_shards
from collector.storage.statements import sql

ROW_TABLES = ("spans", "scores", "evaluation_events", "events")
"""Tables whose rows carry the digest of the request that brought them."""

SIGNALS_OF_TABLE: Mapping[str, tuple[StoredSignal, ...]] = {
    "spans": ("traces",),
    "scores": ("logs", "traces"),
    "evaluation_events": ("logs", "traces"),
    "events": ("logs",),
}
"""Which requests bring rows of a table."""

QUEUE_LIMIT_S = 600
"""A request is answered within this time, so that unfinished rows are never older than
the last receipt by more."""

REPEAT_DAYS = 8
"""A request that is sent again later than this may be stored twice."""

NEEDED_BYTES = 64 * 1024 * 1024
"""What must be free before anything is stored again on a disk that was full."""

INSERT_MEMORY_BYTES = 4 * 1024**3
"""What one insert of spans may take: 64 MB of normal ones take a quarter of it, as many
bytes of empty attributes would take ten times as much."""

OVER_QUERY_LIMIT = "Query memory limit exceeded"
"""The engine's words for a statement that needs too much, not for a full machine."""

OVER_DAYS = "Too many partitions for single INSERT block"
"""The engine's words for an insert of over `MOST_DAYS` days."""

Row = SpanRow | ScoreRow | EvaluationEventRow | EventRow

_TABLE_OF_ROW: dict[type[Row], str] = {
    SpanRow: "spans",
    ScoreRow: "scores",
    EvaluationEventRow: "evaluation_events",
    EventRow: "events",
}


def insert_otlp(
    client: Handle,
    body: bytes,
    *,
    is_rewritten: bool = False,
    memory_bytes: int = INSERT_MEMORY_BYTES,
) -> None:
    """Store the spans of an envelope of ResourceSpans frames.

    Args:
        client: Where to.
        body: The envelope.
        is_rewritten: Whether nested values are JSON text that we wrote.
        memory_bytes: What it may take.

    Raises:
        RequestTooLarge: the engine needs more memory for them, or they are of too many
            days.
    """
    limit = {"max_memory_usage": str(memory_bytes)}
    with _size_refusals(memory_bytes):
        client.raw_insert(
            "otlp_traces",
            insert_block=body,
            fmt="ProtobufList",
            settings=insert_settings(is_rewritten=is_rewritten) | limit,
        )


@contextlib.contextmanager
def _size_refusals(memory_bytes: int = 0) -> Iterator[None]:
    """Tell what is refused for what it would take from what fails.

    Raises:
        RequestTooLarge: the insert takes too much memory, or is of too many days.
    """
    try:
        yield
    except ClickHouseError as error:
        why = ""
        if OVER_QUERY_LIMIT in str(error):
            why = f"to store it takes over {memory_bytes >> 20} MiB of memory"
        elif OVER_DAYS in str(error):
            why = f"its items are of over {MOST_DAYS} days"
        if not why:
            raise
        raise RequestTooLarge(f"{why}; send smaller batches") from error


def request_facts(client: Handle, numbers: Sequence[int]) -> dict[int, RequestFacts]:
    """Return request number → facts of requests whose spans were just inserted."""
    rows = client.query(sql("request_facts"), parameters={"numbers": list(numbers)})
    return {
        int(number): RequestFacts(
            n_items=int(items),
            n_rejected=int(rejected),
            n_nested=int(nested),
            sender=Sender(*sender),
        )
        for number, items, rejected, nested, *sender in rows.result_rows
    }


def insert_rows(client: Handle, rows: Sequence[Row]) -> None:
    """Store rows of one table.

    Raises:
        RequestTooLarge: they are of too many days.
    """
    if not rows:
        return
    kind = type(rows[0])
    names = [field.name for field in fields(kind)]
    with _size_refusals():
        client.insert(
            _TABLE_OF_ROW[kind],
            [[getattr(row, name) for row in rows] for name in names],
            column_names=names,
            column_oriented=True,
        )


@engine_errors()
def known_receipts(client: Handle, digests: Iterable[bytes]) -> dict[bytes, Outcome]:
    """Return digest → outcome of requests that are stored already."""
    wanted = [digest.hex() for digest in digests]
    rows = client.query(sql("known_receipts"), parameters={"digests": wanted})
    return {
        bytes.fromhex(name): Outcome(200, str(message), int(items), int(rejected))
        for name, items, rejected, message in rows.result_rows
    }


def insert_receipts(
    client: Handle, outcomes: Sequence[tuple[OtlpRequest, Outcome]]
) -> None:
    """Put on record that requests are stored."""
    client.insert(
        "receipts",
        [
            [
                request.digest,
                request.signal,
                outcome.n_items,
                outcome.n_rejected,
                outcome.message,
                request.received_ms,
                request.number,
                *astuple(outcome.sender),
            ]
            for request, outcome in outcomes
        ],
        column_names=[
            "digest",
            "signal",
            "n_items",
            "n_rejected",
            "message",
            "received_at",
            "request_number",
            *(field.name for field in fields(Sender)),
        ],
    )


@engine_errors()
def check_room(store: Store) -> None:
    """Do nothing if the store's disk has room again, on each of its servers.

    Raises:
        StoreFull: it has too little; the message says how much.
    """
    free = min(on_shards(store, _unreserved))
    if free < NEEDED_BYTES:
        raise StoreFull(
            f"the store's disk is full: {free >> 20} MiB are free, "
            f"{NEEDED_BYTES >> 20} are needed; make room"
        )


def _unreserved(client: Handle) -> int:
    rows = client.query("SELECT max(unreserved_space) FROM system.disks").result_rows
    return int(rows[0][0])


@engine_errors()
def delete_rows(store: Store, digests: Iterable[bytes]) -> None:
    """Delete the rows that these requests brought."""
    wanted = {"digests": [digest.hex() for digest in digests]}
    for table in ROW_TABLES:
        change_rows(store, sql("delete_rows"), table, wanted)


@engine_errors()
def delete_unfinished(store: Store) -> int:
    """Delete rows without a receipt, left by a process that ended while storing.

    Only for a store that nobody else writes to. Returns how many requests they were of.
    """
    found: set[bytes] = set()
    with store.handle("write") as client:
        since = {"since_ms": _end_of_work_ms(client) - QUEUE_LIMIT_S * 1000}
        for table in ROW_TABLES:
            statement = sql("unfinished_digests").format(table=table)
            rows = client.query(statement, parameters=since)
            found.update(bytes(row[0]) for row in rows.result_rows)
    if found:
        delete_rows(store, found)
    return len(found)


def _end_of_work_ms(client: Handle) -> int:
    """Return when the last receipt came or, if there are none, the last row.

    A store without receipts is one that was cut off in its first request, or was filled
    by other means: of that, not everything may be taken for cut off.
    """
    n_receipts, last_ms = _last_of(client, "receipts")
    if n_receipts:
        return last_ms
    return max(last_ms for _, last_ms in (_last_of(client, t) for t in ROW_TABLES))


def _last_of(client: Handle, table: str) -> tuple[int, int]:
    """Return how many rows a table has, and when the last came."""
    (found,) = client.query(sql("last_received").format(table=table)).result_rows
    return int(found[0]), int(found[1])
