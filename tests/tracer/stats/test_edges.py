"""Figures at the edge of what they are defined for: worked out by hand."""

from dataclasses import replace
from math import inf, sqrt
from statistics import stdev

import pytest
from scipy.special import stdtrit

from tracer.stats import (
    ClusterSums,
    interval_from_cluster_sums,
    mcnemar,
    mean_interval,
    pass_at_k,
    pass_hat_k,
    wilson,
)
from tracer.stats._nested import JudgeVarianceSplit
from tracer.stats._passes import pass_rate
from tracer.stats._significance import mcnemar_score, paired_score_z, sign_test


def test_the_mid_p_of_pairs_that_all_went_one_way_is_half_the_exact() -> None:
    assert mcnemar(0, 5, mid=False) == mcnemar(5, 0, mid=False) == 2 / 2**5
    assert mcnemar(0, 5) == mcnemar(5, 0) == 1 / 2**5


def test_no_p_value_is_more_than_one() -> None:
    assert mcnemar(4, 4, mid=False) == sign_test(3, 3) == 1.0
    assert mcnemar_score(0, 0) == mcnemar_score(2, 2) == 1.0


def test_a_score_test_of_one_pair_is_the_formula() -> None:
    # lost share (0.5 + sqrt(0.25)) / 4, variance 2 * 0.25 + 0.5 * 0.5
    found = paired_score_z(1, 0, 1, difference=0.5)
    assert found == pytest.approx(0.5 / sqrt(0.75))


@pytest.mark.parametrize(
    ("gained", "difference", "z"), [(0, 0.0, 0.0), (5, 1.0, -inf), (10, 1.0, 0.0)]
)
def test_without_any_variance_a_score_is_right_or_beyond_all_doubt(
    gained: int, difference: float, z: float
) -> None:
    assert paired_score_z(gained, 0, 10, difference=difference) == z


@pytest.mark.parametrize("estimate", [pass_at_k, pass_hat_k])
@pytest.mark.parametrize("k", [0, 3])
def test_more_tries_than_trials_or_none_are_refused(estimate: object, k: int) -> None:
    with pytest.raises(ValueError, match=rf"k={k} tries .* from 2 trials; take 1 to 2"):
        estimate(2, 1, k)  # type: ignore[operator]


def test_examples_with_just_enough_trials_count_wherever_they_stand() -> None:
    found = pass_rate([(1, 1), (2, 2), (1, 0), (3, 0)], 2)
    assert (found.n_examples, found.n_skipped, found.mean) == (2, 2, 0.5)
    assert pass_rate([(1, 1)], 1).mean == 1.0
    with pytest.raises(ValueError, match="k=0 is not a number of tries"):
        pass_rate([(1, 1)], 0)


def test_a_judges_share_without_repeated_trials_is_of_what_there_is() -> None:
    assert JudgeVarianceSplit(3.0, None, 1.0, 2, 4).judge_share == 0.25
    assert JudgeVarianceSplit(2.0, 1.0, 1.0, 2, 8).judge_share == 0.25
    assert JudgeVarianceSplit(0.0, None, 0.0, 2, 4).judge_share is None


def test_sums_of_clusters_are_the_sums_that_their_names_say() -> None:
    found = ClusterSums.of([(2, 3.0, 5.0), (1, 4.0, 16.0)])  # 1, 2 and 4
    assert (found.n, found.n_clusters, found.sum, found.sum_squares) == (3, 2, 7, 21)
    assert found.cluster_sum_squares == 9 + 16
    assert found.cluster_sum_counts == 3 * 2 + 4 * 1
    assert found.cluster_count_squares == 4 + 1
    assert found.spread == pytest.approx(21 - 49 / 3)
    assert found.residuals == pytest.approx((3 - 14 / 3) ** 2 + (4 - 7 / 3) ** 2)


def test_sums_alone_say_the_same_as_sums_with_their_spread() -> None:
    whole = ClusterSums.of([(2, 3.0, 5.0), (1, 4.0, 16.0), (3, 9.0, 29.0)])
    bare = replace(whole, spread=None, residuals=None)
    assert bare.sd == pytest.approx(whole.sd)
    assert bare.standard_error == pytest.approx(whole.standard_error)
    assert mean_interval(bare) == pytest.approx(mean_interval(whole))


def test_of_too_few_values_nothing_is_said() -> None:
    nothing, one = ClusterSums.of([]), ClusterSums.of([(1, 4.0, 16.0)])
    assert (nothing.mean, nothing.sd, nothing.standard_error) == (None, None, None)
    assert (one.mean, one.sd, one.standard_error) == (4.0, None, None)
    two = ClusterSums.of([(2, 3.0, 5.0)])
    assert (two.sd, two.standard_error) == (pytest.approx(sqrt(0.5)), None)
    empty = ClusterSums.of([(0, 0.0, 0.0), (0, 0.0, 0.0)])
    assert (empty.mean, empty.standard_error, empty.spread) == (None, None, 0.0)


def trials(*passed: int, of: int = 2) -> ClusterSums:
    return ClusterSums.of((of, float(each), float(each)) for each in passed)


def test_yes_no_with_trials_is_wilsons_of_as_many_values_as_its_error_tells() -> None:
    error = stdev([1.0, 0.5, 0.0, 1.0]) / sqrt(4)
    n, t = 5 / 8 * 3 / 8 / error**2, float(stdtrit(3, 0.975))
    found = mean_interval(trials(2, 1, 0, 2), type="bool")
    assert found == pytest.approx(wilson(5 / 8, n, z=t))
    two = stdev([1.0, 0.5]) / sqrt(2)
    n, t = 3 / 4 * 1 / 4 / two**2, float(stdtrit(1, 0.95))
    found = mean_interval(trials(2, 1), type="bool", confidence=0.9)
    assert found == pytest.approx(wilson(3 / 4, n, z=t))


def test_yes_no_of_one_example_or_of_single_trials_has_the_normal_quantile() -> None:
    assert mean_interval(trials(1), type="bool") == pytest.approx(wilson(0.5, 1))
    single = trials(1, 0, 1, 1, of=1)
    assert mean_interval(single, type="bool") == pytest.approx(wilson(0.75, 4))


def test_trials_that_never_differ_count_as_examples_and_even_ones_as_trials() -> None:
    t = float(stdtrit(3, 0.975))
    always, half = (mean_interval(trials(*[n] * 4), type="bool") for n in (2, 1))
    assert always == pytest.approx(wilson(1.0, 4))
    assert half == pytest.approx(wilson(0.5, 8, z=t))


def test_not_one_yes_has_wilsons_interval_too() -> None:
    none = mean_interval(trials(0, 0, 0, of=1), type="bool")
    assert none == pytest.approx(wilson(0.0, 3))


def test_labels_no_values_and_a_sum_beyond_floats_have_no_interval() -> None:
    some = ClusterSums.of((1, value, value * value) for value in (1.0, 2.0, 4.0))
    assert mean_interval(some) is not None
    assert mean_interval(some, type="label") is None
    nothing, endless = ClusterSums.of([]), ClusterSums.of([(1, inf, inf)] * 3)
    for type in ("number", "bool"):
        assert mean_interval(nothing, type=type) is None
        assert mean_interval(endless, type=type) is None


@pytest.mark.parametrize(
    "lost", ["sum_squares", "cluster_sum_squares", "cluster_sum_counts"]
)
def test_a_sum_that_is_too_large_for_a_float_leaves_the_mean_alone(lost: str) -> None:
    sums = {
        "sum": 6.0,
        "sum_squares": 14.0,
        "cluster_sum_squares": 14.0,
        "cluster_sum_counts": 6.0,
    }
    counts = {"n": 3, "n_clusters": 3, "cluster_count_squares": 3}
    assert None not in interval_from_cluster_sums(**counts, **sums)
    found = interval_from_cluster_sums(**counts, **sums | {lost: None})
    assert found == (2.0, None, None)
    no_values = {"n": 0, "n_clusters": 0, "cluster_count_squares": 0}
    found = interval_from_cluster_sums(**no_values, **sums | {"sum": 0.0, lost: None})
    assert found == (None, None, None)


def test_shares_that_are_all_alike_count_as_examples() -> None:
    t = float(stdtrit(2, 0.975))
    found = pass_rate([(2, 1)] * 3, 1)  # each passes in half of its trials
    assert found.mean == 0.5
    assert found.ci95 == pytest.approx(wilson(0.5, 3, z=t))
    always = pass_rate([(2, 2)] * 3, 1)
    assert always.ci95 == pytest.approx(wilson(1.0, 3))


def test_a_mean_of_shares_is_wilsons_of_as_many_values_as_its_error_tells() -> None:
    shares = [0.0, 0.5, 5 / 6]  # of two tries out of four, of which 0, 1, 2 passed
    found = pass_rate([(4, 0), (4, 1), (4, 2)], 2)
    mean, error = sum(shares) / 3, stdev(shares) / sqrt(3)
    assert found.mean == pytest.approx(mean)
    n, t = mean * (1 - mean) / error**2, float(stdtrit(2, 0.975))
    assert found.ci95 == pytest.approx(wilson(mean, n, z=t))
    assert pass_rate([(4, 1)], 2).ci95 is None


def test_wilsons_interval_of_none_begins_at_0_and_of_all_ends_at_1_exactly() -> None:
    for n in range(1, 200):
        (low, some), (most, high) = wilson(0.0, n), wilson(1.0, n)
        assert (low, high) == (0.0, 1.0)
        assert 0.0 < some < 1.0 and 0.0 < most < 1.0
