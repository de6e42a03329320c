"""A server's rows stay single, whatever becomes of the collectors before it."""

import threading
from pathlib import Path

import pytest
import urllib3
from otlp_requests import rows, span, trace_request
from processes import start_collector

from collector.storage.engine import open_store

SENDERS = 8


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


def post(http: urllib3.PoolManager, url: str, body: bytes) -> int:
    headers = {"content-type": "application/x-protobuf"}
    return http.request("POST", f"{url}/v1/traces", body=body, headers=headers).status


@pytest.mark.server
def test_what_was_sent_to_a_collector_that_was_killed_is_stored_once_by_the_next(
    tmp_path: Path, clickhouse_url: str, project: str
) -> None:
    """Rows without a receipt were cleaned only in embedded stores."""
    sent: list[bytes] = []
    with start_collector(tmp_path, store_url=clickhouse_url) as running:
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
    with start_collector(tmp_path, store_url=clickhouse_url) as running:
        http = urllib3.PoolManager()
        assert {post(http, running.url, body) for body in sent} == {200}
    store = open_store(clickhouse_url)
    assert len(rows(store, project)) == 2 * len(sent)
    store.close()
