import math
import re
from typing import Any

import pytest

import tracer
from tracer import semconv, testing
from tracer.evaluation import Dataset, EvaluationLogger


def test_prediction_is_the_root_of_its_own_trace_with_the_apps_spans_below(
    sent: Any,
) -> None:
    with (
        tracer.span("surroundings"),
        EvaluationLogger(name="faq") as log,
        log.log_prediction({"question": "영업시간?"}, expected="9시") as prediction,
    ):
        with tracer.span("search"):
            pass
        prediction.output = "9시"
    root, search = sent.named("prediction"), sent.named("search")
    assert root.parent is None
    assert search.parent.span_id == root.context.span_id
    assert sent.named("surroundings").context.trace_id != root.context.trace_id
    assert sent.content(root, semconv.INPUT) == {"question": "영업시간?"}
    assert sent.content(root, semconv.EXPECTED) == "9시"
    assert sent.content(root, semconv.OUTPUT) == "9시"
    for span in (root, search):
        assert sent.attribute(span, semconv.EVALUATION_ID) == log.id
        assert sent.attribute(span, semconv.EXAMPLE_ID) == prediction.example_id
        assert sent.attribute(span, semconv.TRIAL) == 0


def test_prediction_is_recorded_though_decorators_are_off_and_nothing_is_sampled(
    sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from tracer import _runtime

    settings = replace(_runtime.state.settings, sample_rate=0.0)
    monkeypatch.setattr(
        _runtime, "state", replace(_runtime.state, tracer=None, settings=settings)
    )
    with EvaluationLogger() as log:
        log.log_example({"q": 1}, 2, {"good": True})
    assert [span.name for span in sent.spans] == ["prediction"]


def test_an_example_id_that_a_table_lacks_is_none(sent: Any) -> None:
    with EvaluationLogger() as log:
        log.log_example({"q": 1}, 2, {}, example_id=math.nan)
        log.log_example({"q": 2}, 2, {}, example_id=math.nan)
    ids = {
        sent.attribute(one, semconv.EXAMPLE_ID) for one in sent.of_kind("prediction")
    }
    assert len(ids) == 2


def test_run_tells_of_its_start_and_end(sent: Any) -> None:
    with EvaluationLogger(
        name="평가 1!",
        model={"name": "gpt-4o", "temperature": 0.5},
        dataset=Dataset([{"q": 1}, {"q": 2}], name="faq-v2"),
        eval_attributes={"branch": "main"},
        scorers=["a-b", "ab"],
        trials=3,
    ) as log:
        pass
    (started,) = sent.events(semconv.EVENT_EVALUATION_STARTED)
    assert started[semconv.EVALUATION_ID] == log.id
    assert started[semconv.EVALUATION_NAME] == "평가 1!"
    assert started[semconv.EVALUATION_MODEL] == "gpt-4o"
    assert started[semconv.EVALUATION_DATASET] == "faq-v2"
    assert started[semconv.EVALUATION_SCORERS] == ("a-b", "ab")
    assert started[semconv.EVALUATION_N_PLANNED] == 6
    assert started[semconv.METADATA_PREFIX + "branch"] == "main"
    assert started[semconv.METADATA_PREFIX + "model.temperature"] == 0.5
    assert sent.finished == [
        {semconv.EVALUATION_ID: log.id, semconv.EVALUATION_STATUS: "done"}
    ]


def test_score_travels_with_its_prediction_type_and_reason(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a", example_id="one", trial_index=2)
        prediction.log_score("correct", True)
        prediction.log_score(
            "톤", 4, explanation="정중함", source="model", author="j@1"
        )
        prediction.log_score("verdict", "good")
        prediction.log_score("tone", 3, label="so-so")
    correct, tone, verdict, labelled = sent.scores
    record = sent.records[1]
    assert (record.trace_id, record.span_id) == (
        int(prediction.trace_id, 16),
        int(prediction.span_id, 16),
    )
    assert correct[semconv.SCORE_VALUE] == 1.0
    assert correct[semconv.SCORE_TYPE] == "bool"
    assert correct[semconv.SCORE_SOURCE] == "code"
    assert correct[semconv.EVALUATION_ID] == log.id
    assert (correct[semconv.EXAMPLE_ID], correct[semconv.TRIAL]) == ("one", 2)
    assert (tone[semconv.SCORE_NAME], tone[semconv.SCORE_VALUE]) == ("톤", 4.0)
    assert tone[semconv.SCORE_EXPLANATION] == "정중함"
    assert (tone[semconv.SCORE_SOURCE], tone[semconv.SCORE_AUTHOR]) == ("model", "j@1")
    assert verdict[semconv.SCORE_LABEL] == "good"
    assert verdict[semconv.SCORE_TYPE] == "label"
    assert (labelled[semconv.SCORE_VALUE], labelled[semconv.SCORE_LABEL]) == (
        3.0,
        "so-so",
    )


def test_summary_counts_values_examples_missing_and_errors(sent: Any) -> None:
    with EvaluationLogger(scorers=["declared"]) as log:
        for answer in (1, 2, 3):
            log.log_example({"q": 1}, answer, {"points": answer, "good": answer > 1})
        log.log_example({"q": 2}, 0, {"points": None, "good": True})
        log.log_example({"q": 3}, 0, {"points": math.nan})
        with pytest.raises(KeyError), log.log_prediction({"q": 4}):
            raise KeyError("no answer")
    points, good = log.summary["points"], log.summary["good"]
    assert (points.n, points.n_examples, points.mean) == (3, 1, 2.0)
    assert (points.n_missing, points.n_errors) == (1, 2)
    assert (good.type, good.n, good.n_examples, good.mean) == ("bool", 4, 2, 0.75)
    assert (good.n_missing, good.n_errors) == (1, 1)
    assert good.ci95 is not None
    declared = log.summary["declared"]
    assert (declared.n, declared.n_missing, declared.n_errors) == (0, 5, 1)
    assert (log.n_predictions, log.n_failed) == (6, 1)


def test_mapping_is_one_score_a_key(sent: Any) -> None:
    with EvaluationLogger(scorers=["rubric"]) as log:
        log.log_example({"q": 1}, "a", {"rubric": {"clear": 4, "kind": {"tone": True}}})
    assert list(log.summary) == ["rubric.clear", "rubric.kind.tone"]
    assert log.summary["rubric.clear"].mean == 4.0


def test_trials_are_counted_by_example(sent: Any) -> None:
    with EvaluationLogger() as log:
        asked = [{"q": 1}, {"q": 2}, {"q": 1}, {"q": 1}]
        found = [log.log_prediction(inputs, "a").trial for inputs in asked]
        named = log.log_prediction({"q": 9}, "a", example_id="x", trial_index=4)
        after = log.log_prediction({"q": 8}, "a", example_id="x")
    assert found == [0, 0, 1, 2]
    assert (named.trial, after.trial) == (4, 5)


def test_id_of_an_example_is_the_hash_of_its_canonical_inputs(sent: Any) -> None:
    with EvaluationLogger() as log:
        first = log.log_prediction({"질문": "값", "k": 1}, "a")
        same = log.log_prediction({"k": 1, "질문": "값"}, "a")
    # sha256 of '{"k":1,"질문":"값"}' in UTF-8
    assert first.example_id == same.example_id == "ff14280d1e587ede"
    assert Dataset([{"질문": "값", "k": 1}])[0].id == first.example_id


def test_judge_in_a_block_is_recorded_apart_from_the_models_calls(sent: Any) -> None:
    with (
        EvaluationLogger() as log,
        log.log_prediction({"q": 1}) as prediction,
    ):
        with tracer.span("model"):
            prediction.output = "a"
        with (
            prediction.log_score("judge", source="model") as score,
            tracer.span("judge call"),
        ):
            score.value, score.explanation = 5, "clear"
    (evaluator,) = sent.of_kind("evaluator")
    root = sent.named("prediction")
    assert evaluator.name == "judge"
    assert evaluator.parent.span_id == root.context.span_id
    assert sent.named("model").parent.span_id == root.context.span_id
    assert sent.named("judge call").parent.span_id == evaluator.context.span_id
    assert sent.attribute(evaluator, semconv.EVALUATION_ID) == log.id
    assert sent.scores[0][semconv.SCORE_EXPLANATION] == "clear"
    assert log.summary["judge"].mean == 5.0


def test_time_of_a_prediction_ends_with_its_output_and_leaves_the_judge_out(
    sent: Any,
) -> None:
    with EvaluationLogger() as log, log.log_prediction({"q": 1}) as prediction:
        prediction.output = "a"
        with prediction.log_score("judge") as score:
            score.value = 1
    (evaluator,) = sent.of_kind("evaluator")
    assert sent.named("prediction").end_time <= evaluator.start_time


def test_time_of_an_earlier_answer_can_be_told(sent: Any) -> None:
    with EvaluationLogger() as log:
        log.log_prediction({"q": 1}, "a", duration_s=1.5).finish()
    span = sent.named("prediction")
    assert (span.end_time - span.start_time) / 1e9 == pytest.approx(1.5, abs=0.5)


async def test_score_can_be_awaited_as_weaves_can(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        await prediction.alog_score("ok", True)
        prediction.finish()
    assert log.summary["ok"].mean == 1.0


def test_summary_of_a_person_is_kept_with_the_run(sent: Any) -> None:
    log = EvaluationLogger()
    log.log_example({"q": 1}, "a", {"ok": True})
    found = log.log_summary({"verdict": "배포"})
    assert found["ok"].mean == 1.0
    assert found["output"] == {"verdict": "배포"}
    assert sent.finished[0][semconv.METADATA_PREFIX + "summary"] == '{"verdict":"배포"}'


def test_address_in_the_dashboard_names_the_run(sent: Any) -> None:
    with EvaluationLogger() as log:
        assert log.ui_url == f"http://127.0.0.1:8501/evaluations?evaluation={log.id}"


def test_address_begins_with_what_the_environment_says_of_the_dashboard(
    sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_DASHBOARD_URL", "https://tracer.example/")
    with EvaluationLogger() as log:
        found = f"https://tracer.example/evaluations?evaluation={log.id}"
        assert log.ui_url == found


def test_a_run_that_is_not_sent_has_no_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACER_ENABLED", "false")
    testing.reset()

    result = tracer.Evaluation([{"n": 1}], [lambda output: True]).run(lambda n: n)

    assert result.ui_url == ""
    assert "http" not in str(result)


def test_run_without_a_name_gets_one_to_remember(sent: Any) -> None:
    with EvaluationLogger(dataset="faq") as log:
        assert log.name.startswith("eval-")
    (started,) = sent.events(semconv.EVENT_EVALUATION_STARTED)
    assert started[semconv.EVALUATION_NAME] == "faq-evaluation"


def test_each_run_of_a_name_has_a_name_of_its_own(sent: Any) -> None:
    runs = [EvaluationLogger("faq") for _ in range(2)]
    assert all(re.fullmatch(r"faq-[\d-]{10}-[a-z]+-[a-z]+", run.name) for run in runs)
    given = EvaluationLogger("faq", display_name="faq, short prompt")
    assert given.name == "faq, short prompt"
    started = sent.events(semconv.EVENT_EVALUATION_STARTED)
    assert {one[semconv.EVALUATION_NAME] for one in started} == {"faq"}
