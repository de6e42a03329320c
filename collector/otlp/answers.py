"""What a sender is told, in the encoding of its request."""

import json

from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceResponse,
)

from collector.records import Outcome, Signal

RPC_CODES = {400: 3, 405: 12, 408: 4, 413: 3, 415: 3, 503: 14}
"""HTTP status → code of google.rpc.Status."""


def answer_body(outcome: Outcome, signal: Signal, *, as_json: bool) -> bytes:
    """Return the body that belongs to an outcome."""
    if outcome.status != 200:
        return _status(outcome, as_json=as_json)
    if not outcome.n_rejected and not outcome.message:
        return b"{}" if as_json else b""
    return _partial_success(outcome, signal, as_json=as_json)


def _status(outcome: Outcome, *, as_json: bool) -> bytes:
    code = RPC_CODES.get(outcome.status, 2)
    if as_json:
        return json.dumps({"code": code, "message": outcome.message}).encode()
    return bytes(Status(code=code, message=outcome.message).SerializeToString())


def _partial_success(outcome: Outcome, signal: Signal, *, as_json: bool) -> bytes:
    rejected = outcome.n_rejected
    if as_json:
        name = "rejectedSpans" if signal == "traces" else "rejectedLogRecords"
        # 64-bit numbers are text in OTLP's JSON
        partial = {name: str(rejected), "errorMessage": outcome.message}
        return json.dumps({"partialSuccess": partial}).encode()
    response: ExportTraceServiceResponse | ExportLogsServiceResponse
    if signal == "traces":
        response = ExportTraceServiceResponse()
        response.partial_success.rejected_spans = rejected
    else:
        response = ExportLogsServiceResponse()
        response.partial_success.rejected_log_records = rejected
    response.partial_success.error_message = outcome.message
    return bytes(response.SerializeToString())
