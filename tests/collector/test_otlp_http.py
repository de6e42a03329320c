"""What a sender is answered, over a real socket."""

import gzip
import http.client
import json
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceResponse,
)
from otlp_requests import log_request, record, span, trace_request
from processes import CollectorProcess

PROTOBUF = {"content-type": "application/x-protobuf"}
JSON = {"content-type": "application/json; charset=utf-8"}


@pytest.fixture
def connection(collector: CollectorProcess) -> Iterator[http.client.HTTPConnection]:
    address = urlsplit(collector.url)
    opened = http.client.HTTPConnection(
        address.hostname or "", address.port, timeout=60
    )
    yield opened
    opened.close()


Answer = tuple[int, dict[str, str], bytes]


def post(
    connection: http.client.HTTPConnection,
    body: bytes | Iterator[bytes],
    headers: dict[str, str],
    path: str = "/v1/traces",
) -> Answer:
    connection.request("POST", path, body=body, headers=headers)
    response = connection.getresponse()
    found = {name.lower(): value for name, value in response.getheaders()}
    return response.status, found, response.read()


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/traces/"])
def test_all_stored_is_an_empty_answer_in_the_same_encoding(
    connection: http.client.HTTPConnection, path: str
) -> None:
    status, headers, body = post(connection, trace_request(span()), PROTOBUF, path)
    assert (status, headers["content-type"], body) == (
        200,
        "application/x-protobuf",
        b"",
    )
    status, headers, body = post(connection, b'{"resourceSpans":[]}', JSON, path)
    assert (status, headers["content-type"], body) == (200, "application/json", b"{}")


def test_an_empty_request_is_a_success(connection: http.client.HTTPConnection) -> None:
    assert post(connection, b"", PROTOBUF)[0] == 200
    assert post(connection, b"", PROTOBUF, "/v1/logs")[0] == 200


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("identity", bytes),
    ],
)
def test_each_compression_is_read(
    connection: http.client.HTTPConnection, encoding: str, compress: object
) -> None:
    assert callable(compress)
    headers = PROTOBUF | {"content-encoding": encoding}
    assert post(connection, compress(trace_request(span())), headers)[0] == 200


def test_a_body_in_chunks_is_read(connection: http.client.HTTPConnection) -> None:
    body = trace_request(span())
    pieces = (body[i : i + 7] for i in range(0, len(body), 7))
    assert post(connection, pieces, PROTOBUF)[0] == 200


def test_rejected_items_are_counted_in_the_answer(
    connection: http.client.HTTPConnection,
) -> None:
    body = trace_request(span(), span(span_id=b"bad"))
    status, _, answer = post(connection, body, PROTOBUF)
    partial = ExportTraceServiceResponse.FromString(answer).partial_success
    assert (status, partial.rejected_spans) == (200, 1)
    assert "ids" in partial.error_message
    body = log_request(record({}), record({}, event_name="gen_ai.evaluation.result"))
    status, _, answer = post(connection, body, PROTOBUF, "/v1/logs")
    logs = ExportLogsServiceResponse.FromString(answer).partial_success
    assert (status, logs.rejected_log_records) == (200, 1)
    assert "name" in logs.error_message


def test_json_spans_with_hex_ids_are_stored_and_bad_ones_counted(
    connection: http.client.HTTPConnection, project: str
) -> None:
    spans = [
        {"traceId": "0AF7651916CD43DD8448EB211C80319C", "spanId": "b7ad6b7169203331"},
        {"traceId": "zz", "spanId": "b7ad6b7169203331"},
    ]
    for one in spans:
        one |= {
            "name": "안녕",
            "startTimeUnixNano": "1790000000000000000",
            "later": "x",
        }
    resource = {
        "attributes": [{"key": "tracer.project", "value": {"stringValue": project}}]
    }
    content = {
        "resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]
    }
    status, _, answer = post(connection, json.dumps(content).encode(), JSON)
    assert status == 200
    assert json.loads(answer)["partialSuccess"]["rejectedSpans"] == "1"


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs"])
@pytest.mark.parametrize(
    "body",
    [b"\xff\xff", b"\x0a\x05ab", b"\x0b", b"\x0a\xff\xff\xff\xff\xff\xff\xff\x7f"],
)
def test_a_damaged_protobuf_body_is_refused_for_good(
    connection: http.client.HTTPConnection, path: str, body: bytes
) -> None:
    status, headers, answer = post(connection, body, PROTOBUF, path)
    assert (status, headers["content-type"]) == (400, "application/x-protobuf")
    assert Status.FromString(answer).message


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"\xff",
        b'{"resourceSpans": 3}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": 3}]}]}',
        b'{"resourceSpans":' + b"[" * 100_000,
    ],
)
def test_a_damaged_json_body_is_refused_for_good(
    connection: http.client.HTTPConnection, body: bytes
) -> None:
    status, headers, answer = post(connection, body, JSON)
    assert (status, headers["content-type"]) == (400, "application/json")
    assert json.loads(answer)["message"]


def test_a_lone_surrogate_and_a_bare_nan_in_json_are_mended(
    connection: http.client.HTTPConnection,
) -> None:
    body = (
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "a\\ud800b", '
        b'"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", '
        b'"attributes": [{"key": "x", "value": {"doubleValue": NaN}}]}]}]}]}'
    )
    assert post(connection, body, JSON)[::2] == (200, b"{}")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({}, 415),
        (PROTOBUF | {"content-encoding": "br"}, 415),
        (PROTOBUF | {"content-encoding": "gzip"}, 400),
        (PROTOBUF | {"content-length": str(1 << 40)}, 413),
    ],
)
def test_headers_that_cannot_be_are_named(
    connection: http.client.HTTPConnection, headers: dict[str, str], status: int
) -> None:
    found, _, answer = post(connection, b"no gzip", headers)
    assert found == status
    assert answer


def test_a_body_is_bounded_after_decompression_too(
    connection: http.client.HTTPConnection,
) -> None:
    bomb = gzip.compress(bytes(65 * 1024 * 1024), compresslevel=1)
    status, _, answer = post(connection, bomb, PROTOBUF | {"content-encoding": "gzip"})
    assert status == 413
    assert "after decompression" in Status.FromString(answer).message


def test_other_methods_are_told_which_one_it_is(
    connection: http.client.HTTPConnection,
) -> None:
    connection.request("GET", "/v1/traces", headers=JSON)
    response = connection.getresponse()
    assert (response.status, response.getheader("allow")) == (405, "POST")
    assert json.loads(response.read())["message"]


def test_metrics_count_what_was_stored(
    connection: http.client.HTTPConnection,
) -> None:
    def stored() -> int:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        lines = dict(
            line.split(" ") for line in text.splitlines() if not line.startswith("#")
        )
        return int(lines["tracer_items_stored_total"])

    before = stored()
    body = trace_request(span(), span())
    post(connection, body, PROTOBUF)
    assert stored() == before + 2
    assert post(connection, body, PROTOBUF)[0] == 200
    assert stored() == before + 2, "a repeat is counted, and not stored"


def test_a_json_number_out_of_range_rejects_only_its_item(
    connection: http.client.HTTPConnection, project: str
) -> None:
    """It rejected the whole request."""
    ids = {"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331"}
    spans = [
        ids | {"name": "good"},
        ids | {"name": "late", "startTimeUnixNano": str(2**70)},
        ids | {"attributes": [{"key": "n", "value": {"intValue": 10**30}}]},
        "no span",
    ]
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()
    status, _, answer = post(connection, body, JSON)
    assert (status, json.loads(answer)["partialSuccess"]["rejectedSpans"]) == (200, "3")
    logs = [{"eventName": "good"}, {"severityNumber": 2**40}]
    body = json.dumps(
        {"resourceLogs": [{"scopeLogs": [{"logRecords": logs}]}]}
    ).encode()
    status, _, answer = post(connection, body, JSON, "/v1/logs")
    partial = json.loads(answer)["partialSuccess"]
    assert (status, partial["rejectedLogRecords"]) == (200, "1")
