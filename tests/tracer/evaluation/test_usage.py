"""Tokens, cost and time of real model calls: of the model, and of judges apart."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from processes import start_collector, wait_until

import tracer
from examples.openai_server import running
from tracer.client import Client
from tracer.evaluation import EvaluationLogger

PRICES = """
[[price]]
model = "gpt-4o-mini"
input = 1.0
output = 2.0

[[price]]
model = "gpt-4o"
input = 1000.0
output = 1000.0
"""


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A collector that knows what the two models cost, in dollars a million tokens."""
    place = tmp_path_factory.mktemp("priced")
    prices = place / "prices.toml"
    prices.write_text(PRICES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACER_PRICES_FILE", str(prices))
        with start_collector(place / "store", prices=True) as collector:
            tracer.configure(endpoint=collector.url, project="priced")
            yield Client(collector.url)
            tracer.shutdown()


@pytest.fixture(scope="module")
def run(priced: Client) -> Any:
    """A run of two predictions, each of two model calls and one of a judge."""

    def ask(model: str, text: str) -> str:
        messages: Any = [{"role": "user", "content": text}]
        reply = client.chat.completions.create(model=model, messages=messages)
        return reply.choices[0].message.content or ""

    with running() as base_url, openai.OpenAI(base_url=base_url, api_key="k") as bare:
        client = tracer.wrap_openai(bare)
        with EvaluationLogger(name="faq", model="gpt-4o-mini") as log:
            for question in ("영업시간은?", "환불은 어떻게 받나요?"):
                with log.log_prediction({"question": question}) as prediction:
                    found = ask("gpt-4o-mini", f"Search: {question}")
                    prediction.output = ask("gpt-4o-mini", found)
                    with prediction.log_score("judge", source="model") as score:
                        ask("gpt-4o", f"Rate: {prediction.output}")
                        score.value = 4
        tracer.flush()
    wait_until(lambda: priced.evaluation(log.id).row["judge_cost_usd"] is not None)
    return priced.evaluation(log.id)


def calls_of(priced: Client, row: Any) -> dict[str, list[Any]]:
    """Model calls of a prediction's trace by the model that was asked."""
    found: dict[str, list[Any]] = {"gpt-4o": [], "gpt-4o-mini": []}
    for span in priced.trace(row["trace_id"]).spans:
        if span["kind"] == "llm":
            mini = span["model"].startswith("gpt-4o-mini")
            found["gpt-4o-mini" if mini else "gpt-4o"].append(span)
    return found


def test_prediction_has_the_usage_of_its_model_calls_and_its_judges_apart(
    priced: Client, run: Any
) -> None:
    for row in run.predictions():
        calls = calls_of(priced, row)
        assert [len(some) for some in calls.values()] == [1, 2]
        for model, prefix in (("gpt-4o-mini", ""), ("gpt-4o", "judge_")):
            for figure in ("input_tokens", "output_tokens", "cost_usd"):
                total = sum(call[figure] for call in calls[model])
                assert total > 0
                assert row[f"{prefix}{figure}"] == pytest.approx(total)
        cost = row["input_tokens"] * 1e-6 + row["output_tokens"] * 2e-6
        assert row["cost_usd"] == pytest.approx(cost)
        judged = row["judge_input_tokens"] + row["judge_output_tokens"]
        assert row["judge_cost_usd"] == pytest.approx(judged * 1e-3)
        assert row["model"].startswith("gpt-4o-mini")


def test_run_adds_up_its_predictions(run: Any) -> None:
    rows = run.predictions()
    for figure in ("input_tokens", "output_tokens", "cost_usd"):
        for name in (figure, f"judge_{figure}"):
            assert run.row[name] == pytest.approx(sum(row[name] for row in rows))


def test_time_of_a_prediction_holds_its_model_calls_and_not_the_judges(
    priced: Client, run: Any
) -> None:
    times = []
    for row in run.predictions():
        calls = calls_of(priced, row)
        model_ms = sum(call["duration_ms"] for call in calls["gpt-4o-mini"])
        (judge,) = calls["gpt-4o"]
        end_ns = row["start_ns"] + row["duration_ms"] * 1e6
        assert row["duration_ms"] >= model_ms
        assert end_ns <= judge["start_ns"] + 1000  # microseconds are rounded
        times.append(row["duration_ms"])
    nanosecond_ms = 1e-6
    middle_ms = run.row["latency_p50_ms"]
    assert min(times) - nanosecond_ms <= middle_ms <= max(times) + nanosecond_ms
