"""Traffic of a real application, in a real collector."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from processes import CollectorProcess

import tracer
from tracer.client import Client
from tracer.online import rounds, scorers
from tracer.online.rounds import OnlineRounds

Rule = dict[str, Any]


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look at rules whenever asked; leave tracing off afterwards."""
    monkeypatch.setattr(rounds, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(scorers, "_given", {})
    yield
    tracer.shutdown()


@pytest.fixture
def ask(client: Client, project: str) -> Callable[..., list[str]]:
    """Answer questions as an application does; return the ids of the traces."""

    def asked(*questions: str, **facts: Any) -> list[str]:
        ids: list[str] = []

        @tracer.trace
        def answer(question: str) -> str:
            span = tracer.current_span()
            ids.append(str(span.trace_id))
            return question.upper()

        tracer.configure(endpoint=client.endpoint, project=project)
        with tracer.using(metadata=facts):
            for question in questions:
                answer(question)
        assert tracer.flush().pending == 0
        tracer.shutdown()
        return ids

    return asked


@pytest.fixture
def add_rule(client: Client, project: str) -> Iterator[Callable[..., Rule]]:
    """Store a rule that begins now, until the test ends."""

    def added(*names: str, **given: Any) -> Rule:
        rule = {"id": "rule", "project": project, "position_ns": time.time_ns()}
        return client.save_online_rule(rule | {"scorers": list(names)} | given)

    yield added
    client.delete_online_rule("rule", project=project)


@pytest.fixture
def work(client: Client) -> Callable[..., None]:
    """Take turns until nothing waits, as a worker of that name."""

    def worked(name: str = "worker") -> None:
        turns = OnlineRounds(client, name, threading.Event(), settle_s=0)
        while turns.take_turn():
            pass

    return worked
