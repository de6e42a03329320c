"""A worker scores traffic that a filter lets through; scores land on the traces."""

from collections.abc import Callable
from typing import Any

import pytest

from tracer.client import Client

Done = Callable[..., dict[str, Any]]
Answered = Callable[..., list[str]]
MODEL = {
    "model": "judge-traffic",
    "price": {"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 4.0},
}
TRUE = {"kind": "faithfulness", "model": MODEL, "language": "ko"}


def scores(client: Client, project: str) -> list[dict[str, Any]]:
    return list(client.scores(project=project, origin="production", limit=None))


def test_scores_of_metrics_and_judges_land_on_the_traces(
    asking: Client, project: str, done: Done, answered: Answered
) -> None:
    ids = answered("환불?", "반품?")
    asking.save_judge("true", TRUE, project=project)
    pattern = {"metric": "regex_match", "pattern": "14일"}
    job = done("score_traces", metrics=[pattern], judges=["true"], origin="production")
    assert (job["state"], job["message"]) == ("done", None)
    result = job["result"]
    assert (result["n_traces"], result["n_scored"], result["errors"]) == (2, 2, 0)
    assert result["judge_requests"] == 4
    found = scores(asking, project)
    assert {(one["name"], one["source"]) for one in found} == {
        ("regex_match", "code"),
        ("faithfulness", "model"),
    }
    assert {one["trace_id"] for one in found} == set(ids)
    assert {one["value"] for one in found} == {1.0}
    assert all(one["metadata"]["job"] == job["id"] for one in found)
    assert len(asking.traces(project=project)) == 2  # judging is no production


def test_only_what_the_filter_lets_through_is_scored(
    asking: Client, project: str, done: Done, answered: Answered
) -> None:
    _, second = answered("환불?", "배송은 언제?")
    where = [["input", "contains", "배송"]]
    result = done("score_traces", where=where, metrics=["json_valid"])["result"]
    assert (result["n_traces"], result["n_scored"]) == (1, 1)
    assert [one["trace_id"] for one in scores(asking, project)] == [second]


def test_chosen_traces_are_scored_once_and_again_only_if_asked(
    asking: Client, project: str, done: Done, answered: Answered
) -> None:
    first, _ = answered("하나", "둘")
    asked: dict[str, Any] = {"trace_ids": [first, "0" * 32], "metrics": ["json_valid"]}
    counts = [
        (result["n_scored"], result["n_skipped"])
        for result in (
            done("score_traces", **asked)["result"],
            done("score_traces", **asked)["result"],
            done("score_traces", **asked, again=True)["result"],
        )
    ]
    assert counts == [(1, 0), (0, 1), (1, 0)]
    assert len(scores(asking, project)) == 1


def test_the_spending_limit_stops_the_job_and_a_higher_one_goes_on(
    asking: Client, project: str, done: Done, again: Done, answered: Answered
) -> None:
    answered(*(f"{n}번 환불?" for n in range(12)))
    asking.save_judge("true", TRUE, project=project)
    job = done("score_traces", judges=["true"], spending_limit_usd=0.012)
    result = job["result"]
    assert (job["state"], result["stopped"]) == ("done", "spending_limit")
    assert 0 < result["n_left"] <= 12
    assert result["judge_cost_usd"] <= 0.012
    assert result["errors"] == 0
    n_scored = len(scores(asking, project))
    assert n_scored == 12 - result["n_left"]
    ended = again(job["id"], spending_limit_usd=5)
    assert "stopped" not in ended["result"]
    assert len(scores(asking, project)) == 12


def test_why_a_trace_could_not_be_scored_is_told_with_its_id(
    asking: Client, project: str, done: Done, answered: Answered
) -> None:
    (id,) = answered("환불?")
    result = done("score_traces", metrics=["exact_match"])["result"]
    (failure,) = result["failures"]
    assert (failure["trace_id"], failure["score"]) == (id, "exact_match")
    assert "expected" in failure["said"]
    assert result["causes"][0][1] == 1


def test_a_limit_without_a_price_is_refused_before_anything_is_asked(
    asking: Client, project: str, done: Done, answered: Answered
) -> None:
    answered("환불?")
    unknown = {"kind": "faithfulness", "model": "judge-nobody-sells"}
    asking.save_judge("free", unknown, project=project)
    job = done("score_traces", judges=["free"], spending_limit_usd=1)
    assert job["state"] == "failed"
    assert "without a price" in job["message"]


@pytest.mark.parametrize("kind", ["score_traces", "score_dataset"])
def test_an_estimate_tells_calls_tokens_and_money_beforehand(
    asking: Client, project: str, answered: Answered, kind: str
) -> None:
    answered("환불?", "반품?")
    rows = [{"question": "환불?", "context": ["네"], "output": "네"}] * 2
    asking.save_dataset("rows", rows, project=project)
    asking.save_judge("true", TRUE, project=project)
    params = {"judges": ["true"], "metrics": ["json_valid"]}
    if kind == "score_dataset":
        params["dataset"] = "rows"  # type: ignore[assignment]
    found = asking.estimate_job(kind, params, project=project)
    assert (found.n_rows, found.n_requests) == (2, 4)
    assert found.input_tokens > 400
    assert found.cost_usd is not None
    assert 0 < found.cost_usd < 0.1
    assert found.unpriced == ()
    nothing = asking.estimate_job(kind, params | {"judges": []}, project=project)
    assert (nothing.n_requests, nothing.cost_usd) == (0, 0.0)
