"""The misuse matrix of Weave's EvaluationLogger, the lines about how things end."""

import gc
import os
import subprocess
import sys
import weakref
from typing import Any

import pytest
from opentelemetry.trace import StatusCode
from processes import CollectorProcess

from tracer import semconv
from tracer.client import Client
from tracer.evaluation import Evaluation, EvaluationLogger

CLOSED_LATER = """
import tracer

log = tracer.EvaluationLogger(name="faq")
log.log_example({"q": 1}, "a", {"ok": True})
prediction = log.log_prediction({"q": 2})
prediction.log_score("ok", True)
print(log.id)
"""


def run(script: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_prediction_never_finished_is_closed_as_failed_when_the_process_ends(
    collector: CollectorProcess, project: str
) -> None:
    (run_id,) = run(CLOSED_LATER, TRACER_ENDPOINT=collector.url, TRACER_PROJECT=project)
    rows = Client(collector.url).evaluation(run_id).predictions()
    assert [row["status"] for row in rows] == ["ok", "error"]
    assert rows[1]["error_type"] == "tracer.evaluation._caught.Unfinished"
    assert rows[1]["scores"]["ok"]["value"] == 1.0


def test_run_never_finished_is_incomplete_as_soon_as_the_process_ends(
    collector: CollectorProcess, project: str
) -> None:
    (run_id,) = run(CLOSED_LATER, TRACER_ENDPOINT=collector.url, TRACER_PROJECT=project)
    found = Client(collector.url).evaluation(run_id)
    assert found.status == "incomplete"
    assert found.row["error"] == "the process ended before the run"


def test_fail_says_what_failed_the_run(sent: Any) -> None:
    log = EvaluationLogger()
    log.log_prediction({"q": 1}, "a")
    log.fail(ConnectionError("서버가 없습니다"))
    (finished,) = sent.finished
    assert finished[semconv.EVALUATION_STATUS] == "failed"
    assert finished[semconv.EVALUATION_ERROR] == "ConnectionError: 서버가 없습니다"
    assert (log.n_predictions, log.n_failed) == (1, 0)


def test_exit_within_a_prediction_leaves_it_unfinished_not_done(sent: Any) -> None:
    with pytest.raises(SystemExit), EvaluationLogger() as log:
        with log.log_prediction({"q": 1}):
            sys.exit(0)
    span = sent.named("prediction")
    assert span.status.status_code is StatusCode.ERROR
    assert log.n_failed == 1
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "incomplete"


def test_constructor_that_raises_makes_no_noise_afterwards(
    sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", noise.append)
    with pytest.raises(ValueError, match="has no name"):
        EvaluationLogger(scorers=[{}])
    gc.collect()
    assert (noise, sent.records) == ([], [])


def test_finished_logger_is_kept_alive_by_nobody(sent: Any) -> None:
    log = EvaluationLogger()
    log.log_example({"q": 1}, "a", {"ok": True})
    prediction = log.log_prediction({"q": 2})
    log.finish()
    gone = [weakref.ref(log), weakref.ref(prediction)]
    del log, prediction
    gc.collect()
    assert [one() for one in gone] == [None, None]


SWITCHED_OFF = """
import tracer

with tracer.EvaluationLogger(scorers=["ok"]) as log:
    log.set_view("v", "x")
    log.log_examples([{"q": 1, "output": 2, "scores": {"ok": True}}])
    with log.log_prediction({"q": 2}) as prediction:
        with prediction.log_score("ok") as score:
            score.value = False
print(log.summary["ok"].n, log.summary["ok"].mean)
"""


def test_switched_off_it_sends_nothing_and_counts_all_the_same(
    collector: CollectorProcess, project: str
) -> None:
    off = {"TRACER_ENABLED": "false", "TRACER_PROJECT": project}
    assert run(SWITCHED_OFF, TRACER_ENDPOINT=collector.url, **off) == ["2 0.5"]
    assert Client(collector.url).evaluations(project=project) == []


NOBODY_THERE = """
import tracer

with tracer.EvaluationLogger() as log:
    log.log_example({"q": 1}, 2, {"ok": True})
print(log.summary["ok"].n)
"""


def test_collector_that_is_not_there_stops_nothing(tmp_path: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOBODY_THERE],
        env=os.environ
        | {"TRACER_ENDPOINT": "http://127.0.0.1:9", "TRACER_SPOOL_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "1\n")


@pytest.mark.parametrize("where", ["model", "scorer"])
def test_exit_within_a_run_ends_it_without_noise(
    sent: Any, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    """asyncio told of tasks and futures whose exception nobody had fetched."""

    def model(q: int) -> str:
        return sys.exit(3) if where == "model" and q == 2 else "a"

    def judge(output: str, q: int) -> bool:
        return sys.exit(3) if where == "scorer" and q == 2 else True

    rows = [{"q": number} for number in range(8)]
    with pytest.raises(SystemExit) as left:
        Evaluation(rows, [judge], concurrency=2).run(model)
    assert left.value.code == 3
    del left
    gc.collect()
    assert [record.name for record in caplog.records] == ["tracer"]
    assert "was interrupted after" in caplog.text
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "incomplete"
