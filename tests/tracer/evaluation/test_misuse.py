"""The misuse matrix of Weave's EvaluationLogger, line by line, with what we do."""

import logging
import re
from dataclasses import replace
from typing import Any

import numpy
import pytest
from opentelemetry.trace import StatusCode

import tracer
from tracer import _runtime, semconv
from tracer._values.redact import Redactor
from tracer.evaluation import EvaluationLogger


@pytest.mark.parametrize("wrong", [-1, 1.5, "2", 1 << 32, float("nan"), [0]])
def test_trial_that_is_none_is_refused_and_counts_for_nothing(
    sent: Any, wrong: Any
) -> None:
    """A trial too great for the collector took the trials behind it along."""
    with EvaluationLogger() as log:
        with pytest.raises(ValueError, match="is no trial; give a whole number"):
            log.log_prediction({"q": 1}, "a", trial_index=wrong)
        assert log.log_prediction({"q": 1}, "a").trial == 0
        assert log.log_prediction({"q": 1}, "a", trial_index=3.0).trial == 3  # type: ignore[arg-type]
        assert log.log_prediction({"q": 1}, "a", trial_index=numpy.int64(5)).trial == 5
        assert log.log_prediction({"q": 1}, "a").trial == 6


def test_score_after_the_end_of_its_prediction_is_refused(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        prediction.finish()
        with pytest.raises(ValueError, match="is finished; cannot log a score"):
            prediction.log_score("ok", True)
    assert sent.scores == []


def test_score_block_after_the_end_of_its_prediction_is_refused(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        block = log.log_prediction({"q": 2}, "a").log_score("late")
        prediction.finish()
        with pytest.raises(ValueError, match="is finished"), prediction.log_score("ok"):
            pass
    with pytest.raises(ValueError, match="is finished"), block:
        block.value = 1
    assert (sent.scores, log.summary) == ([], {})


def test_second_score_of_a_name_replaces_the_first(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        prediction.log_score("ok", False)
        prediction.log_score("ok", True)
        prediction.finish()
    assert (log.summary["ok"].n, log.summary["ok"].mean) == (1, 1.0)
    assert len(sent.scores) == 2  # both versions; the collector reads the newest


def test_scores_of_two_authors_stand_side_by_side(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        prediction.log_score("tone", 2, author="judge-a")
        prediction.log_score("tone", 4, author="judge-b")
        prediction.finish()
    assert (log.summary["tone"].n, log.summary["tone"].mean) == (1, 2.0)
    beside = log.summary["tone · judge-b"]
    assert (beside.n, beside.mean, beside.beside) == (1, 4.0, "tone")


def test_finishing_a_prediction_twice_does_it_once(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1})
        prediction.finish(output="a")
        prediction.finish(output="b")
    assert sent.content(sent.named("prediction"), semconv.OUTPUT) == "a"
    assert log.n_predictions == 1


def test_finishing_a_run_twice_does_it_once(
    sent: Any, caplog: pytest.LogCaptureFixture
) -> None:
    log = EvaluationLogger(name="faq")
    log.log_summary({"a": 1})
    log.finish()
    log.fail(RuntimeError())
    with caplog.at_level(logging.WARNING, logger="tracer"):
        log.log_summary({"a": 2})
    assert [event[semconv.EVALUATION_STATUS] for event in sent.finished] == ["done"]
    assert f"the run {log.name} is finished" in caplog.text


def test_prediction_after_the_end_of_its_run_is_refused(sent: Any) -> None:
    log = EvaluationLogger(name="faq")
    log.finish()
    with pytest.raises(ValueError, match="faq-.*' is finished; cannot log a pred"):
        log.log_prediction({"q": 1}, "a")
    with pytest.raises(ValueError, match="is finished"):
        log.log_example({"q": 1}, "a", {"ok": True})
    with pytest.raises(ValueError, match="is finished"), log:
        pass
    assert sent.spans == []


def test_exception_in_a_prediction_leaves_it_untouched_and_marks_it_failed(
    sent: Any,
) -> None:
    error = RuntimeError("모델 실패")
    with EvaluationLogger(scorers=["ok"]) as log:
        with pytest.raises(RuntimeError) as raised, log.log_prediction({"q": 1}):
            raise error
        assert raised.value is error
    span = sent.named("prediction")
    assert span.status.status_code is StatusCode.ERROR
    assert sent.attribute(span, semconv.ERROR_TYPE) == "RuntimeError"
    assert log.summary["ok"].n_errors == 1


def test_exception_in_a_score_block_leaves_it_and_the_score_is_an_error(
    sent: Any,
) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        with pytest.raises(ZeroDivisionError), prediction.log_score("ratio"):
            _ = 1 / 0
        prediction.finish()
    (score,) = sent.scores
    assert score[semconv.ERROR_TYPE] == "ZeroDivisionError"
    assert semconv.SCORE_VALUE not in score
    assert sent.named("ratio").status.status_code is StatusCode.ERROR
    assert sent.named("prediction").status.status_code is StatusCode.UNSET
    assert (log.summary["ratio"].n, log.summary["ratio"].n_errors) == (0, 1)


def test_a_loop_may_go_on_behind_blocks_that_fail(
    sent: Any, caplog: pytest.LogCaptureFixture
) -> None:
    went_on = []
    with EvaluationLogger(scorers=["ok"], fail_fast=False) as log:
        for number in range(3):
            with log.log_prediction({"q": number}) as prediction:
                prediction.output = 1 / (number - 1)
                with prediction.log_score("judge"):
                    raise ConnectionError("no judge")
                with prediction.log_score("odd") as odd:
                    odd.value = object()
                prediction.log_score("ok", True)
            went_on.append(number)
    assert went_on == [0, 1, 2]
    assert (log.n_predictions, log.n_failed) == (3, 1)
    assert (log.summary["ok"].n, log.summary["ok"].n_errors) == (2, 1)
    assert (log.summary["judge"].n_errors, log.summary["odd"].n_errors) == (3, 3)
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "done"
    told = [one.getMessage() for one in caplog.records if "goes on after" in one.msg]
    assert len(told) == 1 and "ConnectionError: no judge" in told[0]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(2)])
def test_no_loop_goes_on_after_a_wish_to_end(sent: Any, error: BaseException) -> None:
    with pytest.raises(type(error)), EvaluationLogger(fail_fast=False) as log:
        with log.log_prediction({"q": 1}):
            raise error
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "incomplete"


def test_score_block_without_a_value_is_refused_by_name(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        with pytest.raises(ValueError, match="'judge' was given no value"):
            with prediction.log_score("judge"):
                pass


def test_none_is_a_missing_score_in_both_forms(sent: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        prediction.log_score("direct", None)
        with prediction.log_score("block") as score:
            score.value = None
        prediction.finish()
    for name in ("direct", "block"):
        assert (log.summary[name].n, log.summary[name].n_missing) == (0, 1)


def test_end_of_a_run_closes_what_is_open_with_output_as_done_without_as_failed(
    sent: Any,
) -> None:
    with EvaluationLogger() as log:
        log.log_prediction({"q": 1}, "a").log_score("ok", True)
        log.log_prediction({"q": 2}).log_score("ok", True)
        log.log_prediction({"q": 3})
    assert (log.n_predictions, log.n_failed) == (3, 2)
    assert (log.summary["ok"].n, log.summary["ok"].n_errors) == (2, 1)
    kinds = [sent.attribute(span, semconv.ERROR_TYPE) for span in sent.spans]
    assert kinds == [None, *["tracer.evaluation._caught.Unfinished"] * 2]


def test_failed_run_says_why(sent: Any) -> None:
    with pytest.raises(KeyError), EvaluationLogger():
        raise KeyError("rows")
    (finished,) = sent.finished
    assert finished[semconv.EVALUATION_STATUS] == "failed"
    assert finished[semconv.EVALUATION_ERROR] == "KeyError: 'rows'"


def test_interrupted_run_is_incomplete_and_the_interrupt_goes_on(sent: Any) -> None:
    with pytest.raises(KeyboardInterrupt), EvaluationLogger() as log:
        with log.log_prediction({"q": 1}):
            raise KeyboardInterrupt
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "incomplete"
    said = sent.finished[0][semconv.EVALUATION_ERROR]
    assert said == "interrupted: KeyboardInterrupt"
    assert sent.named("prediction").status.status_code is StatusCode.ERROR


@pytest.mark.parametrize("scorer", [{}, {"name": ""}, "", "  ", 3, ["a"]])
def test_scorer_without_a_name_is_refused(sent: Any, scorer: Any) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        with pytest.raises(ValueError, match="has no name"):
            prediction.log_score(scorer, True)


def test_scorer_may_be_named_by_mapping_function_or_object(sent: Any) -> None:
    class Tone(tracer.evaluation.Scorer):
        name = "톤"

    def correct() -> bool:
        return True

    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        for scorer in ({"name": "gpt-4o judge!"}, correct, Tone()):
            prediction.log_score(scorer, True)
        prediction.finish()
    assert list(log.summary) == ["gpt-4o judge!", "correct", "톤"]


def test_names_that_differ_in_signs_alone_stay_apart(sent: Any) -> None:
    with EvaluationLogger() as log:
        log.log_example({"q": 1}, "a", {"a-b": 1, "ab": 2, "for": 3, "!": 4})
    assert [one.mean for one in log.summary.values()] == [1, 2, 3, 4]


@pytest.mark.parametrize("value", [[1, 2], object(), {"a": [1]}])
def test_score_that_cannot_be_counted_is_refused_with_what_can(
    sent: Any, value: Any
) -> None:
    with EvaluationLogger() as log:
        prediction = log.log_prediction({"q": 1}, "a")
        with pytest.raises(ValueError, match="give a bool, a number, a text, None"):
            prediction.log_score("s", value)


def test_numbers_of_other_libraries_are_numbers(sent: Any) -> None:
    from decimal import Decimal
    from fractions import Fraction

    import numpy

    with EvaluationLogger() as log:
        values = [numpy.float32(0.5), numpy.int64(2), Decimal("1.5"), Fraction(1, 2)]
        for value in values:
            log.log_example({"q": 1}, "a", {"s": value, "b": numpy.bool_(True)})
    assert log.summary["s"].mean == pytest.approx(4.5 / 4)
    assert (log.summary["b"].type, log.summary["b"].mean) == ("bool", 1.0)


def test_mixed_kinds_of_a_score_never_stop_the_summary(sent: Any) -> None:
    with EvaluationLogger() as log:
        for value in (True, 0.5, "odd", None, float("inf"), 10**400):
            log.log_example({"q": value is None}, "a", {"s": value})
    summary = log.summary["s"]
    assert (summary.type, summary.n, summary.mean) == ("number", 2, 0.75)
    assert (summary.n_missing, summary.n_errors) == (1, 2)
    assert summary.labels == {"odd": 1}


def test_bad_argument_leaves_nothing_behind(sent: Any) -> None:
    with pytest.raises(ValueError, match="has no name"):
        EvaluationLogger(model={"temperature": 1})
    with pytest.raises(ValueError, match="row 1 is a str"):
        EvaluationLogger(dataset=[{"q": 1}, "two"])  # type: ignore[list-item]
    assert sent.records == []


def test_exceptions_say_only_their_type_where_content_may_not_leave(
    sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = _runtime.state
    silent = replace(state.settings, capture_content=False)
    monkeypatch.setattr(_runtime, "state", replace(state, settings=silent))
    with pytest.raises(KeyError), EvaluationLogger() as log:
        with log.log_prediction({"q": 1}) as prediction:
            with prediction.log_score("judge"):
                raise KeyError("비밀")
    assert "비밀" not in repr(sent.records) + repr(sent.contents)
    assert sent.finished[0][semconv.EVALUATION_ERROR] == "KeyError"


def test_rules_of_redaction_hold_for_what_a_failed_run_says(
    sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = (re.compile(r"\d{3}-\d{4}"),)
    redacting = replace(_runtime.state, redactor=Redactor(rules))
    monkeypatch.setattr(_runtime, "state", redacting)
    with pytest.raises(LookupError), EvaluationLogger():
        raise LookupError("call 010-1234")
    said = sent.finished[0][semconv.EVALUATION_ERROR]
    assert said == "LookupError: call [redacted]"


def test_half_a_character_in_a_name_stops_nothing(sent: Any) -> None:
    with EvaluationLogger(name="a\ud800", model="m\ud800", scorers=["s\ud800"]) as log:
        log.log_example({"q": "\ud800"}, "\ud800", {"s\ud800": "label \ud800"})
    (started,) = sent.events(semconv.EVENT_EVALUATION_STARTED)
    repr(started).encode()
    assert started[semconv.EVALUATION_NAME] == "a\ufffd"


def test_prediction_that_races_the_end_of_its_run_is_refused_and_not_sent(
    sent: Any,
) -> None:
    log = EvaluationLogger()

    class Finishing(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            log.finish()
            return super().__getitem__(key)

    with pytest.raises(ValueError, match="is finished"):
        log.log_prediction({"q": 1}, "a", metadata=Finishing(k=1))
    assert (log._open, sent.spans) == ({}, [])


def test_sign_of_life_never_follows_the_end(sent: Any) -> None:
    log = EvaluationLogger()
    log.say_alive()
    log.finish()
    log.say_alive()
    assert [record.event_name for record in sent.records] == [
        semconv.EVENT_EVALUATION_STARTED,
        semconv.EVENT_EVALUATION_ALIVE,
        semconv.EVENT_EVALUATION_FINISHED,
    ]
