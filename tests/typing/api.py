"""What users write, as a type checker sees it; never run, only checked."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, assert_type

from openai import AsyncOpenAI, OpenAI
from opentelemetry.sdk.trace.export import ConsoleSpanExporter

import tracer
from tracer import judges, testing
from tracer.client import EvaluationRun, Rows, Trace
from tracer.evaluation import Scored, on_scale
from tracer.stats import ScoreComparison

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


@on_scale(1, 5)
def rated(output: str) -> float:
    return 5.0


assert_type(rated("a"), float)


class Brief(tracer.Scorer):
    def score(self, *, output: str) -> bool:
        return len(output) < 80


def evaluating(rows: list[dict[str, str]]) -> None:
    with tracer.EvaluationLogger(name="faq", model="m", dataset=rows) as log:
        assert_type(log, tracer.EvaluationLogger)
        for row in rows:
            with log.log_prediction(row, expected=row["expected"]) as prediction:
                prediction.output = answer(row["question"])
                prediction.log_score("correct", True, explanation="it is")
        mean: float | None = log.summary["correct"].mean
        print(mean, log.summary["correct"].ci95)
    result = tracer.Evaluation(rows, [Brief()], trials=3).run(answer)
    assert_type(result.evaluation_id, str)
    for comparison in result.compare(result):
        assert_type(comparison, ScoreComparison)
    tracer.Evaluation()  # type: ignore[call-arg]


async def evaluating_in_a_loop(rows: list[dict[str, str]]) -> None:
    result = await tracer.Evaluation(rows).evaluate(search)
    assert_type(result.n_failed, int)


def reading() -> None:
    client = tracer.Client("http://127.0.0.1:4318", api_key="k")
    where = [("metadata.department", "=", "accounting")]
    traces = client.traces(project="p", since="2026-01-01", where=where, limit=None)
    assert_type(traces, Rows)
    assert_type(traces.next, str | None)
    assert_type(client.evaluation("one"), EvaluationRun)
    assert_type(client.trace("one"), Trace)
    for span in client.trace(traces[0]["trace_id"]).spans:
        assert_type(span, dict[str, Any])
    frame = client.spans(project="p").to_pandas()
    print(frame, client.compare("one", "other")[0].difference)
    tracer.shutdown(timeout_s=1.0)


def test_answer() -> None:
    with testing.capture(sample_rate=1.0) as captured:
        answer("q")
    output: Any = captured.span("answer").output
    assert output == ["q"] * 3
    assert_type(captured.scores, list[testing.CapturedScore])
