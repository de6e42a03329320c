"""A worker runs a model on a dataset: trials, judges, a limit, and going on."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from processes import start_collector, wait_until

import tracer
from tracer.client import Client
from tracer.worker import run_model
from tracer.worker.judging import price_of
from tracer.worker.loop import Worker

Done = Callable[..., dict[str, Any]]
ROWS: list[dict[str, Any]] = [
    {
        "question": f"{n}번 환불은 며칠 안에 되나요?",
        "expected": "14일",
        "metadata": {"n": n},
    }
    for n in range(6)
]
PRICED = {
    "model": "judge-models",
    "price": {"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 4.0},
}
STYLE = {"kind": "rubric", "model": PRICED, "rubric": "style", "language": "ko"}
ASKED: dict[str, Any] = {
    "dataset": "faq",
    "model": "support-1",
    "prompt": "고객: {question}",
    "system": "You are a support bot.",
}


@pytest.fixture(autouse=True)
def faq(asking: Client, project: str) -> None:
    asking.save_dataset("faq", ROWS, project=project)
    asking.save_judge("style", STYLE, project=project)


def test_every_row_is_asked_as_often_as_told_and_scored(
    asking: Client, project: str, done: Done
) -> None:
    job = done(
        "run_model",
        **ASKED,
        trials=2,
        temperature=0.3,
        metrics=["contains"],
        judges=["style"],
    )
    assert (job["state"], job["message"]) == ("done", None)
    result = job["result"]
    assert (result["n_predictions"], result["requests"]) == (12, 12)
    run = asking.evaluation(result["evaluation_id"], project=project)
    assert (run.row["status"], run.row["model"], run.row["dataset"]) == (
        "done",
        "support-1",
        "faq",
    )
    assert (run.row["n_examples"], run.row["n_predictions"]) == (6, 12)
    assert run.row["metadata"]["prompt"] == ASKED["prompt"]
    assert (run.summary["contains"].n, run.summary["style"].n) == (12, 12)
    call = asking.trace(run.predictions()[0]["trace_id"], project=project)
    (asked,) = [span for span in call.spans if span["model"] == "support-1"]
    said = [message["parts"][0]["content"] for message in asked["messages"]]
    assert said[0] == ASKED["system"]
    assert said[1].startswith("고객: ")
    assert asked["attributes"]["gen_ai.request.temperature"] == 0.3


def test_only_the_first_rows_are_asked_where_a_limit_says_so(
    asking: Client, project: str, done: Done
) -> None:
    result = done("run_model", **ASKED, limit=2)["result"]
    run = asking.evaluation(result["evaluation_id"], project=project)
    assert (run.row["n_predictions"], run.row["status"]) == (2, "done")


def test_the_limit_of_money_ends_the_run_which_goes_on_with_a_higher_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asking: Client, project: str
) -> None:
    prices = tmp_path / "prices.toml"
    one = 'model = "support-1"\nprovider = "openai"\ninput = 100\noutput = 100'
    prices.write_text(f"[[price]]\n{one}\n")
    monkeypatch.setenv("TRACER_PRICES_FILE", str(prices))
    with start_collector(tmp_path / "store", prices=True) as own:
        client = Client(own.url)
        client.save_dataset("faq", ROWS, project=project)
        wait_until(lambda: price_of(client, "support-1"))
        asked = ASKED | {"max_output_tokens": 100, "concurrency": 1}
        params = asked | {"spending_limit_usd": 0.03}
        job = client.start_job("run_model", params, project=project)
        Worker(client, threading.Event()).run(until_idle=True)
        result = client.job(job["id"], project=project)["result"]
        assert (result["stopped"], result["errors"]) == ("spending_limit", 0)
        assert 0 < result["n_predictions"] < 6
        assert 0 < result["cost_usd"] <= 0.03
        client.retry_job(job["id"], project=project, params={"spending_limit_usd": 9})
        Worker(client, threading.Event()).run(until_idle=True)
        ended = client.job(job["id"], project=project)["result"]
        assert ended["n_predictions"] == 6
        assert ended["evaluation_id"] == result["evaluation_id"]
        run = client.evaluation(result["evaluation_id"], project=project)
        assert (run.row["status"], run.row["n_errors"]) == ("done", 0)
        tracer.shutdown()


def test_a_cancelled_run_is_incomplete_and_goes_on_when_tried_again(
    asking: Client, project: str, again: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_model, "LOOK_EVERY_S", 0.01)
    params = ASKED | {"concurrency": 1, "trials": 10}
    job = asking.start_job("run_model", params, project=project)
    made = run_model._Watcher.made
    monkeypatch.setattr("tracer.worker.desk.REPORT_EVERY_S", 0.0)

    def cancelling(self: Any, row: Any) -> None:
        made(self, row)
        if self.done == 2:
            asking.cancel_job(job["id"], project=project)

    monkeypatch.setattr(run_model._Watcher, "made", cancelling)
    Worker(asking, threading.Event()).run(until_idle=True)
    stopped = asking.job(job["id"], project=project)
    id = stopped["progress"]["evaluation_id"]
    assert stopped["state"] == "cancelled"
    assert asking.evaluation(id, project=project).row["status"] == "incomplete"
    monkeypatch.setattr(run_model._Watcher, "made", made)
    ended = again(job["id"])
    assert ended["result"]["evaluation_id"] == id
    run = asking.evaluation(id, project=project)
    assert (run.row["status"], run.row["n_examples"]) == ("done", 6)
    assert len(run.predictions(limit=None)) == 60
    assert ended["result"]["requests"] < 60


def test_what_a_model_refuses_is_an_error_of_its_rows(
    asking: Client, project: str, done: Done
) -> None:
    job = done("run_model", **ASKED | {"model": "nobody", "limit": 2})
    assert job["state"] == "done"
    assert job["result"]["errors"] == 2
    assert "does not exist" in job["result"]["failures"][0]["said"]


def test_a_prompt_that_names_no_column_fails_before_any_call(
    asking: Client, project: str, done: Done
) -> None:
    job = done("run_model", **ASKED | {"prompt": "{질문} {question}"})
    assert job["state"] == "failed"
    assert "{질문}" in job["message"]


def test_an_estimate_counts_trials_and_says_which_model_has_no_price(
    asking: Client, project: str
) -> None:
    params = ASKED | {"trials": 3, "judges": ["style"], "model": "nobody-sells-it"}
    found = asking.estimate_job("run_model", params, project=project)
    assert (found.n_rows, found.n_predictions, found.n_requests) == (6, 18, 36)
    assert (found.cost_usd, found.unpriced) == (None, ("nobody-sells-it",))


def test_a_judge_is_tried_on_one_row_with_all_that_was_said(
    asking: Client, project: str, done: Done
) -> None:
    columns = {"question": "환불?", "context": ["14일 안에"], "output": "14일 안에"}
    output = columns.pop("output")
    job = done("ask_judge", definition=STYLE, columns=columns, output=output)
    assert (job["state"], job["message"]) == ("done", None)
    result = job["result"]
    (score,) = result["scores"]
    assert score["name"] == "style"
    assert 1 <= score["value"] <= 5
    (said,) = result["said"]
    assert output in said["messages"][1]["content"]
    assert '"score"' in said["reply"]
    assert (result["requests"], result["cost_usd"] > 0) == (1, True)
    assert asking.traces(project=project) == []


def test_a_judge_that_lacks_what_it_needs_says_so(
    asking: Client, project: str, done: Done
) -> None:
    job = done("ask_judge", judge="style", columns={"question": "환불?"})
    assert job["state"] == "failed"
    assert "needs 'output'" in job["message"]


def test_a_judge_that_has_nothing_to_ask_is_tried_too(
    asking: Client, project: str, done: Done
) -> None:
    definition = {"kind": "context_precision", "model": PRICED, "language": "ko"}
    columns = {"question": "환불?", "context": [], "expected": "14일"}
    job = done("ask_judge", definition=definition, columns=columns)
    assert (job["state"], job["message"]) == ("done", None)
    (score,) = job["result"]["scores"]
    assert score["explanation"] == "no passages in the context"
    assert (job["result"]["said"], job["result"]["requests"]) == ([], 0)
