"""The page for people: its examples run, and come out as it says."""

import re
from pathlib import Path
from typing import Any

import pytest

from tracer import testing

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    page = (DOCS / "statistics.md").read_text("utf-8")
    names: dict[str, Any] = {}
    with testing.capture():
        for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
            exec(example, names)
    return names


def test_the_same_model_twice_has_other_means_and_no_difference_is_shown(
    examples: dict[str, Any],
) -> None:
    same = examples["same"]
    assert abs(same.difference) >= 0.05
    assert same.verdict == "not shown"
    assert same.ci95[0] < 0 < same.ci95[1]


def test_a_better_model_on_enough_examples_is_shown_to_be_better(
    examples: dict[str, Any],
) -> None:
    better = examples["better"]
    assert better.verdict == "higher"
    assert better.ci95[0] > 0
    assert better.ci95[0] < 0.1 < better.ci95[1]  # the truth that was drawn from


def test_the_run_that_plans_says_what_it_can_see(examples: dict[str, Any]) -> None:
    summary = examples["summary"]
    assert re.search(r"this run can see ≥ \d+\.\d pp$", str(summary))
    assert summary.detectable_difference > 0.05  # so that more examples are planned
    plans = summary.plan(0.05)
    assert [plan.trials for plan in plans] == [1, 2, 3, 5, 10]
    assert plans[2].n_examples > 200


def test_every_public_name_of_the_statistics_is_worth_a_word() -> None:
    page = (DOCS / "statistics.md").read_text("utf-8")
    for name in ("compare_runs", "compare_slices", "quantile_change", "mean_ratio"):
        assert f"`{name}`" in page


def test_the_pytest_example_of_the_gate_page_passes(pytester: pytest.Pytester) -> None:
    page = (DOCS / "gate.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    pytester.makepyfile(example)
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["  correct: 100.0 %*n 10 from 2 examples"])


pytest_plugins = ["pytester"]
