"""From an application to the client and back out: real processes, both kinds of SDK."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import urllib3
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from processes import first_line, start_module, stop

import tracer
from tracer.client import Client


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A collector started as a person would: `tracer collector`."""
    store = f"chdb://{tmp_path_factory.mktemp('store')}"
    process = start_module("tracer.cli", "collector", "--store", store, "--port", "0")
    try:
        yield first_line(process).split()[-1]
    finally:
        stop(process)


@pytest.fixture
def configured(url: str, project: str) -> Iterator[None]:
    tracer.configure(endpoint=url, project=project)
    yield
    tracer.shutdown()


@pytest.mark.usefixtures("configured")
def test_a_decorated_call_is_read_back_with_its_types(url: str, project: str) -> None:
    @tracer.trace(kind="chain")
    def answer(question: str, *, k: int = 3) -> dict[str, object]:
        tracer.current_span().metadata["배송"] = "제주"
        return {"답": "이틀 더 걸립니다 🚚", "n": k, "ratio": 0.5, "none": None}

    with tracer.using(
        user_id="고객-1", session_id="s1", tags=["베타"], metadata={"n": 7, "ok": True}
    ):
        answer("제주 배송은 얼마나 걸리나요?", k=5)
    assert str(tracer.flush()) == "1 sent"
    [row] = Client(url).spans(project=project, where=[("user_id", "=", "고객-1")])
    [span] = Client(url).trace(row["trace_id"]).spans
    assert (span["name"], span["kind"], span["session_id"]) == ("answer", "chain", "s1")
    assert span["input"] == {"question": "제주 배송은 얼마나 걸리나요?", "k": 5}
    assert span["output"] == {
        "답": "이틀 더 걸립니다 🚚",
        "n": 5,
        "ratio": 0.5,
        "none": None,
    }
    assert (span["tags"], span["metadata"]) == (
        ["베타"],
        {"n": 7, "ok": True, "배송": "제주"},
    )


@pytest.mark.usefixtures("configured")
def test_a_failed_call_and_its_score_are_read_back(url: str, project: str) -> None:
    @tracer.trace
    def fail() -> None:
        tracer.score("helpful", False, comment="아니요")
        raise ValueError("값이 없습니다")

    with pytest.raises(ValueError, match="값이 없습니다"):
        fail()
    tracer.flush()
    [trace] = Client(url).traces(project=project, where=[("status", "=", "error")])
    [score] = Client(url).trace(trace["trace_id"]).scores
    assert (trace["error_type"], trace["n_errors"]) == ("ValueError", 1)
    assert (score["name"], score["value"], score["explanation"]) == (
        "helpful",
        0,
        "아니요",
    )


def test_the_stock_exporter_needs_nothing_of_ours(url: str, project: str) -> None:
    provider = TracerProvider(resource=Resource.create({"service.name": project}))
    exporter = OTLPSpanExporter(endpoint=f"{url}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    with provider.get_tracer("app").start_as_current_span(
        "chat gpt-4o-mini",
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.usage.input_tokens": 12,
            "gen_ai.usage.output_tokens": 3,
            "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text",'
            '"content":"안녕하세요"}]}]',
        },
    ):
        pass
    provider.shutdown()
    [row] = Client(url).spans(project=project)
    assert (row["kind"], row["model"], row["input_tokens"]) == (
        "llm",
        "gpt-4o-mini",
        12,
    )
    [span] = Client(url).trace(row["trace_id"]).spans
    assert span["messages"][0]["parts"][0]["content"] == "안녕하세요"


NOW_NS = time.time_ns()


def request(project: str, number: int) -> tuple[str, bytes]:
    """Return a span id and an OTLP request with that one span."""
    body = ExportTraceServiceRequest()
    group = body.resource_spans.add()
    attribute = group.resource.attributes.add(key="tracer.project")
    attribute.value.string_value = project
    span = group.scope_spans.add().spans.add(name=f"call {number}")
    span.trace_id = number.to_bytes(16, "big")
    span.span_id = number.to_bytes(8, "big")
    span.start_time_unix_nano = NOW_NS + number
    span.end_time_unix_nano = NOW_NS + number + 1
    return span.span_id.hex(), body.SerializeToString()


@dataclass
class Sender:
    """Posts spans one by one from several threads, and notes which were taken."""

    url: str
    project: str
    taken: set[str] = field(default_factory=set)
    is_enough: threading.Event = field(default_factory=threading.Event)

    def post(self, lane: int) -> None:
        http = urllib3.PoolManager(retries=False)
        headers = {"content-type": "application/x-protobuf"}
        for number in itertools.count(lane, 4):
            span_id, body = request(self.project, number)
            try:
                answer = http.request(
                    "POST", f"{self.url}/v1/traces", body=body, headers=headers
                )
            except urllib3.exceptions.HTTPError:
                return
            if answer.status == 200:
                self.taken.add(span_id)
            if len(self.taken) > 100:
                self.is_enough.set()


def test_killed_hard_while_storing_it_keeps_what_it_answered_for(
    tmp_path: Path, project: str
) -> None:
    arguments = ["collector", "--store", f"chdb://{tmp_path}", "--port", "0"]
    process = start_module("tracer.cli", *arguments)
    sender = Sender(first_line(process).split()[-1], project)
    lanes = [
        threading.Thread(target=sender.post, args=(lane,)) for lane in (1, 2, 3, 4)
    ]
    for thread in lanes:
        thread.start()
    assert sender.is_enough.wait(timeout=60)
    process.kill()
    for thread in lanes:
        thread.join()
    stop(process)
    process = start_module("tracer.cli", *arguments)
    try:
        again = Client(first_line(process).split()[-1])
        stored = [row["span_id"] for row in again.spans(project=project, limit=None)]
    finally:
        stop(process)
    assert sender.taken <= set(stored)
    assert len(stored) == len(set(stored))
