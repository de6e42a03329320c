"""Scores that come after their run has finished, and what they change."""

from typing import Any

import pytest

import tracer
from tracer.client import Client
from tracer.evaluation import EvaluationLogger


@pytest.fixture
def finished(live: Client) -> EvaluationLogger:
    """A finished run of three examples by two trials; one of its predictions failed."""
    with EvaluationLogger(name="faq", model="m") as log:
        for example in range(3):
            for trial in range(2):
                try:
                    with log.log_prediction({"q": example}, expected=0) as prediction:
                        if (example, trial) == (2, 1):
                            raise LookupError("nothing")
                        prediction.output = example
                        prediction.log_score("ok", example == 0)
                        prediction.log_score("tone", trial, author="a")
                except LookupError:
                    pass
    tracer.flush()
    return log


def figures(summary: Any) -> dict[str, tuple[Any, ...]]:
    return {
        name: (one.type, one.n, one.n_missing, one.n_errors, one.mean, dict(one.labels))
        for name, one in summary.items()
    }


def test_run_taken_up_again_gives_its_predictions_to_score(
    live: Client, finished: EvaluationLogger
) -> None:
    with EvaluationLogger.resume(finished.id) as log:
        for prediction in log.predictions():
            if not prediction.failed:
                assert prediction.output == prediction.inputs["q"]
                prediction.log_score("late", prediction.output + 1, explanation="왜")
    tracer.flush()
    run = live.evaluation(finished.id)
    assert figures(log.summary)["late"] == ("number", 5, 0, 1, 1.8, {})
    assert figures(run.summary) == figures(log.summary)
    assert (run.status, run.row["n_predictions"]) == ("done", 6)


def test_late_score_of_the_same_name_and_author_replaces_the_earlier(
    live: Client, finished: EvaluationLogger
) -> None:
    with EvaluationLogger.resume(finished.id) as log:
        for prediction in log.predictions():
            prediction.log_score("ok", True)
            prediction.log_score("ok", None if prediction.failed else True)
            prediction.log_score("tone", 9, author="b")
    tracer.flush()
    summary = figures(live.evaluation(finished.id).summary)
    assert summary["ok"] == ("bool", 5, 1, 0, 1.0, {})
    assert (summary["tone"][1], summary["tone · b"][1]) == (5, 6)
    assert figures(log.summary) == summary


def test_grades_of_people_change_neither_the_score_nor_a_comparison(
    live: Client, finished: EvaluationLogger
) -> None:
    before = figures(live.evaluation(finished.id).summary)
    with EvaluationLogger.resume(finished.id) as log:
        for number, prediction in enumerate(log.predictions()):
            for author in ("영희", "철수")[: 1 + number % 2]:
                prediction.log_score("ok", False, source="human", author=author)
    tracer.flush()
    summary = figures(live.evaluation(finished.id).summary)
    assert figures(log.summary) == summary
    assert summary.pop("ok · people")[:4] == ("bool", 6, 0, 0)
    assert summary == before
    compared = live.compare(finished.id, finished.id)
    assert "ok · people" not in [one.name for one in compared]
    (asked,) = live.compare(finished.id, finished.id, scores=["ok · people"])
    assert (asked.n_examples, asked.difference) == (3, 0)


def test_labels_and_errors_of_late_scores_are_counted_and_replaced(
    live: Client, finished: EvaluationLogger
) -> None:
    with EvaluationLogger.resume(finished.id) as log:
        for prediction in log.predictions():
            prediction.log_score("verdict", "good")
            prediction.log_score("ratio", float("nan"))
    with EvaluationLogger.resume(finished.id) as log:
        for number, prediction in enumerate(log.predictions()):
            if number < 2:
                prediction.log_score("verdict", "bad")
                prediction.log_score("ratio", 0.5)
    tracer.flush()
    summary = figures(live.evaluation(finished.id).summary)
    assert summary["verdict"][-1] == {"good": 4, "bad": 2}
    assert summary["ratio"][:5] == ("number", 2, 0, 4, 0.5)
    assert figures(log.summary) == summary


def test_late_judge_is_recorded_below_its_prediction(
    live: Client, finished: EvaluationLogger
) -> None:
    with EvaluationLogger.resume(finished.id) as log:
        prediction = next(log.predictions())
        with prediction.log_score("judge", source="model") as score:
            with tracer.span("judge call"):
                score.value = 5
    tracer.flush()
    spans = {s["name"]: s for s in live.trace(prediction.trace_id).spans}
    assert spans["judge"]["kind"] == "evaluator"
    assert spans["judge"]["parent_span_id"] == prediction.span_id
    assert spans["judge call"]["parent_span_id"] == spans["judge"]["span_id"]
    assert spans["judge call"]["evaluation_id"] == finished.id


def test_stored_prediction_keeps_its_answer(
    live: Client, finished: EvaluationLogger
) -> None:
    with EvaluationLogger.resume(finished.id) as log:
        with next(log.predictions()) as prediction:
            assert (prediction.output, prediction.expected) == (0, 0)
            with pytest.raises(ValueError, match="is stored with its output"):
                prediction.output = 1
            prediction.fail(RuntimeError("a judge broke"))
    with pytest.raises(ValueError, match="is finished; cannot log a score"):
        prediction.log_score("ok", True)
    with pytest.raises(ValueError, match="is finished; cannot read its predictions"):
        next(log.predictions())
    tracer.flush()
    assert live.evaluation(finished.id).row["n_errors"] == 1


def test_score_sent_by_ids_alone_is_counted_in_a_finished_run(
    live: Client, finished: EvaluationLogger
) -> None:
    for row in live.evaluation(finished.id).predictions():
        place = {"example_id": row["example_id"], "trial": row["trial"]}
        tracer.score("liked", True, evaluation_id=finished.id, **place)
    tracer.flush()
    liked = live.evaluation(finished.id).summary["liked"]
    assert (liked.n, liked.n_examples, liked.n_missing) == (6, 3, 0)


def test_examples_with_long_korean_ids_keep_their_scores(live: Client) -> None:
    ids = [f"아주 긴 예제 이름 {'가나다라' * 40} {number}" for number in range(40)]
    with EvaluationLogger() as log:
        for name in ids:
            log.log_example({"q": name}, "a", {"ok": True}, example_id=name)
        found = list(log.predictions())
    assert sorted(one.example_id for one in found) == sorted(ids)
    assert all(len(one.scores) == 1 for one in found)


def test_predictions_of_an_open_run_are_there_at_once(live: Client) -> None:
    with EvaluationLogger() as log:
        log.log_example({"q": 1}, "a", {"ok": False})
        (prediction,) = log.predictions()
        prediction.log_score("ok", True)
        assert (log.summary["ok"].n, log.summary["ok"].mean) == (1, 1.0)


def test_runs_tell_failed_scores_from_failed_predictions(live: Client) -> None:
    with EvaluationLogger(name="judged") as log:
        with pytest.raises(LookupError), log.log_prediction({"q": 0}):
            raise LookupError("no answer")
        with log.log_prediction({"q": 1}) as prediction:
            prediction.output = "9시"
            with pytest.raises(OSError), prediction.log_score("judge"):
                raise OSError("the judge is away")
            prediction.log_score("nothing", None)
    tracer.flush()
    (row,) = live.evaluations(project=live.evaluation(log.id).row["project"])
    assert (row["n_errors"], row["n_score_errors"]) == (1, 1)
    with EvaluationLogger.resume(log.id) as log:
        for stored in log.predictions():
            if not stored.failed:
                stored.log_score("judge", 4)
    tracer.flush()
    assert live.evaluation(log.id).row["n_score_errors"] == 0
