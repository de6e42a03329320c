"""Calls that went well or failed some time ago, sent as any exporter would."""

import time

import urllib3
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from otlp_requests import span, trace_request

FAILED = Status(code=Status.STATUS_CODE_ERROR, message="no answer")


def send_calls(
    url: str, project: str, n: int, *, failed: int = 0, ago_s: float = 30
) -> None:
    """Send calls of one second that began so long ago, the first few of them failed."""
    start_ns = time.time_ns() - round(ago_s * 1e9)
    times = {"start_time_unix_nano": start_ns}
    times["end_time_unix_nano"] = start_ns + 10**9
    states = [FAILED if number < failed else None for number in range(n)]
    spans = [span(status=status, **times) for status in states]
    answer = urllib3.request(
        "POST",
        f"{url}/v1/traces",
        body=trace_request(*spans, project=project),
        headers={"Content-Type": "application/x-protobuf"},
    )
    assert answer.status == 200, answer.data
