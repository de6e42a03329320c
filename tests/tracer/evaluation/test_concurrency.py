import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import tracer
from tracer import semconv
from tracer.evaluation import EvaluationLogger
from tracer.evaluation._life import Watch


def test_threads_lose_no_row_and_no_score(sent: Any) -> None:
    def log_some(log: EvaluationLogger) -> None:
        for example in range(25):
            with log.log_prediction({"q": example}) as prediction:
                prediction.output = example
                prediction.log_score("ok", example % 2 == 0)

    with EvaluationLogger() as log, ThreadPoolExecutor(8) as threads:
        list(threads.map(log_some, [log] * 8))
    ok = log.summary["ok"]
    assert (ok.n, ok.n_examples, ok.n_missing) == (200, 25, 0)
    assert len(sent.of_kind("prediction")) == len(sent.scores) == 200
    trials = {
        (sent.attribute(span, semconv.EXAMPLE_ID), sent.attribute(span, semconv.TRIAL))
        for span in sent.of_kind("prediction")
    }
    assert len(trials) == 200


async def test_tasks_keep_their_predictions_apart(sent: Any) -> None:
    async def predict(log: EvaluationLogger, question: int) -> None:
        with log.log_prediction({"q": question}) as prediction:
            await asyncio.sleep(0)
            with tracer.span(f"call {question}"):
                await asyncio.sleep(0)
            prediction.output = question

    with EvaluationLogger() as log:
        await asyncio.gather(*(predict(log, question) for question in range(20)))
    roots = {
        sent.content(span, semconv.INPUT)["q"]: span
        for span in sent.of_kind("prediction")
    }
    for question in range(20):
        call = sent.named(f"call {question}")
        assert call.parent.span_id == roots[question].context.span_id


def test_two_runs_at_a_time_do_not_mix(sent: Any) -> None:
    with EvaluationLogger() as one, EvaluationLogger() as other:
        with one.log_prediction({"q": 1}) as first:
            with other.log_prediction({"q": 1}) as second:
                second.output = "b"
            with tracer.span("call"):
                first.output = "a"
    assert sent.attribute(sent.named("call"), semconv.EVALUATION_ID) == one.id
    assert (one.n_predictions, other.n_predictions) == (1, 1)


def test_memory_of_finished_predictions_is_sums_alone(sent: Any) -> None:
    with EvaluationLogger() as log:
        for _ in range(500):
            log.log_example({"q": 1}, "a", {"ok": True})
        sums = log.summary["ok"].sums
        assert (len(sums.slots), len(log._open)) == (1, 0)


def test_open_runs_give_signs_of_life_until_they_end(sent: Any) -> None:
    watch, log = Watch(), EvaluationLogger()
    watch.add(log)
    watch.beat()
    watch.remove(log)
    watch.beat()
    log.finish()
    alive = sent.events(semconv.EVENT_EVALUATION_ALIVE)
    assert alive == [{semconv.EVALUATION_ID: log.id}]


def test_signs_of_life_come_by_themselves(sent: Any) -> None:
    from threading import Event

    class Run:
        seen = Event()

        def say_alive(self) -> None:
            self.seen.set()

        def abandon(self) -> None:
            raise AssertionError

        def leave_to_parent(self) -> None:
            raise AssertionError

    run, watch = Run(), Watch(every_s=0.001)
    watch.add(run)
    assert run.seen.wait(timeout=30)
    watch.remove(run)


def test_end_of_the_process_closes_runs_and_predictions_at_once(sent: Any) -> None:
    watch, log = Watch(), EvaluationLogger()
    watch.add(log)
    log.log_prediction({"q": 1})
    watch.close_all()
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "incomplete"
    assert len(sent.of_kind("prediction")) == 1
    assert log.is_finished


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_child_of_a_fork_leaves_the_parents_runs_alone(sent: Any) -> None:
    with EvaluationLogger() as log:
        child = os.fork()
        if child == 0:
            from tracer.evaluation._life import watch

            watch.close_all()
            os._exit(1 if log.is_finished else 0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
