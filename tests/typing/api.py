"""What users write, as a type checker sees it; never run, only checked."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, assert_type

from openai import AsyncOpenAI, OpenAI
from opentelemetry.sdk.trace.export import ConsoleSpanExporter

import tracer
from tracer import judges, testing
from tracer.evaluation import Scored

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
    print(carried("a"), tracer.flush(timeout_s=1.0).dropped)


def clients(client: OpenAI, asynchronous: AsyncOpenAI) -> None:
    assert_type(tracer.wrap_openai(client), OpenAI)
    assert_type(tracer.unwrap_openai(asynchronous), AsyncOpenAI)
    tracer.instrument_openai()
    tracer.uninstrument_openai()


def judging(model: judges.JudgeModel) -> None:
    rubric = judges.Rubric.ready("style", "ko")
    scored = judges.RubricJudge(model, rubric).judge("네.", question="되나요?")
    assert_type(scored, Scored)
    assert_type(judges.RagJudge(model).judge("네."), dict[str, Scored])
    assert_type(model.spending.cost_usd, float | None)
    judges.RubricJudge(model)  # type: ignore[call-arg]


def datasets() -> None:
    dataset = tracer.Dataset([{"q": 1}], name="faq")
    assert_type(tracer.Dataset.from_jsonl(Path("a.jsonl")), tracer.Dataset)
    assert_type(dataset.split({"a": 1.0})["a"], tracer.Dataset)
    assert_type(dataset.generate("response", answer), tracer.Dataset)
    for group in dataset.near_duplicates():
        assert_type(group.ids, tuple[str, ...])
    for row in dataset.diff(dataset).changed:
        assert_type(row.parts, tuple[str, ...])


def test_answer() -> None:
    with testing.capture(sample_rate=1.0) as captured:
        answer("q")
    output: Any = captured.span("answer").output
    assert output == ["q"] * 3
    assert_type(captured.scores, list[testing.CapturedScore])
