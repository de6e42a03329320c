"""A caller that hangs up ends its statement, on both engines."""

import json
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import clickhouse_connect
import pytest
import urllib3
from otlp_requests import span, trace_request
from processes import CollectorProcess, start_collector, wait_until

WITHIN_S = 25
"""Less than the time after which the engine itself ends a read."""

ENDLESS = (
    "SELECT count() FROM spans AS a, spans AS b, spans AS c, spans AS d, spans AS e"
    " WHERE a.duration_ms + b.duration_ms + c.duration_ms + d.duration_ms"
    " + e.duration_ms < 0"
)
"""Asked over `N_SPANS` rows it takes hours."""

N_SPANS = 1000


@pytest.fixture(scope="module", params=["chdb", "server"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CollectorProcess]:
    """A collector of its own, with enough spans for an endless question."""
    url = None
    if request.param == "server":
        url = request.getfixturevalue("clickhouse_url") + "_hang_up"
    with start_collector(tmp_path_factory.mktemp("hang-up"), store_url=url) as running:
        body = trace_request(*(span() for _ in range(N_SPANS)), project="hang-up")
        headers = {"Content-Type": "application/x-protobuf"}
        answer = urllib3.request(
            "POST",
            f"{running.url}/v1/traces",
            body=body,
            headers=headers,
            timeout=WITHIN_S,
        )
        assert answer.status == 200
        yield running


def ask(collector: CollectorProcess) -> socket.socket:
    """Send the endless question and return its connection."""
    address = urlsplit(collector.url)
    body = json.dumps({"query": ENDLESS})
    head = (
        f"POST /api/v1/sql HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    caller = socket.create_connection((address.hostname, address.port))
    caller.sendall((head + body).encode())
    return caller


def gauge(collector: CollectorProcess, name: str) -> int:
    url = f"{collector.url}/metrics"
    text = urllib3.request("GET", url, timeout=WITHIN_S).data.decode()
    found = re.search(rf"^tracer_reads_{name} (\d+)$", text, re.MULTILINE)
    assert found
    return int(found[1])


def test_a_caller_that_hangs_up_ends_its_statement(filled: CollectorProcess) -> None:
    with ask(filled):
        wait_until(lambda: gauge(filled, "at_work") == 1)
    wait_until(lambda: gauge(filled, "at_work") == 0, limit_s=WITHIN_S)


def test_callers_that_hang_up_while_waiting_ask_nothing(
    filled: CollectorProcess,
) -> None:
    callers = [ask(filled) for _ in range(30)]
    wait_until(lambda: gauge(filled, "waiting") > 0)
    for caller in callers:
        caller.close()
    wait_until(
        lambda: gauge(filled, "at_work") + gauge(filled, "waiting") == 0,
        limit_s=WITHIN_S,
    )


def test_many_long_reads_leave_the_health_of_the_collector_answering(
    filled: CollectorProcess,
) -> None:
    callers = [ask(filled) for _ in range(20)]
    wait_until(lambda: gauge(filled, "waiting") > 0)
    url = f"{filled.url}/api/v1/health"
    health = urllib3.request("GET", url, timeout=WITHIN_S).json()
    assert health["status"] == "ok"
    assert gauge(filled, "waiting") > 0
    for caller in callers:
        caller.close()
    wait_until(lambda: gauge(filled, "at_work") == 0, limit_s=WITHIN_S)


@pytest.mark.server
def test_nothing_of_a_caller_that_hung_up_runs_on_the_server(
    filled: CollectorProcess, request: pytest.FixtureRequest
) -> None:
    if "chdb://" in str(filled.process.args):
        pytest.skip("an embedded engine tells nobody else what it runs")
    where = urlsplit(request.getfixturevalue("clickhouse_url"))
    client = clickhouse_connect.get_client(host=where.hostname, port=where.port)
    running = "SELECT count() FROM system.processes WHERE query LIKE '/* sql read-%'"

    def n_running() -> int:
        return int(client.query(running).result_rows[0][0])

    with ask(filled):
        wait_until(lambda: n_running() == 1)
    wait_until(lambda: n_running() == 0, limit_s=WITHIN_S)
    client.close()
