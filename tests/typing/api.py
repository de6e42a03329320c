"""What users write to trace an app, as a type checker sees it; never run."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, assert_type

from openai import AsyncOpenAI, OpenAI
from opentelemetry.sdk.trace.export import ConsoleSpanExporter

import tracer
from tracer import testing

tracer.configure(exporter=ConsoleSpanExporter(), headers={"x-key": "k"})
tracer.configure(exporter=ConsoleSpanExporter, certificate="ca.pem")
tracer.configure(project="p", sample_rate=0.5, redact=["ssn"], spool_dir=Path("/tmp"))


@tracer.trace
def answer(question: str, k: int = 3) -> list[str]:
    return [question] * k


@tracer.trace(name="search", kind="retriever", sample_rate=0.1, tags=["a"])
async def search(query: str) -> dict[str, float]:
    return {query: 1.0}


@tracer.trace(accumulate="".join)
def letters(n: int) -> Iterator[str]:
    yield "a" * n


@tracer.trace
async def later(n: int) -> AsyncIterator[int]:
    yield n


class Bot:
    @tracer.trace
    def ask(self, question: str) -> str:
        return question

    @classmethod
    @tracer.trace
    def make(cls, name: str) -> "Bot":
        return cls()

    @staticmethod
    @tracer.trace(kind="tool")
    def shout(text: str) -> str:
        return text.upper()


async def use() -> None:
    assert_type(answer("q", k=1), list[str])
    assert_type(await search("q"), dict[str, float])
    assert_type(list(letters(2)), list[str])
    async for number in later(1):
        assert_type(number, int)
    assert_type(Bot().ask("q"), str)
    assert_type(Bot.make("b"), Bot)
    assert_type(Bot.shout("b"), str)
    answer(3)  # type: ignore[arg-type]
    answer()  # type: ignore[call-arg]


def block(documents: list[str]) -> None:
    with tracer.using(user_id="u", tags=["beta"], metadata={"n": 1}):
        with tracer.span("rerank", kind="reranker", input=documents) as span:
            assert_type(span, tracer.Span)
            span.output = documents[:1]
            span.metadata["n"] = len(documents)
            assert_type(span.trace_id, str)
            tracer.score("good", True, trace_id=span.trace_id, span_id=span.span_id)
    assert_type(tracer.current_span(), tracer.Span)
    carried: Callable[[str], int] = tracer.in_context(len)
    print(carried("a"))


def clients(client: OpenAI, asynchronous: AsyncOpenAI) -> None:
    assert_type(tracer.wrap_openai(client), OpenAI)
    assert_type(tracer.unwrap_openai(asynchronous), AsyncOpenAI)
    tracer.instrument_openai()
    tracer.uninstrument_openai()


def feedback() -> None:
    tracer.score("tone", 4, scale=(1, 5), comment="polite", source="human")
    tracer.score("tone", label="warm", metadata={"by": "ann"})
    tracer.score("tone", trial="first")  # type: ignore[arg-type]


def ending() -> None:
    assert_type(tracer.flush(timeout_s=1.0).dropped, int)
    assert_type(tracer.shutdown().spooled, int)


def test_answer() -> None:
    with testing.capture(sample_rate=1.0) as captured:
        answer("q")
    assert_type(captured, testing.Captured)
    span = captured.span("answer")
    assert_type(span, testing.CapturedSpan)
    output: Any = span.output
    assert output == ["q"] * 3
    assert_type(span.status, str)
    assert_type(span.tags, tuple[str, ...])
    assert_type(captured.scores, list[testing.CapturedScore])
    assert_type(testing.counts(), dict[str, int])
    testing.reset()
