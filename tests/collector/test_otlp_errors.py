"""Every error on a path of OTLP is told as OTLP tells it; browsers where allowed."""

import base64
import gzip
import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from otlp_requests import span, trace_request
from processes import CollectorProcess, start_collector

from collector.config import Settings, from_environment
from collector.errors import SettingsError

PROTOBUF = {"content-type": "application/x-protobuf; charset=utf-8"}
JSON = {"content-type": "Application/JSON"}
OTHER = "https://evil.example"
PAGE = "https://app.example"


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """A collector with a key, open to the pages of one origin."""
    patch = pytest.MonkeyPatch()
    patch.setenv("TRACER_API_KEY", "k-1")
    patch.setenv("TRACER_CORS_ORIGINS", f"{PAGE}, http://localhost:3000")
    with start_collector(tmp_path_factory.mktemp("keyed")) as running:
        patch.undo()
        yield running


def ask(
    running: CollectorProcess,
    method: str = "POST",
    path: str = "/v1/traces",
    body: bytes = b"",
    **headers: str,
) -> urllib3.BaseHTTPResponse:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return urllib3.request(method, f"{running.url}{path}", body=body, headers=given)


CASES = [
    ("POST", "/v1/nothing", 404, 5),
    ("GET", "/v1/traces", 405, 12),
    ("DELETE", "/v1/logs/", 405, 12),
    ("POST", "/api/public/otel/v1/nothing", 404, 5),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), CASES)
def test_an_error_is_a_status_in_the_encoding_of_the_request(
    collector: CollectorProcess, method: str, path: str, status: int, code: int
) -> None:
    answer = ask(collector, method, path, **PROTOBUF)
    assert answer.headers["content-type"] == "application/x-protobuf"
    told = Status.FromString(answer.data)
    assert (answer.status, told.code) == (status, code)
    assert told.message
    answer = ask(collector, method, path, **JSON)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["code"] == code
    assert answer.json()["message"]


def test_a_missing_key_and_a_foreign_page_are_told_so_too(
    keyed: CollectorProcess, collector: CollectorProcess
) -> None:
    answer = ask(keyed, **PROTOBUF)
    assert (answer.status, Status.FromString(answer.data).code) == (401, 16)
    assert answer.headers["www-authenticate"] == "Bearer"
    answer = ask(collector, origin=OTHER, **JSON)
    assert (answer.status, answer.json()["code"]) == (403, 7)


def test_the_read_api_keeps_its_own_form(keyed: CollectorProcess) -> None:
    answer = ask(keyed, "GET", "/api/v1/projects", **PROTOBUF)
    assert answer.json()["error"]["code"] == "unauthorized"


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer k-1",
        "bearer  k-1",
        "Basic " + base64.b64encode(b"pk-lf-1:k-1").decode(),
    ],
)
def test_a_key_is_read_as_bearer_and_as_password(
    keyed: CollectorProcess, authorization: str
) -> None:
    answer = ask(keyed, authorization=authorization, **PROTOBUF)
    assert answer.status == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer k-2",
        "Basic k-1",
        "Basic !",
        "Basic " + base64.b64encode(b"k-1").decode(),
    ],
)
def test_what_is_no_key_is_refused(keyed: CollectorProcess, authorization: str) -> None:
    assert ask(keyed, authorization=authorization, **PROTOBUF).status == 401


def preflight(
    running: CollectorProcess, path: str, origin: str
) -> urllib3.BaseHTTPResponse:
    return ask(
        running,
        "OPTIONS",
        path,
        origin=origin,
        access_control_request_method="POST",
        access_control_request_headers="content-type,authorization",
    )


def test_a_page_of_a_named_origin_may_post(keyed: CollectorProcess) -> None:
    answer = preflight(keyed, "/v1/traces", PAGE)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-methods"] == "POST"
    allowed = answer.headers["access-control-allow-headers"]
    assert allowed == "content-type,authorization"
    sent = ask(keyed, origin=PAGE, authorization="Bearer k-1", **PROTOBUF)
    assert (sent.status, sent.headers["access-control-allow-origin"]) == (200, PAGE)
    assert "origin" in sent.headers["vary"].lower()
    refused = ask(keyed, origin=PAGE, **PROTOBUF)
    assert (refused.status, refused.headers["access-control-allow-origin"]) == (
        401,
        PAGE,
    )


@pytest.mark.parametrize(
    ("path", "origin"),
    [("/v1/traces", OTHER), ("/api/v1/sql", PAGE), ("/v1/traces", "null")],
)
def test_no_other_page_and_no_other_path_is_opened(
    keyed: CollectorProcess, path: str, origin: str
) -> None:
    answer = preflight(keyed, path, origin)
    assert "access-control-allow-origin" not in answer.headers
    assert answer.status in (401, 405)


def test_a_named_origin_may_post_where_no_key_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_CORS_ORIGINS", PAGE)
    with start_collector(tmp_path) as running:
        body = trace_request(span())
        named = ask(running, body=body, origin=PAGE, **PROTOBUF)
        other = ask(running, body=body, origin=OTHER, **PROTOBUF)
        api = ask(running, path="/api/v1/scores", origin=PAGE, **JSON)
        metrics = ask(running, "GET", "/metrics").data.decode()
    assert (named.status, other.status, api.status) == (200, 403, 403)
    assert "tracer_items_stored_total 1" in metrics


@pytest.mark.parametrize(
    "text", ["app.example", "https://", "https://a.example/x", "http://["]
)
def test_what_is_no_origin_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="TRACER_CORS_ORIGINS"):
        from_environment({"TRACER_CORS_ORIGINS": text})


def test_a_certificate_without_its_key_is_refused() -> None:
    with pytest.raises(SettingsError, match="TRACER_GRPC_KEY"):
        Settings(grpc_certificate="cert.pem")


def points(running: CollectorProcess) -> int:
    text = ask(running, "GET", "/metrics").data.decode()
    lines = dict(one.split(" ") for one in text.splitlines() if one[0] != "#")
    return int(lines["tracer_metrics_points_discarded_total"])


def test_metrics_are_accepted_counted_and_damaged_ones_refused(
    collector: CollectorProcess,
) -> None:
    request = ExportMetricsServiceRequest()
    metric = request.resource_metrics.add().scope_metrics.add().metrics.add()
    metric.name = "gen_ai.client.token.usage"
    metric.histogram.data_points.add(count=3)
    metric.histogram.data_points.add(count=4)
    before = points(collector)
    answer = ask(
        collector, path="/v1/metrics/", body=request.SerializeToString(), **PROTOBUF
    )
    assert (answer.status, answer.data) == (200, b"")
    gauge = {"gauge": {"dataPoints": [{"asDouble": 1.5}]}}
    content = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [gauge]}]}]}
    body = json.dumps(content).encode()
    answer = ask(collector, path="/v1/metrics", body=body, **JSON)
    assert (answer.status, answer.data) == (200, b"{}")
    assert points(collector) == before + 3
    for body, headers in ((b"\x0a\x05ab", PROTOBUF), (b"{", JSON)):
        assert ask(collector, path="/v1/metrics", body=body, **headers).status == 400


def test_a_body_in_chunks_is_cut_off_as_soon_as_it_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_MAX_BODY_BYTES", "1000")
    with start_collector(tmp_path) as running:
        address = urlsplit(running.url)
        opened = http.client.HTTPConnection(str(address.hostname), address.port)
        opened.putrequest("POST", "/v1/traces")
        for name, value in (PROTOBUF | {"transfer-encoding": "chunked"}).items():
            opened.putheader(name, value)
        opened.endheaders()
        for _ in range(2):
            opened.send(b"200\r\n" + b"x" * 512 + b"\r\n")
        answer = opened.getresponse()  # though the last chunk never came
        told = Status.FromString(answer.read())
        opened.close()
    assert answer.status == 413
    assert "TRACER_MAX_BODY_BYTES" in told.message


def test_a_compressed_body_that_comes_in_slow_chunks_is_stored(
    collector: CollectorProcess, project: str
) -> None:
    """What every Node sender does, byte by byte."""
    body = gzip.compress(trace_request(span(), project=project))
    address = urlsplit(collector.url)
    head = (
        "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/x-protobuf\r\nContent-Encoding: gzip\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((str(address.hostname), address.port or 0)) as sender:
        sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sender.sendall(head.encode())
        for place in range(0, len(body), 5):
            piece = body[place : place + 5]
            sender.sendall(b"%x;note=1\r\n" % len(piece))
            sender.sendall(piece + b"\r\n")
        sender.sendall(b"0\r\nTrailer: 1\r\n\r\n")
        assert sender.recv(1000).startswith(b"HTTP/1.1 200")
    url = f"{collector.url}/api/v1/spans?project={project}&since=2020-01-01T00:00:00Z"
    assert len(urllib3.request("GET", url).json()["rows"]) == 1


def test_a_very_long_value_that_is_no_number_makes_no_long_answer(
    collector: CollectorProcess,
) -> None:
    """The message repeated it whole."""
    content = {"resourceSpans": [{"resource": {"droppedAttributesCount": "x" * 10**6}}]}
    answer = ask(collector, body=json.dumps(content).encode(), **JSON)
    assert answer.status == 400
    assert len(answer.data) < 2000
