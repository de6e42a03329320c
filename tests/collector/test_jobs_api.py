"""Jobs over HTTP: what they may ask for, another try, and who works."""

from typing import Any

import pytest
import urllib3
from processes import CollectorProcess

from collector.chores.workers import MOST_WORKERS, Workers
from tracer.client import Client
from tracer.errors import CollectorError, ConflictError, NotFoundError


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


@pytest.mark.parametrize(
    ("kind", "params", "said"),
    [
        ("score_dataset", {}, "lacks ['dataset']"),
        ("score_dataset", {"dataset": "d", "judge": []}, "does not know ['judge']"),
        ("score_dataset", {"dataset": "d", "metrics": "cer"}, "params.metrics 'cer'"),
        ("score_traces", {"where": [["a"]]}, "params.where"),
        ("score_traces", {"where": [["a", "resembles", "b"]]}, "params.where"),
        ("score_traces", {"limit": 0}, "params.limit 0"),
        ("score_traces", {"origin": "mars"}, "params.origin 'mars'"),
        ("score_traces", {"spending_limit_usd": -1}, "params.spending_limit_usd -1"),
        ("run_model", {"dataset": "d", "model": "m"}, "lacks ['prompt']"),
        (
            "run_model",
            {"dataset": "d", "model": "m", "prompt": "p", "trials": 1000},
            "params.trials 1000",
        ),
        (
            "run_model",
            {"dataset": "d", "model": "m", "prompt": "p", "temperature": 3},
            "params.temperature 3",
        ),
        ("ask_judge", {"columns": []}, "params.columns"),
    ],
)
def test_a_job_that_asks_for_what_its_kind_has_not_is_refused(
    client: Client, project: str, kind: str, params: dict[str, Any], said: str
) -> None:
    with pytest.raises(CollectorError) as refused:
        client.start_job(kind, params, project=project)
    assert (refused.value.status, refused.value.code) == (422, "bad_job")
    assert said in str(refused.value)
    assert client.jobs(project=project) == []


def test_who_asked_and_when_stays_while_a_worker_writes(
    client: Client, project: str
) -> None:
    made = client.start_job("any", {}, project=project, asked_by="지민")
    leased = client.lease_job("here", project=project)
    assert leased is not None
    written = client.save_job({**leased, "state": "done"})
    assert (made["asked_by"], written["asked_by"]) == ("지민", "지민")
    assert made["asked_ns"] == written["asked_ns"] > 0


def test_a_job_that_ended_is_tried_again_with_other_params(
    client: Client, project: str
) -> None:
    made = client.start_job("any", {"a": 1, "b": 1}, project=project)
    with pytest.raises(ConflictError, match="queued"):
        client.retry_job(made["id"], project=project)
    client.cancel_job(made["id"], project=project)
    again = client.retry_job(made["id"], project=project, params={"b": 2})
    assert (again["state"], again["cancel_requested"]) == ("queued", False)
    assert again["params"] == {"a": 1, "b": 2}
    with pytest.raises(NotFoundError):
        client.retry_job("none", project=project)


def test_another_try_with_params_that_do_not_fit_is_refused(
    client: Client, project: str
) -> None:
    made = client.start_job("score_dataset", {"dataset": "d"}, project=project)
    client.cancel_job(made["id"], project=project)
    with pytest.raises(CollectorError, match=r"params\.limit 0"):
        client.retry_job(made["id"], project=project, params={"limit": 0})


def test_workers_that_speak_are_listed_until_they_leave(client: Client) -> None:
    about = {"base_url": "http://models/v1", "has_key": True}
    client.report_worker("w-1", about)
    client.report_worker("w-2")
    heard = {row["worker"]: row["about"] for row in client.workers()}
    assert heard["w-1"] == about
    assert heard["w-2"] == {}
    client.forget_worker("w-1")
    assert "w-1" not in {row["worker"] for row in client.workers()}


def test_a_worker_that_says_too_much_is_refused(collector: CollectorProcess) -> None:
    url = f"{collector.url}/api/v1/workers/w"
    for body in ({"about": ["x"]}, {"about": {"x": "y" * 5000}}):
        answer = urllib3.request("PUT", url, json=body)
        assert answer.status == 400
    assert urllib3.request("PUT", url + "w" * 200, json={}).status == 400


def test_a_worker_of_one_project_is_shown_to_that_project_alone() -> None:
    workers = Workers()
    workers.hear("of-a", "a", {})
    workers.hear("of-all", None, {})
    assert [row["worker"] for row in workers.rows(("b",))] == ["of-all"]
    assert [row["worker"] for row in workers.rows(("a",))] == ["of-all", "of-a"]
    assert len(workers.rows(None)) == 2


def test_a_worker_neither_replaces_nor_ends_one_of_another_project() -> None:
    """Whoever might edit one project took the workers of all others off the list."""
    workers = Workers()
    for project in ("a", "b", None):
        workers.hear("same name", project, {})
    workers.leave("same name", ("b",))
    assert {row["project"] for row in workers.rows(None)} == {"a", None}
    workers.leave("same name", None)
    assert workers.rows(None) == []


def test_one_projects_many_workers_push_out_no_other() -> None:
    workers = Workers()
    workers.hear("of-a", "a", {})
    for number in range(MOST_WORKERS + 5):
        workers.hear(f"flood-{number}", "b", {})
    assert len(workers.rows(None)) == MOST_WORKERS
    assert "of-a" in {row["worker"] for row in workers.rows(("a",))}
