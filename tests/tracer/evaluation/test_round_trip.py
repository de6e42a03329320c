"""What was logged comes back from a real collector, and says the same."""

import os
import subprocess
import sys
from typing import Any

import pytest
from processes import CollectorProcess

import tracer
from tracer.client import Client
from tracer.stats import compare

SCRIPT = """
import tracer

log = tracer.EvaluationLogger(
    name="평가", model="gpt-4o", dataset="faq-v2", eval_attributes={"branch": "main"},
    scorers=["declared", "parent"], n_planned=9,
)
for question in ("하나", "둘", "셋"):
    for trial in range(3):
        try:
            with log.log_prediction({"q": question}, expected="답") as prediction:
                if question == "셋" and trial == 2:
                    raise LookupError("nothing found")
                prediction.output = "답" if trial else "other"
                prediction.log_score("ok", prediction.output == "답")
                prediction.log_score("parent", {"part": trial})
                if question != "둘":
                    prediction.log_score("points", trial / 2, explanation="왜냐하면")
        except LookupError:
            pass
print(log.id)
for name, one in log.summary.items():
    print(name, one.type, one.n, one.n_examples, one.n_missing, one.n_errors, one.mean)
"""


def run(script: str, collector: CollectorProcess, project: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"TRACER_ENDPOINT": collector.url, "TRACER_PROJECT": project},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def logged(collector: CollectorProcess) -> Any:
    """Id of a finished run, and what its process said of the scores."""
    evaluation_id, *told = run(SCRIPT + "\nlog.finish()", collector, "round-trip")
    return Client(collector.url).evaluation(evaluation_id), told


def test_run_is_read_back_as_it_was_logged(logged: Any) -> None:
    row = logged[0].row
    assert (row["name"], row["model"], row["dataset"]) == ("평가", "gpt-4o", "faq-v2")
    assert (row["status"], row["project"]) == ("done", "round-trip")
    assert (row["n_planned"], row["n_predictions"], row["n_examples"]) == (9, 9, 3)
    assert row["n_errors"] == 1
    assert row["metadata"]["branch"] == "main"


def test_summary_from_the_collector_is_the_one_of_the_process(logged: Any) -> None:
    found, told = logged
    assert "declared label 0 0 8 1 None" in told
    assert sorted(
        f"{name} {one.type} {one.n} {one.n_examples} {one.n_missing} {one.n_errors} "
        f"{one.mean}"
        for name, one in found.summary.items()
    ) == sorted(told)


def test_predictions_are_read_back_by_example_and_trial(logged: Any) -> None:
    rows = logged[0].predictions()
    assert [row["trial"] for row in rows] == [0, 1, 2] * 3
    first, failed = rows[0], rows[-1]
    assert (first["input"], first["output"]) == ({"q": "하나"}, "other")
    assert first["expected"] == "답"
    assert first["scores"]["ok"]["value"] == 0.0
    assert first["scores"]["points"]["explanation"] == "왜냐하면"
    assert failed["status"] == "error"
    assert "nothing found" in failed["status_message"]


def test_run_compared_with_itself_shows_no_difference(logged: Any) -> None:
    found = {one.name: one for one in compare(logged[0].sums, logged[0].sums)}
    assert found["ok"].difference == 0.0
    assert found["ok"].verdict == "not shown"
    assert found["points"].n_examples == 2


def test_process_that_ends_without_finishing_leaves_a_closed_run(
    collector: CollectorProcess, project: str
) -> None:
    script = SCRIPT + "\nlog.log_prediction({'q': 'open'}).log_score('ok', True)"
    evaluation_id, *_ = run(script, collector, project)
    found = Client(collector.url).evaluation(evaluation_id)
    assert found.status == "incomplete"
    assert found.row["n_predictions"] == 10
    assert found.row["n_errors"] == 2


RESUMED = """
import tracer

log = tracer.EvaluationLogger.resume({id!r})
print(log.n_predictions, log.n_failed)
log.log_example({{"q": "하나"}}, "답", {{"ok": True, "late": 1}})
print(log.log_prediction({{"q": "하나"}}, "답").trial)
log.finish()
for name, one in log.summary.items():
    print(name, one.type, one.n, one.n_examples, one.n_missing, one.n_errors, one.mean)
"""


def test_finished_run_can_be_taken_up_again(
    collector: CollectorProcess, project: str
) -> None:
    evaluation_id, *_ = run(SCRIPT + "\nlog.finish()", collector, project)
    script = RESUMED.format(id=evaluation_id)
    counts, trial, *told = run(script, collector, project)
    assert (counts, trial) == ("9 1", "4")
    found = Client(collector.url).evaluation(evaluation_id)
    assert (found.status, found.row["n_predictions"]) == ("done", 11)
    assert found.row["metadata"]["branch"] == "main"
    assert sorted(
        f"{name} {one.type} {one.n} {one.n_examples} {one.n_missing} {one.n_errors} "
        f"{one.mean}"
        for name, one in found.summary.items()
    ) == sorted(told)


STORED = """
import tracer
import tracer
from tracer.client import Client

local = tracer.Dataset(
    [{"질문": n, "k": 1.5, "expected": 2 * n} for n in range(5)], name="두 배"
)
saved = Client().save_dataset(local.name, local.rows, project="stored")
print(saved["version"] == local.version)

def correct(output, expected):
    return output == expected

for dataset in ("두 배", f"두 배:{local.version}"):
    evaluation = tracer.Evaluation(dataset, [correct], trials=2)
    result = evaluation.run(lambda 질문: 2 * 질문)
    ids = {row.example_id for row in result.rows}
    print(ids == {example.id for example in local.examples}, evaluation.dataset.version)
    print(result.summary["correct"].n, result.summary["correct"].mean)
"""


def test_dataset_of_the_collector_is_evaluated_by_its_name(
    collector: CollectorProcess,
) -> None:
    same, *told = run(STORED, collector, "stored")
    assert same == "True"
    for ids, counts in (told[:2], told[2:]):
        assert ids.startswith("True ")
        assert counts == "10 1.0"


def test_run_without_predictions_has_the_summary_of_its_process(
    collector: CollectorProcess, project: str
) -> None:
    script = """
import tracer
log = tracer.EvaluationLogger(scorers=["declared"])
log.finish()
print(log.id)
print(log.summary)
"""
    evaluation_id, *told = run(script, collector, project)
    stored = Client(collector.url).evaluation(evaluation_id).summary
    assert str(stored).splitlines() == told


def test_a_run_is_whole_as_soon_as_it_is_read_where_it_was_logged(
    live: Client, project: str
) -> None:
    def logged(name: str) -> str:
        with tracer.EvaluationLogger(name=name) as log:
            for number in range(40):
                with log.log_prediction({"n": number}, number) as prediction:
                    prediction.log_score("ok", number % 3 > 0)
        return log.id

    (found,) = live.compare(logged("one"), logged("other"))
    assert (found.n_examples, found.difference) == (40, 0.0)
    last = logged("last")
    assert [row["id"] for row in live.evaluations(project=project)][:1] == [last]
