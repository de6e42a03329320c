"""Calls that went well or failed, and rules over them, in a real collector."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from past_calls import send_calls
from processes import CollectorProcess

from tracer.client import Client

Rule = dict[str, Any]


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


@pytest.fixture
def call(client: Client, project: str) -> Callable[..., None]:
    """Send calls of the project that began some seconds ago."""

    def called(n: int, *, failed: int = 0, ago_s: float = 30) -> None:
        send_calls(client.endpoint, project, n, failed=failed, ago_s=ago_s)

    return called


@pytest.fixture
def add_rule(client: Client, project: str) -> Iterator[Callable[..., Rule]]:
    """Store a rule on the project's error rate, until the test ends."""

    def added(**given: Any) -> Rule:
        rule = {"id": "rule", "project": project, "threshold": 0.1, "min_n": 5}
        return client.save_alert_rule(rule | given)

    yield added
    for rule in client.alert_rules(project=project):
        client.delete_alert_rule(rule["id"], project=project)
