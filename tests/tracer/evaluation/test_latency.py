"""How long a model took: measured where it was called, else not known."""

import time
from collections.abc import Callable
from typing import Any

import pytest

import tracer
from tracer import weave
from tracer.client import Client
from tracer.evaluation import Evaluation, EvaluationLogger
from tracer.gate import judge, parse_requirement
from tracer.gate.runs import figures_of

INPUTS = {"question": "영업시간은?"}
ROWS = [{**INPUTS, "output": "9시", "expected": "9시"}]


def with_output(log: EvaluationLogger) -> None:
    log.log_prediction(INPUTS, "9시").finish()


def with_output_in_a_block(log: EvaluationLogger) -> None:
    with log.log_prediction(INPUTS, "9시") as prediction:
        prediction.log_score("correct", True)


def with_none_for_an_output(log: EvaluationLogger) -> None:
    log.log_prediction(INPUTS, None).finish()


def with_a_failing_score(log: EvaluationLogger) -> None:
    with pytest.raises(KeyError), log.log_prediction(INPUTS, "9시"):
        raise KeyError("score")


def as_an_example(log: EvaluationLogger) -> None:
    log.log_example(INPUTS, "9시", {"correct": True})


def as_examples(log: EvaluationLogger) -> None:
    log.log_examples(ROWS)


def never_finished(log: EvaluationLogger) -> None:
    log.log_prediction(INPUTS)


def in_a_block(log: EvaluationLogger) -> None:
    with log.log_prediction(INPUTS) as prediction:
        time.sleep(0.002)
        prediction.output = "9시"


def by_its_finish(log: EvaluationLogger) -> None:
    prediction = log.log_prediction(INPUTS)
    time.sleep(0.002)
    prediction.finish("9시")


def answered_anew(log: EvaluationLogger) -> None:
    with log.log_prediction(INPUTS, "draft") as prediction:
        time.sleep(0.002)
        prediction.output = "9시"


def in_a_block_without_output(log: EvaluationLogger) -> None:
    with log.log_prediction(INPUTS) as prediction:
        time.sleep(0.002)
        prediction.log_score("correct", True)


def until_it_failed(log: EvaluationLogger) -> None:
    with pytest.raises(KeyError), log.log_prediction(INPUTS):
        time.sleep(0.002)
        raise KeyError("no answer")


def duration_ms(sent: Any) -> float:
    (span,) = sent.of_kind("prediction")
    took_ns: int = span.end_time - span.start_time
    return took_ns / 1e6


@pytest.mark.parametrize(
    "logged",
    [
        with_output,
        with_output_in_a_block,
        with_none_for_an_output,
        with_a_failing_score,
        as_an_example,
        as_examples,
        never_finished,
    ],
)
def test_span_of_an_answer_that_nobody_timed_lasts_nothing(
    sent: Any, logged: Callable[[EvaluationLogger], None]
) -> None:
    with EvaluationLogger() as log:
        logged(log)
    assert duration_ms(sent) == 0


@pytest.mark.parametrize(
    "logged",
    [
        in_a_block,
        by_its_finish,
        answered_anew,
        in_a_block_without_output,
        until_it_failed,
    ],
)
def test_answer_that_was_waited_for_is_timed(
    sent: Any, logged: Callable[[EvaluationLogger], None]
) -> None:
    with EvaluationLogger() as log:
        logged(log)
    assert duration_ms(sent) >= 2


@pytest.mark.parametrize(("given_s", "found_ms"), [(2, 2000), (0.25, 250), (0, 1e-6)])
def test_duration_that_is_given_is_taken_to_the_nanosecond(
    sent: Any, given_s: float, found_ms: float
) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction(INPUTS, duration_s=given_s)
        prediction.finish("9시")
    assert duration_ms(sent) == found_ms


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), 1e12, "2", True])
def test_duration_that_is_none_is_refused(sent: Any, wrong: Any) -> None:
    with EvaluationLogger() as log, pytest.raises(ValueError, match="no duration"):
        log.log_prediction(INPUTS, "9시", duration_s=wrong)
    assert sent.of_kind("prediction") == []


async def test_result_over_stored_outputs_has_no_latency(sent: Any) -> None:
    result = await Evaluation(ROWS, []).evaluate()
    (row,) = result.rows
    assert (row.output, row.duration_ms) == ("9시", None)
    assert "latency_ms" not in result.measures
    assert duration_ms(sent) == 0
    scored = await weave.Evaluation(ROWS).predict_and_score(None, ROWS[0])
    assert scored["model_latency"] is None


def stored(live: Client, logged: Callable[[EvaluationLogger], None]) -> Any:
    with EvaluationLogger(name="faq") as log:
        logged(log)
        for number in range(3):
            log.log_prediction({"n": number}, number).finish()
    tracer.flush()
    return live.evaluation(log.id)


def test_unknown_latency_is_null_wherever_it_is_read(live: Client) -> None:
    run = stored(live, with_output)
    assert [row["duration_ms"] for row in run.predictions()] == [None] * 4
    assert (run.row["latency_p50_ms"], run.row["latency_p95_ms"]) == (None, None)
    assert [row["latency_ms"] for row in run.examples] == [[None]] * 4
    assert "latency_ms" not in run.measures
    asked = [parse_requirement("latency_p95_ms <= 1.1x")]
    (verdict,) = judge(figures_of(run), figures_of(run), asked).verdicts
    assert (verdict.outcome, verdict.contrast) == ("unknown", None)


def test_unknown_latency_stays_out_of_a_runs_figures(live: Client) -> None:
    run = stored(live, in_a_block)
    (known,) = run.predictions(where=[("duration_ms", ">", 0)])
    assert run.row["latency_p50_ms"] == pytest.approx(known["duration_ms"])
    latency = run.measures["latency_ms"]
    assert (latency.n, latency.n_missing) == (1, 3)


def test_call_that_is_attached_but_not_stored_leaves_latency_unknown(
    live: Client,
) -> None:
    def attached(log: EvaluationLogger) -> None:
        log.log_prediction(INPUTS, "9시", trace_id="ab" * 16).finish()

    run = stored(live, attached)
    assert run.predictions()[0]["duration_ms"] is None
    assert run.row["latency_p50_ms"] is None
