"""Comparisons of few examples, of equal values, and of scores that one run lacks."""

from statistics import mean, stdev
from typing import Any

import numpy
import pytest
from scipy import stats as scipy_stats

from tracer.stats import ScoreComparison, compare

Runs = dict[str, list[float]]


def sums(values: Runs, type: str = "number", **more: Any) -> list[dict[str, Any]]:
    return [
        {
            "score": "s",
            "type": type,
            "example_id": example,
            "n": len(trials),
            "sum": sum(trials),
            "sum_squares": sum(value * value for value in trials),
            **more,
        }
        for example, trials in values.items()
    ]


def compared(before: Runs, after: Runs) -> ScoreComparison:
    (found,) = compare(sums(before), sums(after))
    return found


def counts(found: ScoreComparison) -> tuple[int, ...]:
    alone = (found.n_baseline_only, found.n_candidate_only)
    return found.n_examples, *alone, found.wins, found.ties, found.losses


def test_two_common_examples_are_enough_to_compare_in_pairs() -> None:
    found = compared({"a": [1.0], "b": [2.0], "c": [9.0]}, {"a": [2.0], "b": [5.0]})
    expected = scipy_stats.ttest_rel([2, 5], [1, 2])
    assert found.paired
    assert found.p == pytest.approx(expected.pvalue)
    assert found.ci95 is None  # too few on no known scale
    assert found.effect_size == pytest.approx(mean([1, 3]) / stdev([1, 3]))


def test_without_two_common_examples_means_of_examples_are_compared_by_welch() -> None:
    before = {"a": [1.0, 3.0], "b": [4.0, 0.0, 5.0], "c": [7.0], "d": [1.0]}
    after = {"a": [9.0, 8.0], "x": [2.0, 4.0]}
    expected = scipy_stats.ttest_ind([8.5, 3], [2, 3, 7, 1], equal_var=False)
    for scale in (1.0, 1e-90, 1e60):  # of which a fourth power is 0, or large
        old, new = (
            {id: [scale * value for value in trials] for id, trials in run.items()}
            for run in (before, after)
        )
        found = compared(old, new)
        assert "Welch" in found.method
        assert found.p == pytest.approx(expected.pvalue)
        ends = tuple(expected.confidence_interval())
        assert found.ci95 == pytest.approx([end * scale for end in ends])
        assert found.baseline_mean == pytest.approx(3.25 * scale)
        assert found.candidate_mean == pytest.approx(5.75 * scale)
        assert counts(found) == (1, 3, 1, 0, 0, 0)


def test_one_run_without_spread_leaves_the_others_to_welch() -> None:
    same, spread = {"a": [2.0], "b": [2.0], "c": [2.0]}, {"x": [3.0], "y": [5.0]}
    expected = scipy_stats.ttest_1samp([3, 5], 2)  # what Welch's comes to
    assert compared(same, spread).p == pytest.approx(expected.pvalue)
    assert compared(spread, same).p == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("after", [{"x": [4.0]}, {"x": [4.0], "y": [4.0]}])
def test_unpaired_means_without_any_spread_have_a_difference_and_no_p_value(
    after: Runs,
) -> None:
    for before in ({"a": [1.0]}, {"a": [1.0], "b": [1.0]}):
        found = compared(before, after)
        assert (found.baseline_mean, found.candidate_mean) == (1.0, 4.0)
        assert (found.difference, found.ci95, found.p) == (3.0, None, None)
        assert found.method == "unpaired: the runs share fewer than two examples"


def test_one_example_against_many_has_no_interval() -> None:
    many = {"a": [1.0], "b": [3.0]}
    for before, after in ((many, {"x": [7.0]}), ({"x": [7.0]}, many)):
        found = compared(before, after)
        assert (abs(found.difference or 0), found.ci95, found.p) == (5.0, None, None)


def test_p_value_too_small_for_a_float_stays_the_smallest_when_corrected() -> None:
    before, after = [], []
    for name, width in (("none", 1.0), ("all", 1e-6)):
        noise = numpy.random.default_rng(1).normal(0, width, 600)
        before += [
            one | {"score": name} for one in sums({str(i): [0.0] for i in range(600)})
        ]
        moved = {
            str(i): [1.0 * (name == "all") + value] for i, value in enumerate(noise)
        }
        after += [one | {"score": name} for one in sums(moved)]
    none, all = compare(before, after)
    assert (all.p, all.p_adjusted, all.outcome) == (0.0, 0.0, "better")
    assert none.p_adjusted == none.p and none.outcome == "not shown"


def test_a_p_value_of_exactly_the_level_is_not_shown() -> None:
    found = ScoreComparison("s", "number", "t", difference=1.0, p_adjusted=0.05)
    assert (found.shown, found.verdict, found.is_better) == (False, "not shown", None)
    assert counts(found) == (0, 0, 0, 0, 0, 0)  # what nobody counted is not 1


@pytest.mark.parametrize(
    ("failed", "of_old", "of_new"),
    [
        ([], "only the baseline has this score", "only the candidate has this score"),
        (
            sums({"a": []}, n_errors=1),
            "the candidate has no value: 0 missing, 1 errors",
            "the baseline has no value: 0 missing, 1 errors",
        ),
    ],
)
def test_score_without_a_value_in_one_run_says_so_and_counts_the_others(
    failed: list[Any], of_old: str, of_new: str
) -> None:
    given = sums({"a": [1.0], "b": [0.0]}, type="bool")
    (gone,) = compare(given, failed)
    assert (gone.type, gone.difference, gone.p, gone.paired) == (
        "bool",
        None,
        None,
        False,
    )
    assert str(gone) == f"s: {of_old}"
    assert counts(gone) == (0, 2, 0, 0, 0, 0)
    (new,) = compare(failed, given)
    assert (new.type, counts(new)) == ("bool", (0, 0, 2, 0, 0, 0))
    assert str(new) == f"s: {of_new}"


def test_score_that_failed_everywhere_in_both_runs_has_no_values_to_compare() -> None:
    failed = sums({"a": []}, n_errors=1)
    (found,) = compare(failed, failed)
    assert (found.type, counts(found)) == ("label", (0, 0, 0, 0, 0, 0))
    assert str(found) == "s: neither run has a value: 0 missing, 2 errors"


def test_labels_are_not_compared_even_where_one_run_has_numbers() -> None:
    labels = sums({"a": [0.0], "b": [0.0]}, type="label", labels={"good": 1})
    numbers = sums({"a": [1.0], "c": [2.0]})
    for before, after in ((labels, labels), (labels, numbers), (numbers, labels)):
        (found,) = compare(before, after)
        assert (found.type, found.difference) == ("label", None)
        assert str(found) == "s: labels have no mean to compare"
    (found,) = compare(labels, numbers)
    assert counts(found) == (1, 1, 1, 0, 0, 0)
