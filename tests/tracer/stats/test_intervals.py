import sys
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from tracer.errors import MissingExtraError
from tracer.stats import (
    ClusterSums,
    interval_from_cluster_sums,
    mean_interval,
    summarize,
    wilson,
)


def clusters_of(*examples: list[float]) -> ClusterSums:
    return ClusterSums.of(
        (len(values), sum(values), sum(value * value for value in values))
        for values in examples
    )


def test_interval_of_single_trials_is_the_t_interval() -> None:
    values = [1.0, 2.0, 2.5, 4.0, 7.0]
    expected = scipy_stats.t.interval(
        0.95, 4, loc=scipy_stats.tmean(values), scale=scipy_stats.sem(values)
    )
    assert mean_interval(clusters_of(*([value] for value in values))) == pytest.approx(
        expected
    )


def test_interval_of_equal_trials_is_the_t_interval_of_the_example_means() -> None:
    sums = clusters_of([1, 2], [3, 5], [4, 4], [0, 1])
    means = [1.5, 4.0, 4.0, 0.5]
    expected = scipy_stats.t.interval(
        0.95, 3, loc=scipy_stats.tmean(means), scale=scipy_stats.sem(means)
    )
    assert mean_interval(sums) == pytest.approx(expected)


def test_more_copies_of_the_same_trial_do_not_narrow_the_interval() -> None:
    once = mean_interval(clusters_of([1], [2], [4]))
    assert mean_interval(clusters_of([1] * 9, [2] * 9, [4] * 9)) == pytest.approx(once)


def test_standard_error_of_unequal_trials_follows_the_linearised_ratio() -> None:
    examples = [[1.0, 2.0, 3.0], [5.0], [4.0, 2.0]]
    mean = 17 / 6
    residuals = [sum(values) - mean * len(values) for values in examples]
    expected = (3 / 2 * sum(value**2 for value in residuals)) ** 0.5 / 6
    assert clusters_of(*examples).standard_error == pytest.approx(expected)


def test_single_trial_yes_no_has_wilsons_interval() -> None:
    sums = clusters_of(*([1.0] for _ in range(81)), *([0.0] for _ in range(182)))
    # Newcombe 1998, Stat Med 17:857, table I: 81 of 263
    assert mean_interval(sums, type="bool") == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_wilson_agrees_with_scipy_at_the_edges() -> None:
    for passed, n in [(0, 20), (1, 29), (15, 148), (20, 20)]:
        expected = scipy_stats.binomtest(passed, n).proportion_ci(method="wilson")
        assert wilson(passed / n, n) == pytest.approx(tuple(expected), abs=1e-12)


@given(
    answers=st.lists(st.booleans(), min_size=1, max_size=30),
    n_trials=st.integers(2, 9),
)
def test_trials_that_agree_leave_the_interval_of_yes_no_as_it_is(
    answers: list[bool], n_trials: int
) -> None:
    """Three trials of each widened it: they brought t in beside the same n."""
    once = mean_interval(clusters_of(*([float(a)] for a in answers)), type="bool")
    often = clusters_of(*([float(a)] * n_trials for a in answers))
    assert mean_interval(often, type="bool") == pytest.approx(once)


def test_an_example_with_most_of_the_trials_that_agree_is_most_of_the_interval() -> (
    None
):
    sums = clusters_of([1.0] * 10, [1.0], [1.0])
    # Kish 1965, Survey Sampling, 11.7: (sum of weights) squared over sum of squares
    assert mean_interval(sums, type="bool") == pytest.approx(wilson(1.0, 144 / 102))


def test_interval_of_yes_no_trials_lies_within_0_and_1() -> None:
    low, high = mean_interval(clusters_of([1, 1], [1, 0], [1, 1]), type="bool")  # type: ignore[misc]
    assert 0 <= low < 5 / 6 < high <= 1


def test_one_example_says_something_about_yes_no_and_nothing_about_numbers() -> None:
    assert mean_interval(clusters_of([3.0, 4.0])) is None
    assert mean_interval(clusters_of([1.0]), type="bool") == pytest.approx(
        (0.2065, 1.0), abs=1e-4
    )


def test_equal_numbers_have_no_interval_of_no_width() -> None:
    alike = clusters_of([0.1, 0.1], [0.1], [0.1])
    assert mean_interval(alike) is None
    low, high = mean_interval(alike, scale=(0, 1)) or (0, 0)
    assert low < 0.1 < high


def test_trend_interval_from_sums_is_the_interval_of_the_summary() -> None:
    rows = [
        {"score": "a", "type": "number", "example_id": example_id}
        | {"n": n, "sum": total, "sum_squares": squares}
        for example_id, n, total, squares in [
            ("x", 2, 5.0, 13.0),
            ("y", 1, 1.0, 1.0),
            ("z", 3, 9.0, 29.0),
        ]
    ]
    summary = summarize(rows)["a"]
    mean, low, high = interval_from_cluster_sums(
        n=6,
        n_clusters=3,
        sum=15.0,
        sum_squares=43.0,
        cluster_sum_squares=25.0 + 1 + 81,
        cluster_sum_counts=10.0 + 1 + 27,
        cluster_count_squares=4.0 + 1 + 9,
        type="number",
    )
    assert mean == summary.mean == 2.5
    assert (low, high) == summary.ci95


def test_trend_without_values_has_neither_mean_nor_interval() -> None:
    nothing = interval_from_cluster_sums(
        n=0,
        n_clusters=0,
        sum=0,
        sum_squares=0,
        cluster_sum_squares=0,
        cluster_sum_counts=0,
        cluster_count_squares=0,
    )
    assert nothing == (None, None, None)


def test_light_install_has_mean_and_says_what_the_interval_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("numpy", "scipy", "scipy.special"):
        monkeypatch.setitem(sys.modules, module, None)
    row = {"score": "a", "type": "bool", "example_id": "x", "n": 2}
    row |= {"sum": 1, "sum_squares": 1}
    summary = summarize([row])["a"]
    assert (summary.n, summary.mean) == (2, 0.5)
    with pytest.raises(MissingExtraError, match=r"pip install 'tracer-evals\[evals\]'"):
        _ = summary.ci95


def test_sums_too_large_for_a_float_give_no_interval() -> None:
    known: dict[str, Any] = {"n": 2, "n_clusters": 2, "cluster_count_squares": 2}
    fields = ("sum_squares", "cluster_sum_squares", "cluster_sum_counts")
    too_large: dict[str, Any] = dict.fromkeys(fields)

    assert interval_from_cluster_sums(sum=3.0, **known, **too_large) == (
        1.5,
        None,
        None,
    )
    assert interval_from_cluster_sums(sum=None, **known, **too_large) == (None,) * 3


@pytest.mark.parametrize("base", [1e6, 1.7e9, -1e12])
def test_spread_far_below_the_mean_is_not_taken_for_rounding(base: float) -> None:
    values = [base + 0.25 * (number % 7) for number in range(50)]
    sums = ClusterSums.of((1, value, value * value) for value in values)
    assert sums.sd == pytest.approx(numpy.std(values, ddof=1))
    expected = scipy_stats.t.interval(
        0.95, 49, numpy.mean(values), scipy_stats.sem(values)
    )
    assert mean_interval(sums) == pytest.approx(expected, rel=1e-15, abs=1e-3)
    trials = [(2, 2 * value, 2 * value * value) for value in values]
    assert ClusterSums.of(trials).standard_error == pytest.approx(sums.standard_error)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e6 / 7, -1.7e9 / 3])
def test_equal_values_have_no_spread_whatever_they_are(value: float) -> None:
    sums = ClusterSums.of([(1, value, value * value)] * 77)
    assert (sums.sd, sums.standard_error) == (0.0, 0.0)
    thrice = [(3, value + value + value, 3 * value * value)] * 77
    assert ClusterSums.of(thrice).standard_error == 0.0
