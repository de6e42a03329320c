import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from processes import CollectorProcess

import tracer
from examples.openai_server import running
from tracer.client import Client
from tracer.errors import CollectorError
from tracer.worker import desk
from tracer.worker.desk import Desk, JobStopped
from tracer.worker.loop import Worker
from tracer.worker.score_dataset import score_dataset

ROWS: list[dict[str, Any]] = [
    {"inputs": {"q": "수도는?"}, "expected": "서울", "output": "서울"},
    {"inputs": {"q": "2+2?"}, "expected": "4", "output": "five"},
    {"inputs": {"q": "open"}, "expected": None, "output": "whatever"},
    {"inputs": {"q": "odd"}, "expected": 7, "output": "x"},
]


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture(autouse=True)
def switched_off_afterwards() -> Iterator[None]:
    yield
    tracer.shutdown()


def ask_for(client: Client, project: str, kind: str, **params: Any) -> str:
    """Put a job into the queue; return its id."""
    job = {"project": project, "kind": kind, "params": params, "state": "queued"}
    return str(client.save_job({"id": uuid.uuid4().hex, **job})["id"])


def far(job: dict[str, Any]) -> tuple[int, int]:
    """Return how far a job is."""
    return job["progress"]["done"], job["progress"]["total"]


def work_off(client: Client) -> None:
    Worker(client, threading.Event()).run(until_idle=True)


def test_scoring_a_dataset_writes_a_run_with_a_score_for_every_row(
    client: Client, project: str
) -> None:
    client.save_dataset("answers", ROWS, project=project)
    metrics = ["exact_match", "cer"]
    id = ask_for(client, project, "score_dataset", dataset="answers", metrics=metrics)
    work_off(client)
    job = client.job(id, project=project)
    assert (job["state"], far(job)) == ("done", (4, 4))
    assert job["progress"]["errors"] == 1
    assert job["progress"]["causes"] == [
        [
            "cer: TypeError: it compares texts, and this is a int; give str(…) of it",
            1,
        ]
    ]
    run = client.evaluation(job["result"]["evaluation_id"], project=project)
    assert (run.row["status"], run.row["dataset"], run.row["n_predictions"]) == (
        "done",
        "answers",
        4,
    )
    exact, cer = run.summary["exact_match"], run.summary["cer"]
    assert (exact.n, exact.n_missing) == (3, 1)
    assert exact.mean == pytest.approx(1 / 3)
    assert (cer.n, cer.n_missing, cer.n_errors) == (2, 1, 1)


def test_an_older_version_of_a_dataset_can_be_scored(
    client: Client, project: str
) -> None:
    old = client.save_dataset("answers", ROWS[:1], project=project)
    client.save_dataset("answers", ROWS[1:], project=project)
    params = {"version": old["version"], "metrics": ["exact_match"]}
    id = ask_for(client, project, "score_dataset", dataset="answers", **params)
    work_off(client)
    assert client.job(id, project=project)["result"]["n_predictions"] == 1


def test_metrics_of_a_job_take_settings_and_say_why(
    client: Client, project: str
) -> None:
    rows = [
        {"inputs": {"q": "1"}, "output": '{"도시": "서울"}'},
        {"inputs": {"q": "2"}, "output": "서울"},
    ]
    client.save_dataset("objects", rows, project=project)
    schema = {"type": "object", "required": ["도시"]}
    metrics = [
        "json_valid",
        {"metric": "json_schema_valid", "schema": schema, "name": "fits"},
        {"metric": "regex_match", "pattern": "서울"},
        {"metric": "regex_match", "name": "no pattern"},
    ]
    id = ask_for(client, project, "score_dataset", dataset="objects", metrics=metrics)
    work_off(client)
    result = client.job(id, project=project)["result"]
    run = client.evaluation(result["evaluation_id"], project=project)
    means = {name: one.mean for name, one in run.summary.items() if one.n}
    assert means == {"json_valid": 0.5, "fits": 0.5, "regex_match": 1.0}
    assert run.summary["no pattern"].n_errors == 2
    said = {row["explanation"] for row in run.scores() if row["name"] == "json_valid"}
    assert any(text and text.startswith("it is not JSON") for text in said)


def test_a_job_may_embed_with_the_client_of_the_environment(
    client: Client, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.save_dataset("answers", ROWS[:1], project=project)
    asked = {"metric": "embedding_similarity", "model": "text-embedding-3-small"}
    with running() as base_url:
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
        params = {"dataset": "answers", "metrics": [asked]}
        id = ask_for(client, project, "score_dataset", **params)
        work_off(client)
    result = client.job(id, project=project)["result"]
    run = client.evaluation(result["evaluation_id"], project=project)
    assert run.summary["embedding_similarity"].mean == pytest.approx(1)


@pytest.mark.parametrize(
    ("kind", "params", "message"),
    [
        ("fly", {}, "jobs of kind 'fly' are unknown to this worker"),
        ("score_dataset", {"dataset": "none", "metrics": ["cer"]}, "none"),
        ("score_dataset", {"dataset": "d", "metrics": ["charm"]}, "metric 'charm'"),
        ("score_dataset", {"dataset": "d"}, "the job names no metric"),
        ("score_dataset", {"dataset": "d", "metrics": [{"k": 5}]}, "metric None"),
        (
            "score_dataset",
            {"dataset": "d", "metrics": [{"metric": "cer", "k": 5}]},
            "metric 'cer' has no setting 'k'; it has spaces",
        ),
    ],
)
def test_a_job_that_cannot_be_done_fails_with_the_reason(
    client: Client, project: str, kind: str, params: dict[str, Any], message: str
) -> None:
    id = ask_for(client, project, kind, **params)
    work_off(client)
    job = client.job(id, project=project)
    assert job["state"] == "failed"
    assert message in job["message"]


def test_a_cancelled_job_stops_at_its_next_report(
    client: Client, project: str, stop: threading.Event
) -> None:
    id = ask_for(client, project, "any")
    leased = client.lease_job("here", project=project)
    assert leased is not None
    at_hand = Desk(client, leased, stop)
    client.cancel_job(id, project=project)
    with pytest.raises(JobStopped, match="cancelled"):
        at_hand.report(0, 9)
    at_hand.close("cancelled")
    assert client.job(id, project=project)["state"] == "cancelled"


def test_progress_is_written_at_most_once_a_second(
    client: Client,
    project: str,
    stop: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    id = ask_for(client, project, "any")
    leased = client.lease_job("here", project=project)
    assert leased is not None
    at_hand = Desk(client, leased, stop)
    monkeypatch.setattr(desk, "REPORT_EVERY_S", 1e9)
    for done in range(5):
        at_hand.report(done, 9)
    assert far(client.job(id, project=project)) == (0, 9)
    monkeypatch.setattr(desk, "REPORT_EVERY_S", 0)
    at_hand.report(5, 9)
    assert far(client.job(id, project=project)) == (5, 9)


def test_a_worker_that_is_ended_puts_its_job_back(
    client: Client, project: str, stop: threading.Event
) -> None:
    client.save_dataset("answers", ROWS, project=project)
    params = {"dataset": "answers", "metrics": ["exact_match"]}
    id = ask_for(client, project, "score_dataset", **params)
    stop.set()
    assert Worker(client, stop).take_one()
    assert client.job(id, project=project)["state"] == "queued"


def test_a_job_that_another_worker_has_is_left_to_it(
    client: Client, project: str, stop: threading.Event
) -> None:
    id = ask_for(client, project, "any")
    silent = client.lease_job("silent", lease_s=0, project=project)
    assert silent is not None
    assert client.lease_job("eager", project=project) is not None
    at_hand = Desk(client, silent, stop)
    with pytest.raises(JobStopped, match="lost"):
        at_hand.report(0, 1)
    at_hand.close("done")
    job = client.job(id, project=project)
    assert (job["state"], job["worker"]) == ("running", "eager")


def test_an_absent_collector_is_waited_for_and_said_once(
    stop: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    class Impatient(threading.Event):
        rounds = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.rounds += 1
            if self.rounds == 3:
                self.set()
            return self.is_set()

    patience = Impatient()
    Worker(Client("http://127.0.0.1:1"), patience).run()
    assert patience.rounds == 3
    assert len([r for r in caplog.records if "worker waits" in r.message]) == 1


def test_an_absent_collector_is_an_error_where_nobody_waits(
    stop: threading.Event,
) -> None:
    with pytest.raises(CollectorError):
        Worker(Client("http://127.0.0.1:1"), stop).run(until_idle=True)


def test_grading_that_was_put_back_goes_on_with_its_run_and_version(
    client: Client, project: str, stop: threading.Event
) -> None:
    rows = [{"inputs": {"q": str(n)}, "expected": "a", "output": "a"} for n in range(9)]
    client.save_dataset("answers", [*rows, rows[0]], project=project)
    params = {"dataset": "answers", "metrics": ["exact_match"]}
    id = ask_for(client, project, "score_dataset", **params)
    leased = client.lease_job("here", project=project)
    assert leased is not None
    at_hand = Desk(client, leased, stop)
    report = at_hand.report

    def ending(done: int, total: int, **said: Any) -> None:
        stop.set() if done >= 3 else None
        report(done, total, **said)

    at_hand.report = ending  # type: ignore[method-assign]
    with pytest.raises(JobStopped, match="queued"):
        score_dataset(client, leased, at_hand)
    at_hand.close("queued")
    put_back = client.job(id, project=project)
    run = put_back["progress"]["evaluation_id"]
    assert client.evaluation(run, project=project).row["status"] == "incomplete"
    client.save_dataset("answers", rows[:1], project=project)  # a newer version
    work_off(client)
    ended = client.job(id, project=project)
    assert (ended["state"], ended["result"]["evaluation_id"]) == ("done", run)
    found = client.evaluation(run, project=project)
    assert (found.row["status"], found.row["n_predictions"]) == ("done", 10)
    assert found.summary["exact_match"].n == 10
