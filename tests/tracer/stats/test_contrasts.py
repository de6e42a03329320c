from math import inf

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize
from scipy import stats as scipy_stats

from tracer.stats import (
    mean_difference,
    mean_ratio,
    paired_proportions_interval,
    quantile_change,
)
from tracer.stats._ratios import paired_ratio_interval
from tracer.stats._significance import paired_score_z

Sums = dict[str, tuple[float, float]]


def single(values: list[float]) -> Sums:
    return {str(number): (1.0, value) for number, value in enumerate(values)}


def test_a_difference_of_means_is_the_paired_t_interval_at_any_confidence() -> None:
    old, new = [1.0, 2.0, 4.0, 3.0, 5.0], [2.0, 2.5, 4.5, 5.0, 5.5]
    found = mean_difference(single(old), single(new))
    assert found is not None
    test = scipy_stats.ttest_rel(new, old)
    for confidence in (0.5, 0.95, 0.999):
        expected = test.confidence_interval(confidence)
        assert found.interval(confidence) == pytest.approx(tuple(expected))


@pytest.mark.parametrize("bound", [-0.5, 0.0, 0.4, 0.9, 1.1, 3.0])
def test_a_p_value_is_that_of_the_t_test_against_the_bound(bound: float) -> None:
    old, new = [1.0, 2.0, 4.0, 3.0, 5.0], [2.0, 2.5, 4.5, 5.0, 5.5]
    found = mean_difference(single(old), single(new))
    assert found is not None
    shifted = [value - bound for value in new]
    above = scipy_stats.ttest_rel(shifted, old, alternative="greater").pvalue
    assert found.p_above(bound) == pytest.approx(above, abs=1e-9)
    assert found.p_below(bound) == pytest.approx(1 - above, abs=1e-9)


def test_a_ratio_of_means_is_fiellers_and_its_p_the_t_test_of_the_shifted() -> None:
    draw = numpy.random.default_rng(3)
    old = draw.gamma(9, 10, 40)
    new = old * draw.normal(1.05, 0.1, 40)
    found = mean_ratio(single(list(old)), single(list(new)))
    assert found is not None
    assert found.estimate == pytest.approx(new.mean() / old.mean())
    below = scipy_stats.ttest_rel(new, 1.1 * old, alternative="less").pvalue
    assert found.p_below(1.1) == pytest.approx(below, abs=1e-9)
    interval = found.interval(0.95)
    assert interval is not None
    for end in interval:
        at_end = scipy_stats.ttest_rel(new, end * old).pvalue
        assert at_end == pytest.approx(0.05, abs=1e-6)


def test_a_ratio_of_shares_has_the_published_score_interval() -> None:
    """Fagerland, Lydersen & Laake 2014 (Stat Med 33:2850), airway responsiveness."""
    assert paired_ratio_interval(1, 1, 7, 21) == pytest.approx((0.065, 0.907), abs=5e-4)
    rows = [(1, 1)] * 1 + [(0, 1)] * 1 + [(1, 0)] * 7 + [(0, 0)] * 12
    old, new = ([float(row[place]) for row in rows] for place in (0, 1))
    found = mean_ratio(single(old), single(new), type="bool")
    assert found is not None
    assert found.interval(0.95) == paired_ratio_interval(1, 1, 7, 21)
    assert (found.estimate, found.type) == (0.25, "bool")


@pytest.mark.parametrize("n", [2, 5, 20])
def test_a_few_examples_without_a_mistake_do_not_show_that_there_are_few(
    n: int,
) -> None:
    """Two examples, both right in both runs, passed a gate of 0.95x."""
    found = mean_ratio(single([1.0] * n), single([1.0] * n), type="bool")
    assert found is not None
    p = found.p_above(0.95)
    assert p is not None and p > 0.025
    many = mean_ratio(single([1.0] * 200), single([1.0] * 200), type="bool")
    assert many is not None and (many.p_above(0.95) or 0) < 0.025


def test_no_failure_among_a_hundred_is_not_none_at_all() -> None:
    old = single([float(number < 4) for number in range(100)])
    found = mean_ratio(old, single([0.0] * 100), type="bool")
    assert found is not None
    assert found.interval(0.95) == pytest.approx((0.0, 0.960), abs=5e-4)


def test_equal_ratios_say_something_only_if_they_are_many() -> None:
    for values in ([5.0] * 3, [1.0, 1.01, 1.02]):
        found = mean_ratio(single(values), single(values))
        assert found is not None
        assert found.interval(0.95) == (-inf, inf)
    many = mean_ratio(single([5.0] * 6), single([10.0] * 6))
    assert many is not None and many.interval(0.95) == (2.0, 2.0)


def test_a_ratio_without_a_yes_in_common_may_have_no_upper_end() -> None:
    low, high = paired_ratio_interval(0, 30, 1, 40)
    assert 1 < low < 30 < high
    assert paired_ratio_interval(1, 0, 0, 1)[1] > 1


def test_a_ratio_to_what_may_be_nothing_has_no_interval() -> None:
    found = mean_ratio(single([-1.0, 1.0, 0.5]), single([1.0, 2.0, 3.0]))
    assert found is not None and found.interval(0.95) is None
    assert mean_ratio(single([0.0, 0.0]), single([1.0, 2.0])) is None


@given(
    st.integers(1, 60).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n))
    )
)
def test_the_interval_of_paired_shares_is_what_the_score_test_does_not_reject(
    table: tuple[int, int, int],
) -> None:
    n, gained, lost = table
    if gained + lost > n:
        return
    low, high = paired_proportions_interval(gained, lost, n)
    assert -1 <= low <= (gained - lost) / n <= high <= 1
    for end in (low, high):
        if abs(end) < 1:
            z = paired_score_z(gained, lost, n, difference=end)
            assert abs(z) == pytest.approx(1.959964, abs=1e-4)


def test_the_score_test_has_the_variance_of_the_likeliest_shares() -> None:
    gained, lost, n, difference = 9, 3, 40, 0.05

    def unlikely(lost_share: float) -> float:
        gained_share = lost_share + difference
        rest = 1 - gained_share - lost_share
        logs = numpy.log([gained_share, lost_share, rest])
        return -float(numpy.dot([gained, lost, n - gained - lost], logs))

    best = optimize.minimize_scalar(
        unlikely, bounds=(1e-9, (1 - difference) / 2 - 1e-9), options={"xatol": 1e-10}
    ).x
    error = ((2 * best + difference - difference**2) / n) ** 0.5
    expected = ((gained - lost) / n - difference) / error
    found = paired_score_z(gained, lost, n, difference=difference)
    assert found == pytest.approx(expected, rel=1e-5)


def test_equal_answers_everywhere_show_no_loss_only_if_they_are_many() -> None:
    for n, is_shown in ((30, False), (400, True)):
        same = single([1.0] * n)
        found = mean_difference(same, same, type="bool")
        assert found is not None
        p = found.p_above(-0.02)
        assert p is not None and (p < 0.025) is is_shown


def test_equal_differences_of_numbers_are_judged_by_their_number() -> None:
    few, many = single([3.0] * 5), single([3.0] * 6)
    for values, interval in ((few, (-inf, inf)), (many, (0.0, 0.0))):
        found = mean_difference(values, values)
        assert found is not None
        assert found.interval(0.95) == interval
    two = mean_difference(single([1.0, 2.0]), single([4.0, 5.0]))
    assert two is not None and two.interval(0.5) == (3.0, 3.0)  # a quarter is left
    assert two.interval(0.51) == (-inf, inf)


def test_a_change_of_a_quantile_is_narrower_for_runs_that_are_alike() -> None:
    draw = numpy.random.default_rng(8)
    base = draw.lognormal(6, 0.5, 400)
    alike = {str(n): [float(v) * draw.normal(1, 0.02)] for n, v in enumerate(base)}
    other = {str(n): [float(v)] for n, v in enumerate(draw.permutation(base))}
    old = {str(n): [float(v)] for n, v in enumerate(base)}
    near, far = (
        quantile_change(old, one, 0.5, relative=True) for one in (alike, other)
    )
    assert near is not None and far is not None
    close, wide = near.interval(0.95), far.interval(0.95)
    assert close is not None and wide is not None
    assert close[0] < 1 < close[1]
    assert close[1] - close[0] < 0.5 * (wide[1] - wide[0])


def test_too_few_examples_leave_an_end_of_a_quantiles_change_open() -> None:
    old = {str(n): [100.0 + n] for n in range(20)}
    ratio = quantile_change(old, old, 0.95, relative=True)
    difference = quantile_change(old, old, 0.95)
    assert ratio is not None and difference is not None
    assert ratio.interval(0.95) == (0.0, inf)
    assert difference.interval(0.95) == (-inf, inf)
    p = ratio.p_below(1.1)
    assert p is not None and p > 0.025


def test_runs_without_common_examples_have_no_contrast() -> None:
    old, new = {"a": (1.0, 1.0)}, {"b": (1.0, 1.0)}
    assert mean_difference(old, new) is None
    assert mean_ratio(old, new) is None
    assert quantile_change({"a": [1.0]}, {"b": [1.0]}, 0.5) is None
    zero = {str(n): [0.0] for n in range(9)}
    assert quantile_change(zero, zero, 0.5, relative=True) is None


def test_a_bound_at_the_end_of_what_a_scale_allows_is_tested_like_any() -> None:
    old, new = [1.0, 1.0, 2.0, 1.0], [5.0, 5.0, 5.0, 2.0]
    for before, after, side in ((new, old, "greater"), (old, new, "less")):
        found = mean_difference(single(before), single(after), scale=(1.0, 5.0))
        assert found is not None and not found.by_number
        bound = -4.0 if side == "greater" else 4.0
        p = found.p_above(bound) if side == "greater" else found.p_below(bound)
        apart = [b - a for a, b in zip(before, after, strict=True)]
        expected = scipy_stats.ttest_1samp(apart, bound, alternative=side).pvalue
        assert p == pytest.approx(expected, abs=1e-9)


def test_a_quantile_does_not_rest_on_the_number_of_examples_alone() -> None:
    values = {str(number): [float(number)] for number in range(9)}
    found = quantile_change(values, values, 0.5)
    assert found is not None and not found.by_number
