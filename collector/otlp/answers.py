"""What a sender is told, in the encoding of its request."""

import json
from collections.abc import Mapping
from typing import Any

from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceResponse,
)

from collector.records import Outcome, Signal

_RPC_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 413: 3, 415: 3, 429: 8}
_UNKNOWN, _UNAVAILABLE = 2, 14
MAX_MESSAGE_CHARACTERS = 1000


def rpc_code(status: int) -> int:
    """Return the code of google.rpc.Status that says the same as an HTTP status."""
    if status in (502, 503, 504):
        return _UNAVAILABLE
    return _RPC_CODES.get(status, _UNKNOWN)


def answer_body(outcome: Outcome, signal: Signal, *, as_json: bool) -> bytes:
    """Return the body that belongs to an outcome."""
    if outcome.status != 200:
        return status_body(outcome.status, outcome.message, as_json=as_json)
    if not outcome.n_rejected and not outcome.message:
        return b"{}" if as_json else b""
    return _partial_success(outcome, signal, as_json=as_json)


def status_body(status: int, message: str, *, as_json: bool) -> bytes:
    """Return an error as OTLP tells it: google.rpc.Status."""
    code, message = rpc_code(status), message[:MAX_MESSAGE_CHARACTERS]
    if as_json:
        return json.dumps({"code": code, "message": message}).encode()
    clean = message.encode("utf-8", "replace").decode()
    return bytes(Status(code=code, message=clean).SerializeToString())


_REJECTED: Mapping[Signal, tuple[Any, str, str]] = {
    "traces": (ExportTraceServiceResponse, "rejected_spans", "rejectedSpans"),
    "logs": (ExportLogsServiceResponse, "rejected_log_records", "rejectedLogRecords"),
    "metrics": (
        ExportMetricsServiceResponse,
        "rejected_data_points",
        "rejectedDataPoints",
    ),
}
"""Signal → message, and the name of its count in protobuf and in JSON."""


def _partial_success(outcome: Outcome, signal: Signal, *, as_json: bool) -> bytes:
    kind, name, json_name = _REJECTED[signal]
    rejected = outcome.n_rejected
    if as_json:
        # 64-bit numbers are text in OTLP's JSON
        partial = {json_name: str(rejected), "errorMessage": outcome.message}
        return json.dumps({"partialSuccess": partial}).encode()
    response = kind()
    setattr(response.partial_success, name, rejected)
    response.partial_success.error_message = outcome.message
    return bytes(response.SerializeToString())
