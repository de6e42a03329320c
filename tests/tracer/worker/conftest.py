"""A collector, a model to ask, and jobs that are done at once."""

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from processes import CollectorProcess

import tracer
from examples.openai_server import running
from tracer.client import Client
from tracer.worker.loop import Worker

Done = Callable[..., dict[str, Any]]


@pytest.fixture
def asking(
    collector: CollectorProcess, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """A client, with a local model at the worker's endpoint."""
    with running() as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        yield Client(collector.url)
    tracer.shutdown()


@pytest.fixture
def done(asking: Client, project: str) -> Done:
    """Have a worker do a job; return the job as it ended."""

    def work(kind: str, **params: Any) -> dict[str, Any]:
        job = asking.start_job(kind, params, project=project, asked_by="somebody")
        Worker(asking, threading.Event()).run(until_idle=True)
        return asking.job(job["id"], project=project)

    return work


@pytest.fixture
def again(asking: Client, project: str) -> Done:
    """Try a job again, with other parameters; return it as it ended."""

    def work(id: str, **params: Any) -> dict[str, Any]:
        asking.retry_job(id, project=project, params=params)
        Worker(asking, threading.Event()).run(until_idle=True)
        return asking.job(id, project=project)

    return work


@pytest.fixture
def answered(asking: Client, project: str) -> Callable[..., list[str]]:
    """Answer questions as an application does; return the ids of the traces."""

    def ask(*questions: str) -> list[str]:
        ids: list[str] = []

        @tracer.trace(kind="retriever")
        def search(question: str) -> list[str]:
            return [f"{question} 환불은 14일 안에 가능합니다."]

        @tracer.trace
        def answer(question: str) -> str:
            ids.append(tracer.current_span().trace_id)
            search(question)
            return "환불은 14일 안에 가능합니다."

        tracer.configure(endpoint=asking.endpoint, project=project)
        for question in questions:
            answer(question)
        assert tracer.flush().pending == 0
        return ids

    return ask


def unique(name: str) -> str:
    """Return a name that no other test has."""
    return f"{name}-{uuid.uuid4().hex[:8]}"
