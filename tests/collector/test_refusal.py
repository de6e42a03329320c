"""A collector that cannot store now says so, and stores again when it can."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from otlp_requests import otlp_request, rows, span, trace_request
from processes import start_collector

from collector.config import Settings
from collector.storage.engine import Store
from collector.writer import Writer

PROTOBUF = {"content-type": "application/x-protobuf"}


def post(url: str, body: bytes) -> urllib3.BaseHTTPResponse:
    http = urllib3.PoolManager(retries=False)
    return http.request("POST", f"{url}/v1/traces", body=body, headers=PROTOBUF)


def test_a_full_collector_asks_to_come_back_in_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = trace_request(span({"tracer.input": "x" * 2000}))
    monkeypatch.setenv("TRACER_MAX_PENDING_BYTES", "1000")
    with start_collector(tmp_path) as running:
        answer = post(running.url, body)
        small = post(running.url, trace_request(span()))
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert small.status == 200


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    running = Writer(store, Settings(writers=1, linger_ms=0))
    running.start()
    yield running
    running.close()


@contextlib.contextmanager
def receipts_that_fail(store: Store) -> Iterator[None]:
    """Receipts can be read but not written: rows are stored, then the store fails."""
    with store.handle("write") as client:
        client.command("ALTER TABLE receipts RENAME COLUMN batch TO batch_away")
        yield
        client.command("ALTER TABLE receipts RENAME COLUMN batch_away TO batch")


def test_a_store_that_fails_answers_503_and_the_repeat_is_stored_once(
    store: Store, writer: Writer, project: str
) -> None:
    body = trace_request(span(), span(), project=project)
    with receipts_that_fail(store):
        first = writer.offer(otlp_request(body)).outcome.result(timeout=60)
        assert len(rows(store, project)) == 2
    second = writer.offer(otlp_request(body)).outcome.result(timeout=60)
    assert (first.status, second.status) == (503, 200)
    assert len(rows(store, project)) == 2
