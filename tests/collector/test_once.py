"""A request is stored once, however often it is sent and whatever happens between."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from otlp_requests import (
    ON_EITHER_SHARD,
    START_NS,
    log_request,
    otlp_request,
    put,
    record,
    rows,
    span,
    trace_request,
)

from collector.config import Settings
from collector.errors import RequestTooLarge
from collector.otlp.frames import bytes_field, envelope, varint, with_appended
from collector.otlp.nested import JSON_VALUE_FIELD
from collector.prepared import PreparedLogs, PreparedTraces, prepare
from collector.records import OtlpRequest, Outcome, Signal
from collector.storage import writes
from collector.storage.commit import FEW_BYTES
from collector.storage.engine import MOST_DAYS, Store
from collector.storage.intake.views import insert_settings, install_views
from collector.writer import Writer

pytestmark = [pytest.mark.every_store, pytest.mark.usefixtures("few_rows")]

DAY_NS = 86_400 * 10**9


def answers(store: Store, *requests: OtlpRequest) -> list[Outcome]:
    """Have a writer of its own store requests in one group."""
    writer = Writer(store, Settings(writers=1, linger_ms=200))
    waiting = [writer.offer(request) for request in requests]
    writer.start()
    outcomes = [pending.outcome.result(timeout=60) for pending in waiting]
    writer.close()
    return outcomes


def test_a_writer_that_did_not_start_can_be_closed(store: Store) -> None:
    """What ends a start closes all, and said that a thread was not started."""
    Writer(store, Settings()).close()


def cut_off(store: Store, body: bytes, *, signal: Signal) -> None:
    """Stop where a killed process would: the rows are there, the receipt is not."""
    item = prepare(otlp_request(body, signal=signal), max_bytes=1 << 20)
    with store.handle("write") as client:
        if isinstance(item, PreparedTraces):
            writes.insert_otlp(client, envelope(item.pieces))
        elif isinstance(item, PreparedLogs):
            writes.insert_rows(client, item.rows.events)


def test_a_repeat_is_answered_like_the_first_and_not_stored(
    store: Store, project: str
) -> None:
    body = trace_request(span(), span(span_id=b"short"), project=project)
    (first,) = answers(store, otlp_request(body))
    (second,) = answers(store, otlp_request(body))
    assert (first.status, first.n_rejected) == (second.status, second.n_rejected)
    assert first.message == second.message != ""
    assert len(rows(store, project)) == 1


def test_unfinished_rows_are_deleted_and_finished_ones_are_not(
    store: Store, project: str
) -> None:
    put(store, trace_request(span(name="whole"), project=project))
    put(store, log_request(record({}), project=project), signal="logs")
    cut_off(
        store, trace_request(span(name="cut off"), project=project), signal="traces"
    )
    lost = record({}, event_name="cut off", time_unix_nano=START_NS + 1)
    cut_off(store, log_request(lost, project=project), signal="logs")
    assert len(rows(store, project)) == len(rows(store, project, "events")) == 2
    assert writes.delete_unfinished(store) == 2
    assert [row["name"] for row in rows(store, project)] == ["whole"]
    assert [row["name"] for row in rows(store, project, "events")] == [""]


IMPORTED = """
import sys
from collector.config import Settings
from collector.errors import RequestTooLarge
from collector.storage.engine import open_store
from collector.storage.migrate import migrate
from collector.writer import Writer

store = open_store(sys.argv[1])
migrate(store)
with store.handle("write") as client:
    for table in ("spans", "scores"):
        for age_s in (0, 60, 3600, 86400):
            if table == "spans" or age_s > 600:
                client.command(
                    f"INSERT INTO {table} (digest, received_at) SELECT "
                    f"toFixedString('{age_s}', 16), toDateTime64(1.79e9 - {age_s}, 3)"
                )
    if sys.argv[2] == "receipt":
        client.command(
            "INSERT INTO receipts (digest, received_at) SELECT "
            "toFixedString('another', 16), toDateTime64(1.79e9 - 90, 3)"
        )
    writer = Writer(store, Settings())
    writer.start()
    writer.close()
    for table in ("spans", "scores"):
        print(client.command(f"SELECT count() FROM {table}"))
store.close()
"""


@pytest.mark.parametrize("receipts", ["none", "receipt"])
def test_a_store_with_few_receipts_or_none_loses_only_its_newest_rows(
    tmp_path: Path, receipts: str
) -> None:
    """A store that was filled by other means lost all its rows at the first start."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, f"chdb://{tmp_path}", receipts],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["2", "2"]


def test_a_poison_request_fails_alone(store: Store, project: str) -> None:
    good = [trace_request(span(name=f"n{i}"), project=project) for i in range(3)]
    # a frame that says it is a ResourceSpans and holds a span that is cut off
    broken_span = bytes_field(2, bytes_field(2, b"\x0a" + varint(200) + b"short"))
    poison = bytes_field(1, broken_span)
    requests = [otlp_request(body) for body in (good[0], poison, good[1], good[2])]
    outcomes = answers(store, *requests)
    assert [outcome.status for outcome in outcomes] == [200, 400, 200, 200]
    assert sorted(row["name"] for row in rows(store, project)) == ["n0", "n1", "n2"]


def test_a_request_that_breaks_its_reader_fails_alone(
    store: Store, project: str
) -> None:
    """Its whole group was told to come back, for ever."""
    good = otlp_request(trace_request(span(), project=project))
    broken = replace(good, body="no bytes", number=1, digest=bytes(16))
    outcomes = answers(store, good, broken)
    assert [outcome.status for outcome in outcomes] == [200, 400]
    assert "cannot be read" in outcomes[1].message


def test_another_projects_items_are_rejected(store: Store, project: str) -> None:
    body = trace_request(span(), span(), project="someone-elses")
    outcome = put(store, body, key_project=project)
    assert (outcome.n_items, outcome.n_rejected) == (2, 2)
    unnamed = trace_request(span())
    assert put(store, unnamed, key_project=project).n_rejected == 0
    assert len(rows(store, project)) == 1


def test_bad_ids_reject_only_their_span(store: Store, project: str) -> None:
    outcome = put(
        store,
        trace_request(
            span(name="good"),
            span(trace_id=b"x" * 17),
            span(span_id=b""),
            span(trace_id=bytes(16)),
            span(parent_span_id=b"abc"),
            project=project,
        ),
    )
    assert (outcome.n_items, outcome.n_rejected) == (5, 4)
    assert [row["name"] for row in rows(store, project)] == ["good"]


def test_a_sender_cannot_write_our_own_fields(store: Store, project: str) -> None:
    """Fields from 1000 on in a ResourceSpans are overruled by those we append."""
    body = trace_request(span(), project=project)
    forged = with_appended(body, bytes_field(1001, b"stolen"))
    outcome = put(store, b"".join(forged))
    assert outcome.n_rejected == 0
    assert len(rows(store, project)) == 1
    assert rows(store, "stolen") == []


@pytest.mark.parametrize("beside", [{}, {"nested": {"a": 1}}], ids=["flat", "nested"])
def test_a_sender_cannot_write_json_of_ours(
    store: Store, project: str, beside: dict[str, object]
) -> None:
    """What lies in our field of a value is put into JSON as it is."""
    one = span(beside | {"mine": "x"})
    forged = bytes_field(JSON_VALUE_FIELD, b'"},{"name":"forged"')
    one.attributes[-1].value.ParseFromString(forged)
    one.events.add(name="e").attributes.add(key="k").value.ParseFromString(forged)
    outcome = put(store, trace_request(one, project=project), few_bytes=0)
    (row,) = rows(store, project)
    assert (outcome.n_items, row["attributes"]["mine"]) == (1, "null")
    (event,) = orjson.loads(row["events"])
    assert event["attributes"] == {"k": None}


def test_a_server_is_told_the_same_schemas_by_every_process() -> None:
    """It keeps each for ever, on its disk and in its memory."""
    told = "from collector.storage.intake.views import insert_settings as told"
    ways = (False, True)
    asked = f"{told}; print([told(is_rewritten=way) for way in {ways}])"
    other = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    here = [insert_settings(is_rewritten=way) for way in ways]
    assert other.stdout.strip() == str(here)


def test_a_field_that_claims_our_own_bytes_is_refused_and_harms_no_neighbour(
    store: Store, project: str
) -> None:
    """It swallowed the fields we append: rows without a digest, neighbours tripled."""
    good = [trace_request(span(name=f"n{i}"), project=project) for i in range(3)]
    whole = trace_request(span(name="damaged"), project=project)
    (piece,) = with_appended(whole, b"")[1:2]
    for n_claimed in (1, 20, 60):
        damaged = bytes(piece) + varint(3 << 3 | 2) + varint(n_claimed)
        requests = [otlp_request(body) for body in (*good, bytes_field(1, damaged))]
        outcomes = answers(store, *requests)
        assert [outcome.status for outcome in outcomes] == [200, 200, 200, 400]
    assert sorted(row["name"] for row in rows(store, project)) == ["n0", "n1", "n2"]


def test_spans_that_meet_no_view_are_refused_and_stored_by_the_repeat(
    store: Store, project: str
) -> None:
    """A second collector replaces the views: inserts between went nowhere, with 200."""
    large = "x" * FEW_BYTES  # such requests are left to the engine
    body = trace_request(span({"large": large}), span(), project=project)
    with store.handle("write") as client:
        client.command("DROP TABLE otlp_spans_view")
        client.command("ALTER TABLE otlp_traces MODIFY COMMENT 'none'")
    (first,) = answers(store, otlp_request(body))
    empty = put(store, b"")
    install_views(store)
    (second,) = answers(store, otlp_request(body))
    assert (first.status, empty.status, second.status) == (503, 200, 200)
    assert len(rows(store, project)) == 2


def test_rows_that_a_collector_left_are_stored_again_and_not_doubled(
    store: Store, project: str
) -> None:
    """On a server, where another collector writes on, they were kept and doubled."""
    spans = trace_request(span(), span(), project=project)
    logs = log_request(record({}), project=project)
    cut_off(store, spans, signal="traces")
    cut_off(store, logs, signal="logs")
    outcomes = answers(store, otlp_request(spans), otlp_request(logs, signal="logs"))
    assert [outcome.status for outcome in outcomes] == [200, 200]
    assert len(rows(store, project)) == 2
    assert len(rows(store, project, "events")) == 1


def test_spans_that_take_too_much_memory_are_told_to_come_in_smaller_batches(
    store: Store, project: str
) -> None:
    """A gzip of 60 kB, empty attributes, took tens of gigabytes."""
    wide = span({f"key-{number}": "x" for number in range(1000)})
    item = prepare(
        otlp_request(trace_request(*[wide] * 20, project=project)), max_bytes=1 << 26
    )
    assert isinstance(item, PreparedTraces)
    with store.handle("write") as client, pytest.raises(RequestTooLarge, match="MiB"):
        writes.insert_otlp(client, envelope(item.pieces), memory_bytes=1 << 24)
    assert rows(store, project) == []


@pytest.mark.parametrize("few_bytes", [0, FEW_BYTES], ids=["engine", "python"])
@pytest.mark.parametrize("resources", ["one", "many"])
def test_spans_of_very_many_days_are_told_to_come_in_smaller_batches(
    store: Store, project: str, few_bytes: int, resources: str
) -> None:
    """Each day is a partition: a request of 16 kB made seven thousand files."""
    on_one = {"trace_id": ON_EITHER_SHARD[0]}  # each shard has as many days as may be
    days = [
        span(start_time_unix_nano=START_NS - day * DAY_NS, **on_one)
        for day in range(MOST_DAYS + 9)
    ]
    bodies = [days] if resources == "one" else [[one] for one in days]
    body = b"".join(trace_request(*some, project=project) for some in bodies)
    with pytest.raises(RequestTooLarge, match="days"):
        put(store, body, few_bytes=few_bytes)
    assert rows(store, project) == []
