"""A server's rows stay single and get prices, whatever becomes of its collectors."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3
from otlp_requests import (
    ON_EITHER_SHARD,
    forget_rows,
    log_request,
    put,
    record,
    rows,
    span,
    trace_request,
)
from processes import CollectorProcess, start_collector, wait_until

from collector.identity import COLLECTOR_ID
from collector.records import OtlpRequest
from collector.storage import collectors, writes
from collector.storage.engine import Store, open_store
from collector.storage.intake.views import install_views
from collector.storage.migrate import migrate
from collector.storage.prices import table as prices
from collector.storage.repeated import once

pytestmark = pytest.mark.server
SENDERS = 8
TRIES = 50 if "TRACER_TEST_STORES" in os.environ else 4
"""Bodies sent to two collectors at once; many in `make soak`."""

HEADERS = {"content-type": "application/x-protobuf"}


@pytest.fixture(scope="module", params=["server", "cluster"])
def server_url(request: pytest.FixtureRequest) -> str:
    name = "clickhouse_url" if request.param == "server" else "cluster_url"
    url = str(request.getfixturevalue(name))
    store = open_store(url)
    forget_rows(store)
    store.close()
    return url


@pytest.fixture
def server(server_url: str) -> Iterator[Store]:
    store = open_store(server_url)
    yield store
    store.close()


@contextmanager
def two_collectors(
    tmp_path: Path, url: str
) -> Iterator[tuple[CollectorProcess, CollectorProcess]]:
    with (
        start_collector(tmp_path, store_url=url) as one,
        start_collector(tmp_path, store_url=url) as other,
    ):
        yield one, other


def send_until_it_dies(url: str, project: str, sent: list[bytes], number: int) -> None:
    http = urllib3.PoolManager(retries=False)
    for count in range(10_000):
        name = f"{number}-{count}"
        body = trace_request(span(name=name), span(name=name), project=project)
        sent.append(body)
        try:
            post(http, url, body)
        except urllib3.exceptions.HTTPError:
            return


def post(
    http: urllib3.PoolManager, url: str, body: bytes, signal: str = "traces"
) -> int:
    target = f"{url}/v1/{signal}"
    return http.request("POST", target, body=body, headers=HEADERS).status


def post_until_stored(
    http: urllib3.PoolManager, url: str, body: bytes, signal: str = "traces"
) -> None:
    """Send as senders do: again after a 503."""
    wait_until(lambda: post(http, url, body, signal) == 200)


def test_what_a_killed_collector_was_sent_is_stored_once_by_another(
    tmp_path: Path, server_url: str, server: Store, project: str
) -> None:
    """Rows without a receipt were cleaned only in embedded stores."""
    sent: list[bytes] = []
    with two_collectors(tmp_path, server_url) as (running, other):
        senders = [
            threading.Thread(
                target=send_until_it_dies, args=(running.url, project, sent, number)
            )
            for number in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        while len(sent) < 10 * SENDERS:
            senders[0].join(0.01)
        running.process.kill()
        for sender in senders:
            sender.join()
        http = urllib3.PoolManager()
        for body in sent:
            post_until_stored(http, other.url, body)
    assert len(rows(server, project)) == 2 * len(sent)


def test_what_two_collectors_are_sent_at_the_same_moment_is_stored_once(
    tmp_path: Path, server_url: str, server: Store, project: str
) -> None:
    """Neither saw the other's rows, so that both stored them and both answered 200."""
    spans = [trace_request(span(), span(), project=project) for _ in range(TRIES)]
    logs = [
        log_request(record({}, event_name=str(i)), project=project)
        for i in range(TRIES // 4)
    ]
    bodies = [("traces", body) for body in spans] + [("logs", body) for body in logs]
    http = urllib3.PoolManager(maxsize=4, block=True)
    with two_collectors(tmp_path, server_url) as both, ThreadPoolExecutor(2) as pool:
        for signal, body in bodies:
            gate = threading.Barrier(2)

            def send(
                url: str,
                signal: str = signal,
                body: bytes = body,
                gate: threading.Barrier = gate,
            ) -> None:
                gate.wait()
                post_until_stored(http, url, body, signal)

            list(pool.map(send, [one.url for one in both]))
    print(f"{copied(server, project)} of {TRIES} were stored by both at first")
    assert len(rows(server, project)) == 2 * len(spans)
    assert len(rows(server, project, "events")) == len(logs)


def copied(store: Store, project: str) -> int:
    """How many requests of spans have two receipts."""
    statement = (
        "SELECT count() FROM (SELECT digest FROM receipts WHERE digest IN"
        " (SELECT digest FROM spans WHERE project = {project:String})"
        " GROUP BY digest HAVING count() > 1)"
    )
    with store.handle("read") as client:
        found = client.query(statement, parameters={"project": project}).result_rows
    return int(found[0][0])


def request_of(digest: bytes) -> OtlpRequest:
    return OtlpRequest(
        number=0,
        signal="traces",
        body=b"",
        is_json=False,
        encoding="identity",
        digest=digest,
        key_project="",
        received_ms=0,
    )


@pytest.fixture
def stored_twice(tmp_path: Path, server_url: str, server: Store, project: str) -> bytes:
    """One request's rows and receipt from two collectors: 1 and 2; its digest."""
    body = trace_request(span(), span(), project=project)
    with start_collector(tmp_path, store_url=server_url) as running:
        post_until_stored(urllib3.PoolManager(), running.url, body)
    first = rows(server, project)[0]
    digest, original = bytes(first["digest"]), int(first["request_number"])
    again = (
        "INSERT INTO {table} SELECT * REPLACE ({{n:UInt64}} AS request_number)"
        " FROM (SELECT * FROM {table} WHERE request_number = {{original:UInt64}})"
    )
    with server.handle("write") as client:
        for number in (1, 2):
            for table in ("spans", "receipts"):
                values = {"n": number << 32, "original": original}
                client.command(again.format(table=table), parameters=values)
    once.delete_requests(server, [(digest, original)])
    return digest


def numbers(store: Store, project: str) -> list[int]:
    return sorted(row["request_number"] >> 32 for row in rows(store, project))


def test_of_two_copies_the_same_one_stays_and_never_none(
    server: Store, project: str, stored_twice: bytes
) -> None:
    assert numbers(server, project) == [1, 1, 2, 2]
    with server.handle("write") as client:
        assert once.settle(server, client, [stored_twice]) == 1
        assert once.settle(server, client, [stored_twice]) == 0
    assert numbers(server, project) == [1, 1]


def test_rows_that_a_living_collector_brings_are_left_alone(
    server: Store, project: str, stored_twice: bytes
) -> None:
    """Another collector deleted them, and the first put its receipt behind nothing."""
    requests = [request_of(stored_twice)]
    with server.handle("write") as client:
        busy = once.clear_way(server, client, requests, lambda: {1})
        assert busy == {stored_twice}
        assert numbers(server, project) == [1, 1]  # 2 no longer lived
        assert once.clear_way(server, client, requests, set) == set()
    assert numbers(server, project) == []


def test_a_collector_is_known_to_live_by_what_it_said(
    tmp_path: Path, server_url: str, server: Store
) -> None:
    with start_collector(tmp_path, store_url=server_url):
        before = collectors.living(server, within_s=5)
        collectors.speak(server, COLLECTOR_ID)
        assert collectors.living(server, within_s=5) >= before | {COLLECTOR_ID}
        assert before - {COLLECTOR_ID}
    assert writes.REPEAT_DAYS > 1


def test_models_that_have_a_price_only_later_are_found_on_all_shards(
    server: Store, project: str
) -> None:
    migrate(server)
    install_views(server)
    usage = {"gen_ai.request.model": project, "gen_ai.usage.input_tokens": 5}
    for trace_id in ON_EITHER_SHARD:
        put(server, trace_request(span(usage, trace_id=trace_id), project=project))
    with server.handle("read") as client:
        assert prices.unpriced_models(client)[("", project)] is False
    price = {"provider": "", "model": project, "input": 1.0, "output": 2.0}
    price |= {"first_day": "2020-01-01", "last_day": "2100-01-01", "cache_read": None}
    prices.insert_prices(server, [price], source="test")
    with server.handle("read") as client:
        assert prices.unpriced_models(client)[("", project)] is True
