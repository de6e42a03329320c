"""What a job will cost, from a sample of what it is about."""

from collections.abc import Callable
from typing import Any

import pytest

from tracer.client import Client
from tracer.errors import ConfigurationError
from tracer.worker import estimating
from tracer.worker.estimating import on_paper, sampled

Done = Callable[..., dict[str, Any]]
STYLE = {
    "kind": "rubric",
    "model": {
        "model": "judge-paper",
        "price": {"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 4.0},
        "max_output_tokens": 500,
    },
    "rubric": "style",
}


def test_a_large_dataset_is_sampled_from_several_places(
    asking: Client, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimating, "MOST_SAMPLED", 8)
    rows = [{"question": str(n), "output": "x"} for n in range(100)]
    asking.save_dataset("many", rows, project=project)
    asked = {"dataset": "many"}
    sample, n_rows = sampled(asking, "score_dataset", asked, project=project)
    assert [row["question"] for row in sample] == ["0", "1", "25", "26", "50", "51"] + [
        "75",
        "76",
    ]
    assert n_rows == 100
    few, n_few = sampled(asking, "score_dataset", asked | {"limit": 5}, project=project)
    assert ([row["question"] for row in few], n_few) == (list("01234"), 5)
    found = asking.estimate_job(
        "score_dataset", asked | {"judges": []}, project=project
    )
    assert (found.n_rows, found.n_sampled, found.n_requests) == (100, 8, 0)


def test_rows_count_as_many_as_there_are_and_rows_without_output_ask_nobody(
    asking: Client, project: str
) -> None:
    rows = [{"question": "a", "output": "x"}, {"question": "b"}]
    asking.save_dataset("half", rows, project=project)
    asking.save_judge("style", STYLE, project=project)
    params = {"dataset": "half", "judges": ["style"]}
    found = asking.estimate_job("score_dataset", params, project=project)
    assert (found.n_rows, found.n_requests) == (2, 1)
    assert found.most_request_usd > 500 * 4 / 1e6


def test_a_judge_on_paper_shows_its_prompt_and_asks_nobody() -> None:
    judge = on_paper(STYLE)
    question = judge.first_question("정중한 답변", {"question": "환불?"})
    assert question is not None
    assert "정중한 답변" in question.messages[1]["content"]
    assert judge.model.max_output_tokens == 500


def test_other_jobs_are_not_estimated(asking: Client, project: str) -> None:
    with pytest.raises(ConfigurationError, match="'ask_judge' are not estimated"):
        asking.estimate_job("ask_judge", {}, project=project)


def test_only_the_rows_of_a_split_are_counted_and_graded(
    asking: Client, project: str, done: Done
) -> None:
    rows = [
        {
            "inputs": {"question": str(n)},
            "output": "{}",
            "metadata": {"split": "test" if n < 2 else "train"},
        }
        for n in range(5)
    ]
    asking.save_dataset("split", rows, project=project)
    params = {"dataset": "split", "split": "test", "metrics": ["json_valid"]}
    found = asking.estimate_job("score_dataset", params, project=project)
    assert found.n_rows == 2
    result = done("score_dataset", **params)["result"]
    run = asking.evaluation(result["evaluation_id"], project=project)
    assert (run.row["n_predictions"], run.row["n_planned"]) == (2, 2)
