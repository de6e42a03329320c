"""A run that stopped goes on where it stopped: only what is missing is made."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from processes import CollectorProcess, first_line, stop

import tracer
from tracer.client import Client
from tracer.errors import ConfigurationError, NotFoundError
from tracer.evaluation import Evaluation, EvaluationLogger, Scored

ROWS = [{"n": n, "expected": 2 * n} for n in range(6)]


def correct(output: int, expected: int) -> bool:
    return output == expected


def double(n: int) -> int:
    return 2 * n


class Stopping:
    """A model that is interrupted at its third call."""

    def __init__(self, name: str = "stopping", *, stops: bool = True) -> None:
        self.name = name
        self.asked: list[int] = []
        self.stops = stops

    async def predict(self, n: int) -> int:
        self.asked.append(n)
        if self.stops and len(self.asked) == 3:
            raise KeyboardInterrupt
        return 2 * n


@pytest.fixture
def stopped(live: Client, project: str) -> str:
    """Id of a run of six predictions that was interrupted in the third."""
    evaluation = Evaluation(ROWS, [correct], concurrency=1, name="faq")
    with pytest.raises(KeyboardInterrupt):
        evaluation.run(Stopping())
    report = tracer.flush()
    (run,) = live.evaluations(project=project) or pytest.fail(f"no run: {report}")
    return str(run["id"])


def test_interrupted_run_is_readable_and_incomplete(live: Client, stopped: str) -> None:
    run = live.evaluation(stopped)
    assert (run.status, run.row["n_planned"]) == ("incomplete", 6)
    assert run.row["error"].startswith("interrupted: ")
    assert [row["output"] for row in run.predictions()] == [0, 2, None]
    assert run.predictions()[2]["error_type"] == "KeyboardInterrupt"
    assert run.summary["correct"].n == 2


def test_resumed_run_makes_only_what_is_missing_and_reads_as_one(
    live: Client, stopped: str
) -> None:
    model = Stopping(stops=False)
    result = Evaluation(ROWS, [correct], resume=stopped).run(model)
    tracer.flush()
    assert sorted(model.asked) == [2, 3, 4, 5]
    assert [row.output for row in result.rows] == [0, 2, 4, 6, 8, 10]
    assert [row.scores for row in result.rows] == [{"correct": True}] * 6
    assert (result.evaluation_id, result.n_failed) == (stopped, 0)
    run = live.evaluation(stopped)
    assert (run.status, run.row["n_predictions"], run.row["n_errors"]) == ("done", 6, 0)
    for summary in (result.summary["correct"], run.summary["correct"]):
        assert (summary.n, summary.n_missing, summary.n_errors) == (6, 0, 0)
    assert len(run.predictions()) == 6


def test_failed_predictions_stay_as_they_are(live: Client) -> None:
    asked = []

    def picky(n: int) -> int:
        asked.append(n)
        if n == 2:
            raise LookupError("not two")
        return 2 * n

    first = Evaluation(ROWS, [correct]).run(picky)
    tracer.flush()
    again = Evaluation(ROWS, [correct], resume=first.evaluation_id).run(picky)
    assert len(asked) == 6
    assert again.n_failed == 1
    assert again.rows[2].errors["model"] == "not two"
    assert again.summary["correct"].n_errors == 1


def test_stored_rows_say_what_the_run_itself_said(live: Client) -> None:
    def label(output: int) -> str:
        return "짝" if output % 4 == 0 else "홀"

    def nothing(output: int) -> None:
        return None

    def points(output: int) -> float:
        return output / 2

    def twice(output: int) -> tuple[Scored, ...]:
        return Scored(1.0, repeat=0), Scored(2.0, repeat=1)

    def broken(output: int) -> bool:
        raise LookupError("채점 실패")

    evaluation = Evaluation(ROWS, [correct, label, nothing, points, twice, broken])
    first = evaluation.run(double)
    tracer.flush()
    evaluation.resume = first.evaluation_id
    again = evaluation.run(double)
    assert [row.scores for row in again.rows] == [row.scores for row in first.rows]
    assert [row.errors for row in again.rows] == [row.errors for row in first.rows]
    for row, before in zip(again.rows, first.rows, strict=True):
        kept = (row.example_id, row.trial, row.inputs, row.expected, row.output)
        said = (before.example_id, before.trial, before.inputs, before.expected)
        assert kept == (*said, before.output)
    for name, summary in again.summary.items():
        assert (summary.n, summary.mean) == (
            first.summary[name].n,
            first.summary[name].mean,
        )


def test_more_trials_of_a_finished_run_are_added(live: Client) -> None:
    first = Evaluation(ROWS, [correct]).run(double)
    tracer.flush()
    more = Evaluation(ROWS, [correct], trials=3, resume=first.evaluation_id).run(double)
    tracer.flush()
    assert (more.summary["correct"].n, more.summary["correct"].n_examples) == (18, 6)
    assert live.evaluation(first.evaluation_id).row["n_planned"] == 18


def test_run_of_another_model_or_dataset_is_refused_before_a_call(
    live: Client, stopped: str
) -> None:
    model = Stopping("other")
    with pytest.raises(ConfigurationError, match="of model 'stopping', not 'other'"):
        Evaluation(ROWS, [], resume=stopped).run(model)
    with pytest.raises(ConfigurationError, match="is of dataset_version"):
        Evaluation(ROWS[1:], [], resume=stopped).run(Stopping())
    with pytest.raises(NotFoundError):
        Evaluation(ROWS, [], resume="no-such-run").run(model)
    tracer.flush()
    assert (model.asked, live.evaluation(stopped).status) == ([], "incomplete")


SCRIPT = """
    import sys, threading, time
    import tracer

    tracer.configure()
    rows = [{"n": n, "expected": 2 * n} for n in range(8)]
    hangs = sys.argv[1:] == []

    def model(n):
        if hangs and n >= 3:
            print("asked", flush=True)
            threading.Event().wait()  # a sync call that nobody can stop
        print("made", n, file=sys.stderr, flush=True)
        return 2 * n

    def correct(output, expected):
        return output == expected

    resume = None if hangs else sys.argv[1]
    evaluation = tracer.Evaluation(rows, [correct], concurrency=1, resume=resume)
    result = evaluation.run(model)
    print(result.evaluation_id, result.summary["correct"].n, len(result.rows))
"""


def start(collector: CollectorProcess, project: str, *more: str) -> Any:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), *more],
        env=os.environ | {"TRACER_ENDPOINT": collector.url, "TRACER_PROJECT": project},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_ctrl_c_ends_the_process_and_another_one_finishes_its_run(
    collector: CollectorProcess, project: str
) -> None:
    process = start(collector, project)
    try:
        assert first_line(process) == "asked\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        stop(process)
    assert "KeyboardInterrupt" in said
    client = Client(collector.url)
    (run,) = client.evaluations(project=project)
    assert f"resume='{run['id']}'" in said
    assert "was interrupted after 3 of 8 predictions" in said
    assert (run["status"], run["n_predictions"], run["n_errors"]) == (
        "incomplete",
        4,
        1,
    )

    process = start(collector, project, run["id"])
    told, said = process.communicate(timeout=60)
    assert told.split() == [run["id"], "8", "8"]
    assert said.split() == [word for n in range(3, 8) for word in ("made", str(n))]
    done = client.evaluation(run["id"])
    assert (done.status, done.row["n_predictions"]) == ("done", 8)
    assert (done.summary["correct"].n, done.summary["correct"].mean) == (8, 1.0)
    assert done.row["n_errors"] == 0


FORKING = """
import os, sys
import tracer

log = tracer.EvaluationLogger(name="forks")
log.log_example({"q": "parent"}, 0, {"ok": True})
children = []
for child in range(3):
    pid = os.fork()
    if pid == 0:
        for n in range(5):
            with log.log_prediction({"q": [child, n]}) as prediction:
                prediction.output = n
                prediction.log_score("ok", True)
        sys.exit(0)  # as a program ends: nothing is flushed by hand
    children.append(pid)
codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
log.log_example({"q": "parent, later"}, 0, {"ok": True})
log.finish()
print(log.id, codes)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_children_of_a_fork_lose_no_row_and_leave_the_run_to_the_parent(
    collector: CollectorProcess, project: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKING],
        env=os.environ | {"TRACER_ENDPOINT": collector.url, "TRACER_PROJECT": project},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    run_id, codes = done.stdout.split(maxsplit=1)
    assert json.loads(codes) == [0, 0, 0]
    run = Client(collector.url).evaluation(run_id)
    assert (run.status, run.row["n_predictions"]) == ("done", 17)
    assert (run.summary["ok"].n, run.summary["ok"].n_missing) == (17, 0)


POOLED = """
import multiprocessing
import tracer

log = tracer.EvaluationLogger(name="pool")

def work(n):
    with log.log_prediction({"q": n}) as prediction:
        prediction.output = n
        prediction.log_score("ok", True)

with multiprocessing.get_context("fork").Pool(2) as pool:
    pool.map(work, range(20))
    pool.close()
    pool.join()
log.finish()
print(log.id)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_workers_of_a_pool_lose_no_row(
    collector: CollectorProcess, project: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", POOLED],
        env=os.environ | {"TRACER_ENDPOINT": collector.url, "TRACER_PROJECT": project},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    run = Client(collector.url).evaluation(done.stdout.strip())
    assert (run.status, run.row["n_predictions"]) == ("done", 20)
    assert run.summary["ok"].n == 20


def test_resumed_logger_counts_on_and_says_how_many_are_planned(live: Client) -> None:
    with EvaluationLogger(name="faq", n_planned=2) as log:
        log.log_example({"q": 1}, "a", {"ok": True})
    tracer.flush()
    with EvaluationLogger.resume(log.id, n_planned=5) as again:
        assert again.log_prediction({"q": 1}, "a").trial == 1
    tracer.flush()
    assert live.evaluation(log.id).row["n_planned"] == 5


@pytest.mark.parametrize("id", [None, "", 7])
def test_what_is_no_id_is_named_as_such(live: Client, id: Any) -> None:
    with pytest.raises(ConfigurationError, match="is no id and no name"):
        EvaluationLogger.resume(id)
    with pytest.raises(ConfigurationError, match="is no id and no name"):
        live.dataset(id)


def test_a_resumed_run_keeps_the_types_of_its_metadata_and_its_scales(
    live: Client,
) -> None:
    facts = {"temperature": 0.2, "is_new": True, "stop": None, "tags": ["a"]}
    with EvaluationLogger(name="faq", eval_attributes=facts) as log:
        for q in range(3):
            with log.log_prediction({"q": q}, "a") as prediction:
                prediction.log_score("tone", 5, scale=(1, 5), metadata={"n": 2})
    tracer.flush()
    with EvaluationLogger.resume(log.id) as again:
        assert again.attributes == facts
        assert again.summary["tone"].scale == (1.0, 5.0)
        for stored in again.predictions():
            stored.log_score("tone", 4, scale=(1, 5))
    tracer.flush()
    run = live.evaluation(log.id)
    assert run.row["metadata"] == facts
    assert run.summary["tone"].ci95 == again.summary["tone"].ci95
    assert {one["metadata"].get("n") for one in run.scores()} == {None}


def test_an_interrupted_loop_says_how_to_go_on_and_is_made_whole(
    live: Client, caplog: pytest.LogCaptureFixture
) -> None:
    def loop(log: EvaluationLogger, *, stops_at: int | None = None) -> list[int]:
        asked = []
        with log:
            for n in range(3):
                for _ in range(log.n_done({"n": n}), 2):
                    with log.log_prediction({"n": n}) as prediction:
                        asked.append(n)
                        prediction.log_score("early", n)
                        if len(asked) == stops_at:
                            raise KeyboardInterrupt
                        prediction.output = 2 * n
                        prediction.log_score("correct", True)
        return asked

    log = EvaluationLogger("faq", n_planned=6)
    with pytest.raises(KeyboardInterrupt):
        loop(log, stops_at=4)
    tracer.flush()
    assert f"{log.name} was interrupted after 3 of 6 predictions" in caplog.text
    assert f"EvaluationLogger.resume({log.id!r})" in caplog.text
    again = EvaluationLogger.resume(log.id)
    assert (again.n_predictions, again.n_failed, again.n_done({"n": 1})) == (4, 1, 1)
    assert loop(again) == [1, 2, 2]
    assert (again.n_predictions, again.n_failed) == (6, 0)
    tracer.flush()
    stored = live.evaluation(log.id)
    assert (stored.status, stored.row["n_errors"]) == ("done", 0)
    made = [(one["input"]["n"], one["trial"]) for one in stored.predictions()]
    assert sorted(made) == [(n, trial) for n in range(3) for trial in range(2)]
    for summary in (again.summary, stored.summary):
        assert (summary["correct"].n, summary["correct"].n_errors) == (6, 0)
        assert (summary["early"].n, summary["early"].mean) == (6, 1)


def test_the_trial_that_was_cut_off_comes_before_new_ones(live: Client) -> None:
    with EvaluationLogger("faq") as log:
        log.log_prediction({"n": 1}, trial_index=0)  # left open: never finished
        log.log_prediction({"n": 1}, "a", trial_index=1).finish()
        failed = log.log_prediction({"n": 2})
        failed.fail(LookupError("no answer"))
    tracer.flush()
    with EvaluationLogger.resume(log.id) as again:
        assert (again.n_done({"n": 1}), again.n_done({"n": 2})) == (1, 1)
        assert again.n_done(example_id="other") == 0
        trials = [again.log_prediction({"n": 1}, "a").trial for _ in range(2)]
    assert trials == [0, 2]
    assert (again.n_predictions, again.n_failed) == (4, 1)
