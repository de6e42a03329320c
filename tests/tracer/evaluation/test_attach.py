"""A call that was made before counts for the prediction it is attached to."""

from typing import Any

import pytest

import tracer
from tracer import semconv
from tracer.client import Client
from tracer.evaluation import Dataset, Evaluation, EvaluationLogger


def links(sent: Any) -> list[tuple[str, str, dict[str, Any]]]:
    (span,) = sent.of_kind("prediction")
    return [
        (
            format(link.context.trace_id, "032x"),
            format(link.context.span_id, "016x"),
            dict(link.attributes),
        )
        for link in span.links
    ]


def test_attached_calls_travel_as_span_links(sent: Any) -> None:
    with EvaluationLogger() as log, log.log_prediction({"q": 1}, "a") as prediction:
        prediction.attach("AB" * 16)
        prediction.attach("cd" * 16, "ef" * 8)
    said = {semconv.LINK: "attached"}
    assert links(sent) == [("ab" * 16, "0" * 16, said), ("cd" * 16, "ef" * 8, said)]


def test_call_can_be_attached_as_the_prediction_begins(sent: Any) -> None:
    with tracer.span("call") as call:
        pass
    with EvaluationLogger() as log:
        ids = {"trace_id": call.trace_id, "span_id": call.span_id}
        log.log_prediction({"q": 1}, "a", **ids).finish()
    assert [link[:2] for link in links(sent)] == [(call.trace_id, call.span_id)]


@pytest.mark.parametrize("wrong", ["abc", "g" * 32, "ab" * 8, "", 3, None])
def test_id_that_is_none_is_refused(sent: Any, wrong: Any) -> None:
    with EvaluationLogger() as log, log.log_prediction({"q": 1}, "a") as prediction:
        with pytest.raises(ValueError, match="is not 32 hexadecimal digits"):
            prediction.attach(wrong)
        with pytest.raises(ValueError, match="is not 16 hexadecimal digits"):
            prediction.attach("ab" * 16, "ab")
    assert links(sent) == []


def test_call_made_while_tracing_was_off_attaches_nothing(sent: Any) -> None:
    with EvaluationLogger() as log, log.log_prediction({"q": 1}, "a") as prediction:
        prediction.attach("0" * 32, "0" * 16)
    assert links(sent) == []


def test_finished_prediction_takes_no_call(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        prediction.finish()
        with pytest.raises(ValueError, match="is finished; cannot attach a call"):
            prediction.attach("ab" * 16)


@tracer.trace(kind="agent")
def ask(question: str) -> str:
    with tracer.span("chat m", kind="llm") as span:
        span.set_attribute(semconv.REQUEST_MODEL, "test-model")
        span.set_attribute(semconv.USAGE_INPUT_TOKENS, 100)
        span.set_attribute(semconv.USAGE_OUTPUT_TOKENS, 20)
    return "9시"


def test_production_call_is_graded_afterwards_with_its_own_tokens_and_time(
    live: Client, project: str
) -> None:
    ask("영업시간은?")
    tracer.flush()
    (made,) = live.traces(project=project)
    with EvaluationLogger(name="graded") as log:
        prediction = log.log_prediction(
            {"question": "영업시간은?"}, "9시", trace_id=made["trace_id"]
        )
        prediction.log_score("correct", True)
        prediction.finish()
    tracer.flush()
    run = live.evaluation(log.id)
    (row,) = run.predictions()
    assert (row["input_tokens"], row["output_tokens"]) == (100, 20)
    assert (row["model"], row["duration_ms"]) == ("test-model", made["duration_ms"])
    assert row["attached"] == [{"trace_id": made["trace_id"], "span_id": None}]
    assert (run.row["input_tokens"], run.row["output_tokens"]) == (100, 20)
    assert run.row["latency_p50_ms"] == pytest.approx(made["duration_ms"])
    assert len(live.traces(project=project)) == 1  # the call stays production's


def test_stored_outputs_of_traces_are_scored_with_what_the_calls_took(
    live: Client, project: str
) -> None:
    ask("영업시간은?")
    tracer.flush()
    (made,) = live.traces(project=project)
    dataset = Dataset.from_traces(live.trace(made["trace_id"]).spans[:1], name="real")
    result = Evaluation(dataset, [lambda output: output == "9시"]).run()
    tracer.flush()
    (row,) = live.evaluation(result.evaluation_id).predictions()
    assert (row["input_tokens"], row["duration_ms"]) == (100, made["duration_ms"])
    assert row["scores"]["<lambda>"]["value"] == 1.0


def test_source_that_is_no_call_of_ours_is_left_alone(sent: Any) -> None:
    rows = [{"inputs": {"q": 1}, "output": 2, "source": {"trace_id": "of-elsewhere"}}]
    assert Evaluation(rows, [lambda output: output]).run().n_failed == 0
    assert links(sent) == []


def test_call_of_a_row_is_not_that_of_a_model_asked_anew(sent: Any) -> None:
    rows = [{"inputs": {"q": 1}, "source": {"trace_id": "ab" * 16}}]
    Evaluation(rows, []).run(lambda q: q)
    assert links(sent) == []
