"""Calls that went well or failed, and rules over them, in a real collector."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from otlp_requests import span, trace_request
from processes import CollectorProcess

from tracer.client import Client

Rule = dict[str, Any]
FAILED = Status(code=Status.STATUS_CODE_ERROR, message="no answer")


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


@pytest.fixture
def call(client: Client, project: str) -> Callable[..., None]:
    """Send calls of the project that began some seconds ago."""

    def called(n: int, *, failed: int = 0, ago_s: float = 30) -> None:
        start_ns = time.time_ns() - round(ago_s * 1e9)
        times = {"start_time_unix_nano": start_ns}
        times["end_time_unix_nano"] = start_ns + 10**9
        states = [FAILED if number < failed else None for number in range(n)]
        spans = [span(status=status, **times) for status in states]
        answer = urllib3.request(
            "POST",
            f"{client.endpoint}/v1/traces",
            body=trace_request(*spans, project=project),
            headers={"Content-Type": "application/x-protobuf"},
        )
        assert answer.status == 200

    return called


@pytest.fixture
def add_rule(client: Client, project: str) -> Iterator[Callable[..., Rule]]:
    """Store a rule on the project's error rate, until the test ends."""

    def added(**given: Any) -> Rule:
        rule = {"id": "rule", "project": project, "threshold": 0.1, "min_n": 5}
        return client.save_alert_rule(rule | given)

    yield added
    client.delete_alert_rule("rule", project=project)
