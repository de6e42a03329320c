"""A worker grades a dataset by stored judges, at its own endpoint."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import CollectorProcess

import tracer
from examples.openai_server import running
from tracer.client import Client
from tracer.worker import score_dataset
from tracer.worker.loop import Worker

ROWS: list[dict[str, Any]] = [
    {
        "inputs": {
            "question": f"{i}번 환불은?",
            "context": ["환불은 14일 안에 가능합니다."],
        },
        "expected": "환불은 14일 안에 가능합니다.",
        "output": output,
    }
    for i, output in enumerate(("환불은 14일 안에 가능합니다.", "몰라요.", None))
]
MODEL = {
    "model": "judge-worker",
    "price": {"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 4.0},
}


@pytest.fixture
def client(
    collector: CollectorProcess, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    with running() as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        yield Client(collector.url)
    tracer.shutdown()


def graded(
    client: Client, project: str, *, judge_cache: str | None = None, **params: Any
) -> dict[str, Any]:
    """Have a dataset graded; return the job as it ended."""
    client.save_dataset("answers", ROWS, project=project)
    id = uuid.uuid4().hex
    job = {"id": id, "project": project, "kind": "score_dataset", "state": "queued"}
    client.save_job(job | {"params": {"dataset": "answers", **params}})
    worker = Worker(client, threading.Event(), judge_cache=judge_cache)
    worker.run(until_idle=True)
    return client.job(id, project=project)


def test_every_row_is_graded_by_stored_judges_beside_metrics(
    client: Client, project: str
) -> None:
    client.save_judge(
        "rag-ko", {"kind": "rag", "model": MODEL, "language": "ko"}, project=project
    )
    job = graded(client, project, judges=["rag-ko"], metrics=["korquad_f1"])
    assert (job["state"], job["message"]) == ("done", None)
    result = job["result"]
    assert (result["n_predictions"], result["judge_requests"]) == (3, 2)
    assert result["judge_cost_usd"] > 0
    run = client.evaluation(result["evaluation_id"], project=project)
    correct = run.summary["rag.answer_correctness"]
    assert (correct.n, correct.mean) == (2, 3.0)
    assert (correct.n_missing, correct.n_errors) == (1, 0)
    assert "rag" not in run.summary
    assert run.summary["korquad_f1"].n == 2
    scores = [row for row in run.scores(limit=None) if row["source"] == "model"]
    assert {row["author"] for row in scores} == {"rag@1:judge-worker"}


def test_judges_alone_are_enough(client: Client, project: str) -> None:
    definition = {"kind": "faithfulness", "model": MODEL, "language": "ko"}
    client.save_judge("true", definition, project=project)
    job = graded(client, project, judges=["true"])
    run = client.evaluation(job["result"]["evaluation_id"], project=project)
    assert run.summary["faithfulness"].n == 2


def test_a_second_grading_takes_what_was_judged_from_the_workers_cache(
    client: Client, project: str, tmp_path: Path
) -> None:
    definition = {"kind": "faithfulness", "model": MODEL, "language": "ko"}
    client.save_judge("true", definition, project=project)
    cache = str(tmp_path / "kept.sqlite")
    results = [
        graded(client, project, judge_cache=cache, judges=["true"])["result"]
        for _ in range(2)
    ]
    assert [one["judge_requests"] for one in results] == [4, 0]
    assert [one["n_predictions"] for one in results] == [3, 3]


def test_a_judge_that_fails_fails_its_scores_and_not_the_job(
    client: Client, project: str
) -> None:
    limited = MODEL | {"spending_limit_usd": 0.0}
    definition = {"kind": "rubric", "model": limited, "rubric": "style"}
    client.save_judge("poor", definition, project=project)
    job = graded(client, project, judges=["poor"])
    assert job["state"] == "done"
    run = client.evaluation(job["result"]["evaluation_id"], project=project)
    assert (run.summary["style"].n, run.summary["style"].n_errors) == (0, 2)
    assert job["result"]["judge_requests"] == 0


def test_a_slow_judge_does_not_lose_the_job_its_lease(
    client: Client, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that waited for a judge longer than the lease were graded twice."""
    monkeypatch.setattr(score_dataset, "HEARTBEAT_S", 0.01)
    go_on, told = threading.Event(), []

    def work(example: Any) -> None:
        assert go_on.wait(30)

    for done in score_dataset.worked_off(work, [1, 2, 3], 2):  # type: ignore[list-item]
        told.append(done)
        if len(told) == 5:
            go_on.set()
    assert told[:5] == [0, 0, 0, 0, 0]
    assert told[-1] == 3


def test_a_judge_that_is_not_stored_fails_the_job_with_its_name(
    client: Client, project: str
) -> None:
    job = graded(client, project, judges=["nobody"])
    assert job["state"] == "failed"
    assert "nobody" in job["message"]
