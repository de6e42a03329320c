"""Sent = stored: what each process says it sent is compared with the rows there are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import (
    attributes,
    log_request,
    otlp_request,
    put,
    record,
    rows,
    span,
    trace_request,
)
from reading import read

from collector.storage import writes
from collector.storage.engine import Store
from collector.storage.reads.ledger import MOST_MISSING, read_ledger
from collector.storage.reads.scope import Scope

pytestmark = pytest.mark.usefixtures("few_rows")


def put_batch(
    store: Store,
    project: str,
    number: int,
    *spans: Any,
    before: int,
    instance_id: str = "",
) -> bytes:
    """Store one numbered request of spans; return its body."""
    resource: dict[str, Any] = {
        "service__instance__id": instance_id or project,
        "tracer__batch": number,
        "tracer__sent_before": before,
        "service__name": "bot",
    }
    body = trace_request(*spans, project=project, **resource)
    put(store, body)
    return body


def ledger(
    store: Store, project: str, *, since_ns: int = 0, kept_from_s: int = 0
) -> list[dict[str, Any]]:
    scope = Scope(projects=(project,), since_ns=since_ns)
    return read(store, read_ledger, scope, kept_from_s=kept_from_s, limit=100)


def counts(row: dict[str, Any]) -> tuple[int, int, int, str]:
    return row["n_sent"], row["n_stored"], row["n_missing_batches"], row["verdict"]


def test_spans_and_scores_under_one_numbering_are_complete(
    store: Store, project: str
) -> None:
    put_batch(store, project, 1, span(), span(), before=0)
    resource: dict[str, Any] = {
        "service__instance__id": project,
        "tracer__batch": 2,
        "tracer__sent_before": 2,
    }
    scored = {"gen_ai.evaluation.name": "good", "gen_ai.evaluation.score.value": 1}
    records = [
        record(scored, event_name="gen_ai.evaluation.result"),
        record({"tracer.evaluation.id": "run"}, event_name="tracer.evaluation.alive"),
        record({}, event_name="other"),
    ]
    logs = log_request(*records, project=project, **resource)
    put(store, logs, signal="logs")
    put_batch(store, project, 3, span(), before=5)
    (row,) = ledger(store, project)
    assert counts(row) == (6, 6, 0, "complete")
    assert (row["project"], row["service"]) == (project, "bot")
    assert (row["n_batches"], row["last_batch"], row["missing_batches"]) == (3, 3, [])
    first, last = (datetime.fromisoformat(row[name]) for name in ("first", "last"))
    assert first <= last <= datetime.now(UTC)


def test_a_score_that_comes_on_a_span_is_no_item_of_its_own(
    store: Store, project: str
) -> None:
    """Its row was one too many: the batch was said to be there twice."""
    judged = {"gen_ai.evaluation.name": "good", "gen_ai.evaluation.score.value": 1}
    event = Span.Event(name="gen_ai.evaluation.result", attributes=attributes(judged))
    put_batch(store, project, 1, span(events=[event]), span(), before=0)
    assert len(rows(store, project, "scores")) == 1
    (row,) = ledger(store, project)
    assert counts(row) == (2, 2, 0, "complete")


def test_batches_that_did_not_come_are_named(store: Store, project: str) -> None:
    for number in (2, 3, 6):
        put_batch(store, project, number, span(), before=number - 1)
    (row,) = ledger(store, project)
    assert counts(row) == (6, 3, 3, "gaps")
    assert row["missing_batches"] == [1, 4, 5]


def test_the_list_of_missing_batches_is_bounded(store: Store, project: str) -> None:
    put_batch(store, project, 1, span(), before=0)
    put_batch(store, project, 10_000_000, span(), before=9_999_999)
    (row,) = ledger(store, project)
    assert row["n_missing_batches"] == 9_999_998
    assert row["missing_batches"] == list(range(2, 2 + MOST_MISSING))


def test_items_that_were_rejected_are_partial_and_counted(
    store: Store, project: str
) -> None:
    put_batch(store, project, 1, span(), span(span_id=b"bad"), before=0)
    (row,) = ledger(store, project)
    assert counts(row) == (2, 1, 0, "partial")
    assert (row["n_received"], row["n_rejected"]) == (2, 1)


def test_a_part_of_a_split_batch_that_was_set_aside_shows_with_the_next(
    store: Store, project: str
) -> None:
    put_batch(store, project, 1, span(), before=0)
    put_batch(store, project, 1, span(), before=0)  # another half under its number
    put_batch(store, project, 2, span(), before=3)
    (row,) = ledger(store, project)
    assert counts(row) == (4, 3, 0, "partial")
    assert row["n_batches"] == 2


def test_a_receipt_that_is_there_twice_counts_once(store: Store, project: str) -> None:
    """Two collectors that store one body at the same moment both put it on record."""
    body = put_batch(store, project, 1, span(), before=0)
    with store.handle("write") as client:
        request = otlp_request(body)
        facts = writes.known_receipts(client, [request.digest])
        assert len(facts) == 1
        client.command(
            "INSERT INTO receipts SELECT * FROM receipts"
            " WHERE instance_id = {id:String}",
            parameters={"id": project},
        )
    (row,) = ledger(store, project)
    assert counts(row) == (1, 1, 0, "complete")


def test_rows_that_vanished_behind_a_receipt_are_missed(
    store: Store, project: str
) -> None:
    body = put_batch(store, project, 1, span(), span(), before=0)
    put_batch(store, project, 2, span(), before=2)
    writes.delete_rows(store, [otlp_request(body).digest])
    (row,) = ledger(store, project)
    assert counts(row) == (3, 1, 0, "partial")
    (old,) = ledger(store, project, kept_from_s=4_000_000_000)  # gone by their age
    assert counts(old) == (3, 3, 0, "complete")


def test_rows_of_one_batch_that_are_there_twice_are_told(
    store: Store, project: str
) -> None:
    body = put_batch(store, project, 1, span(), before=0)
    with store.handle("write") as client:
        client.command(
            "INSERT INTO spans SELECT * FROM spans WHERE project = {project:String}",
            parameters={"project": project},
        )
    assert body
    (row,) = ledger(store, project)
    assert counts(row) == (1, 2, 0, "repeated")


def test_rows_that_lack_in_one_batch_are_not_made_up_for_by_another(
    store: Store, project: str
) -> None:
    """Only the totals were compared, and they agreed."""
    lost = put_batch(store, project, 1, span(), span(), before=0)
    twice = span(name="twice")
    put_batch(store, project, 2, twice, span(name="twice"), before=2)
    put_batch(store, project, 3, span(), before=4)
    writes.delete_rows(store, [otlp_request(lost).digest])
    with store.handle("write") as client:
        client.command(
            "INSERT INTO spans SELECT * FROM spans"
            " WHERE project = {project:String} AND name = 'twice'",
            parameters={"project": project},
        )
    (row,) = ledger(store, project)
    assert counts(row) == (5, 5, 0, "partial")
    assert (row["n_lacking"], row["n_repeated"]) == (2, 2)


def test_a_batch_that_is_there_whole_and_in_parts_is_repeated(
    store: Store, project: str
) -> None:
    put_batch(store, project, 1, span(), span(), before=0)
    put_batch(store, project, 1, span(), before=0)
    put_batch(store, project, 2, span(), before=2)
    (row,) = ledger(store, project)
    assert counts(row) == (3, 4, 0, "repeated")
    assert (row["n_lacking"], row["n_repeated"]) == (0, 1)


def test_who_may_read_one_project_learns_nothing_of_another_by_its_processes_id(
    store: Store, project: str
) -> None:
    secret = f"{project}-secret"
    for number in (1, 2):
        put_batch(store, secret, number, span(), before=number - 1, instance_id=project)
    put_batch(store, project, 3, span(), before=2, instance_id=project)
    (row,) = ledger(store, project)
    assert (row["project"], row["n_stored"], row["first_batch"]) == (project, 1, 1)
    assert (row["n_batches"], row["missing_batches"]) == (1, [1, 2])


def test_each_process_has_its_row_and_other_projects_are_left_out(
    store: Store, project: str
) -> None:
    for instance_id in ("a", "b"):
        put_batch(
            store, project, 1, span(), before=0, instance_id=project + instance_id
        )
    put_batch(store, f"{project}-other", 1, span(), before=0)
    assert len(ledger(store, project)) == 2


def test_processes_that_sent_nothing_since_are_left_out(
    store: Store, project: str
) -> None:
    put_batch(store, project, 1, span(), before=0)
    later_ns = int(datetime.now(UTC).timestamp() + 60) * 10**9
    assert ledger(store, project, since_ns=later_ns) == []


def test_senders_that_number_nothing_have_no_ledger(store: Store, project: str) -> None:
    put(store, trace_request(span(), project=project))
    assert ledger(store, project) == []
