"""OTLP over gRPC: stock exporters and raw calls against a real collector."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
import urllib3
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceResponse,
)
from otlp_requests import log_request, record, span, trace_request
from processes import CollectorProcess, start_collector, start_module, stop

from collector.grpc.listener import SERVICES, _host
from collector.grpc.reads import READS_AT_ONCE
from collector.records import Signal


def address_of(running: CollectorProcess) -> str:
    assert running.process.stderr is not None
    line = running.process.stderr.readline()
    found = re.fullmatch(r"collector: OTLP over gRPC on (\S+:\d+)\n", line)
    assert found, line
    return found[1]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    place = tmp_path_factory.mktemp("grpc")
    with start_collector(place, grpc_port=0, max_body_bytes=1_000_000) as started:
        yield started


@pytest.fixture(scope="module")
def address(running: CollectorProcess) -> str:
    return address_of(running)


def export(
    address: str, body: bytes, signal: Signal = "traces", **options: Any
) -> bytes:
    with grpc.insecure_channel(address) as channel:
        call = channel.unary_unary(f"/{SERVICES[signal]}/Export")
        return bytes(call(body, timeout=60, **options))


def refused(
    address: str, body: bytes, signal: Signal = "traces", **options: Any
) -> grpc.Call:
    with pytest.raises(grpc.RpcError) as caught:
        export(address, body, signal, **options)
    return caught.value  # type: ignore[return-value]  # it is both


def spans_of(running: CollectorProcess, project: str) -> list[dict[str, Any]]:
    window = "since=2020-01-01T00:00:00Z&limit=200"
    url = f"{running.url}/api/v1/spans?project={project}&{window}"
    answer = urllib3.request("GET", url)
    return list(answer.json()["rows"])


@pytest.mark.parametrize(
    "compression",
    [
        grpc.Compression.NoCompression,
        grpc.Compression.Gzip,
        grpc.Compression.Deflate,
    ],
)
def test_each_compression_is_stored_before_the_answer(
    running: CollectorProcess,
    address: str,
    project: str,
    compression: grpc.Compression,
) -> None:
    body = trace_request(span({"tracer.input": "안" * 1000}), project=project)
    assert export(address, body, compression=compression) == b""
    assert len(spans_of(running, project)) == 1


def test_a_repeat_is_stored_once_whichever_way_it_comes(
    running: CollectorProcess, address: str, project: str
) -> None:
    body = trace_request(span(), project=project)
    headers = {"content-type": "application/x-protobuf"}
    export(address, body)
    answer = urllib3.request(
        "POST", f"{running.url}/v1/traces", body=body, headers=headers
    )
    export(address, body)
    assert answer.status == 200
    assert len(spans_of(running, project)) == 1


def test_rejected_items_are_counted_in_the_answer(address: str) -> None:
    answer = export(address, trace_request(span(), span(span_id=b"bad")))
    partial = ExportTraceServiceResponse.FromString(answer).partial_success
    assert partial.rejected_spans == 1
    assert "ids" in partial.error_message
    body = log_request(record({}), record({}, event_name="gen_ai.evaluation.result"))
    logs = ExportLogsServiceResponse.FromString(export(address, body, "logs"))
    assert logs.partial_success.rejected_log_records == 1


def test_an_empty_request_is_a_success(address: str) -> None:
    assert [export(address, b"", signal) for signal in SERVICES] == [b"", b"", b""]


@pytest.mark.parametrize("signal", SERVICES)
def test_a_damaged_message_is_refused_for_good(address: str, signal: Signal) -> None:
    error = refused(address, b"\x0a\x05ab", signal)
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "damaged" in error.details() or "cut off" in error.details()
    assert "google.rpc.retryinfo-bin" not in dict(error.trailing_metadata())


def test_a_message_is_bounded_as_sent_and_again_when_inflated(address: str) -> None:
    body = trace_request(span({"tracer.input": "x" * 1_000_000}))
    sent = refused(address, body)
    assert sent.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "google.rpc.retryinfo-bin" not in dict(sent.trailing_metadata())
    inflated = refused(address, body, compression=grpc.Compression.Gzip)
    assert inflated.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "after decompression" in inflated.details()


def test_many_senders_at_once_are_all_answered(
    running: CollectorProcess, address: str, project: str
) -> None:
    bodies = [trace_request(span(), project=project) for _ in range(100)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda body: export(address, body), bodies))
    assert answers == [b""] * 100
    assert len(spans_of(running, project)) == 100


def test_a_full_collector_says_when_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_MAX_PENDING_BYTES", "100")
    body = trace_request(span({"tracer.input": "x" * 200}))
    with start_collector(tmp_path, grpc_port=0) as running:
        error = refused(address_of(running), body)
        metrics = urllib3.request("GET", f"{running.url}/metrics").data.decode()
    assert error.code() == grpc.StatusCode.UNAVAILABLE
    told = dict(error.trailing_metadata())
    retry = RetryInfo.FromString(told["google.rpc.retryinfo-bin"])
    assert retry.retry_delay.seconds == 1
    status = Status.FromString(told["grpc-status-details-bin"])
    assert (status.code, len(status.details)) == (14, 1)
    assert "tracer_requests_refused_total 1" in metrics


def test_a_key_is_asked_for_before_the_message_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_API_KEY", "k-1")
    with start_collector(tmp_path, grpc_port=0) as running:
        address = address_of(running)
        keyless = refused(address, b"\x0a\x05ab")  # unreadable, had it been read
        wrong = refused(address, b"", metadata=(("authorization", "Bearer k-2"),))
        right = export(address, b"", metadata=(("authorization", "Bearer k-1"),))
    assert keyless.code() == wrong.code() == grpc.StatusCode.UNAUTHENTICATED
    assert right == b""


PROGRAM = """
import logging, time
from opentelemetry import trace, _logs
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

logging.basicConfig()
spans, logs = TracerProvider(), LoggerProvider()
spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())])
meters.get_meter("m").create_counter("gen_ai.client.token.usage").add(5)
with spans.get_tracer("t").start_as_current_span("stock") as span:
    span.set_attribute("gen_ai.operation.name", "chat")
    logger = logs.get_logger("l")
    logger.emit(event_name="gen_ai.user.message", body={"content": "hello"})
print(spans.force_flush(), logs.force_flush(), meters.force_flush())
"""


def test_the_stock_exporters_send_spans_logs_and_metrics(
    running: CollectorProcess, address: str, project: str
) -> None:
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{address}",
        "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
        "OTEL_SERVICE_NAME": project,
    }
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout, result.stderr) == ("True True True\n", "")
    (row,) = spans_of(running, project)
    assert (row["name"], row["kind"]) == ("stock", "llm")
    found = urllib3.request("GET", f"{running.url}/api/v1/traces/{row['trace_id']}")
    (message,) = found.json()["spans"][0]["messages"]
    assert message["parts"] == [{"type": "text", "content": "hello"}]


def taken_port() -> tuple[socket.socket, int]:
    holder = socket.create_server(("127.0.0.1", 0))
    return holder, holder.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_one_clear_line(
    tmp_path: Path,
) -> None:
    holder, port = taken_port()
    with holder:
        options = ["--store", f"chdb://{tmp_path}", "--port", "0"]
        process = start_module("collector", *options, "--grpc-port", str(port))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    (line,) = errors.splitlines()
    assert str(port) in line
    assert "--grpc-port" in line


def test_a_word_that_is_no_port_is_named(tmp_path: Path) -> None:
    options = ["--store", f"chdb://{tmp_path}", "--grpc-port", "yes"]
    process = start_module("collector", *options)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "'yes'" in errors


def test_a_stop_answers_what_was_taken(tmp_path: Path, project: str) -> None:
    with start_collector(tmp_path, grpc_port=0, linger_ms=2000) as running:
        address = address_of(running)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(export, address, trace_request(span()))
            waiting = "tracer_requests_waiting 1"
            url = f"{running.url}/metrics"
            while waiting not in urllib3.request("GET", url).data.decode():
                assert not answer.done()
            stop(running.process)
            assert answer.result() == b""


@pytest.mark.parametrize(
    ("peer", "host"),
    [
        ("ipv4:127.0.0.1:57822", "127.0.0.1"),
        ("ipv6:%5B::1%5D:57822", "::1"),
        ("ipv6:[::1]:57822", "::1"),
    ],
)
def test_a_peer_is_known_by_its_address(peer: str, host: str) -> None:
    assert _host(peer) == host


def test_senders_that_say_nothing_and_leave_give_their_turns_back(
    address: str,
) -> None:
    end = threading.Event()

    def silence() -> Iterator[bytes]:
        end.wait()
        yield from ()

    with grpc.insecure_channel(address) as channel:
        call = channel.stream_unary(f"/{SERVICES['traces']}/Export")
        silent = [call.future(silence(), timeout=60) for _ in range(READS_AT_ONCE)]
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(export, address, trace_request(span()))
            for one in silent:
                one.cancel()
            assert answer.result() == b""
        end.set()
    assert export(address, trace_request(span())) == b""
