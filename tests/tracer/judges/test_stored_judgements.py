"""Rows of scores are read by judge, output and example."""

from typing import Any

import pytest

from tracer.judges import judge_agreement, judge_noise


def row(example: str, value: Any, **more: Any) -> dict[str, Any]:
    return {
        "name": "tone",
        "value": value,
        "label": None,
        "source": "model",
        "author": "tone@1:m",
        "evaluation_id": "run",
        "example_id": example,
        "trial": 0,
        "trace_id": None,
        "span_id": None,
    } | more


def test_runs_of_one_example_are_trials_and_no_repeats() -> None:
    rows = [
        row(example, base + place + wavering / 10, evaluation_id=run)
        for example, base in (("a", 1), ("b", 3), ("c", 2))
        for place, run in enumerate(("run-1", "run-2"))
        for wavering in (-1, 1)
    ]
    found = judge_noise(rows, "tone")
    assert found is not None and found.trials is not None
    assert found.judge == pytest.approx(0.02)
    assert found.trials == pytest.approx(0.5 - 0.02 / 2)


def test_traces_of_production_are_judged_by_their_spans() -> None:
    traced = {"evaluation_id": None, "example_id": None, "trial": None}
    rows = [
        row("", value, trace_id=trace, span_id="s", **traced)
        for trace, values in (("t1", (1, 2)), ("t2", (4, 4)))
        for value in values
    ]
    found = judge_noise(rows, "tone")
    assert found is not None
    assert (found.n_examples, found.judge) == (2, 0.25)


def test_judges_are_never_mixed() -> None:
    rows = [row("a", 1), row("a", 5, author="tone@2:m"), row("b", 1)]
    for question in (judge_noise, judge_agreement):
        with pytest.raises(ValueError, match="author="):
            question(rows, "tone")
    assert judge_noise(rows, "tone", author="tone@1:m") is None


def test_a_judge_is_compared_with_people_on_the_same_output_alone() -> None:
    human = {"source": "human", "author": "영희"}
    rows = [
        *(row("a", 4, trial=0), row("a", 1, trial=1), row("b", 2)),
        *(row("a", 5, trial=0, **human), row("c", 1, **human)),
        row("b", 2, source="user", author="u"),
        row("b", None, **human),
        row("b", 3, name="other", **human),
    ]
    found = judge_agreement(rows, "tone")
    assert found is not None
    assert (found.n, found.mean_difference) == (1, -1.0)
    users = judge_agreement(rows, "tone", human_source="user")
    assert users is not None and (users.n, users.exact) == (1, 1.0)
    others = judge_agreement(rows, "tone", human_name="other")
    assert others is not None and others.mean_difference == -1.0
    assert judge_agreement(rows, "absent") is None


def test_labels_agree_by_their_words() -> None:
    human = {"source": "human", "author": "영희"}
    rows = [
        *(row("a", None, label="환불"), row("b", None, label="배송")),
        *(row("a", None, label="환불", **human), row("b", None, label="환불", **human)),
    ]
    found = judge_agreement(rows, "tone")
    assert found is not None
    assert (found.exact, found.weights) == (0.5, "none")
    assert judge_noise(rows, "tone") is None
