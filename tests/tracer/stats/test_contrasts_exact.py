"""Contrasts by their parts: which method is taken, and what it comes to exactly."""

from itertools import product
from math import inf, sqrt

import numpy
import pytest
from scipy import stats as scipy_stats
from scipy.spatial.distance import cosine

from tracer.stats import (
    mean_difference,
    mean_ratio,
    paired_proportions_interval,
    quantile_change,
    quantile_of,
)
from tracer.stats._contrasts import _joined
from tracer.stats._quantiles import correlation

Sums = dict[str, tuple[float, float]]


def of(values: list[float], trials: int = 1) -> Sums:
    return {str(n): (trials, trials * value) for n, value in enumerate(values)}


def test_yes_no_of_single_trials_has_the_score_interval() -> None:
    old = [1.0] * 12 + [0.0] * 8
    new = [1.0] * 9 + [0.0] * 3 + [1.0] * 4 + [0.0] * 4
    found = mean_difference(of(old), of(new), type="bool")
    assert found is not None
    assert (found.method, found.by_number, found.type, found.n_examples) == (
        "score interval of paired proportions",
        False,
        "bool",
        20,
    )
    assert found.interval(0.9) == paired_proportions_interval(4, 3, 20, confidence=0.9)


@pytest.mark.parametrize("new", [[1.0, 0.0, 1.0, 0.0], [1.0, 0.5, 0.5, 0.0]])
def test_yes_no_of_several_trials_is_compared_by_t(new: list[float]) -> None:
    old = [0.0, 0.0, 1.0, 1.0]
    found = mean_difference(of(old, 2), of(new, 2), type="bool")
    assert found is not None and not found.by_number
    assert found.method == "t on differences by example"
    expected = scipy_stats.ttest_rel(new, old).confidence_interval(0.5)
    assert found.interval(0.5) == pytest.approx(tuple(expected))
    assert found.interval(0.999) == (-1.0, 1.0)


def test_trials_that_all_say_the_same_have_the_score_interval_of_examples() -> None:
    for old, new, gained, lost in (
        ([0.0] * 4, [1.0] * 4, 4, 0),
        ([1.0] * 4, [0.0] * 4, 0, 4),
        ([0.5, 1.0, 0.0, 0.5], [0.5, 1.0, 0.0, 0.5], 0, 0),
    ):
        found = mean_difference(of(old, 2), of(new, 2), type="bool")
        assert found is not None and not found.by_number
        assert found.interval(0.95) == paired_proportions_interval(gained, lost, 4)


def test_examples_that_all_moved_by_half_are_as_sure_as_their_number() -> None:
    found = mean_difference(of([0.0] * 9, 2), of([0.5] * 9, 2), type="bool")
    assert found is not None and not found.by_number
    assert found.method == "all differences by example are equal, on a known scale"
    # as many could be unlike the 8 others as are not seen among 8 in 2.5 % of runs
    share = 1 - float(scipy_stats.binomtest(8, 8).proportion_ci().low)
    expected = (0.5 - share * 1.5, 0.5 + share * 0.5)
    assert found.interval(0.95) == pytest.approx(expected)


def test_equal_differences_on_a_scale_without_end_speak_by_their_number() -> None:
    for scale in (None, (0.0, inf)):
        found = mean_difference(of([1.0, 2.0]), of([4.0, 5.0]), scale=scale)
        assert found is not None and found.by_number
        assert found.method == "sign test: all differences by example are equal"


def test_numbers_of_0_and_1_have_fiellers_ratio_unless_they_are_yes_no() -> None:
    old, new = of([1.0, 0.0, 1.0, 1.0, 1.0]), of([1.0, 1.0, 0.0, 1.0, 1.0])
    number, share = mean_ratio(old, new), mean_ratio(old, new, type="bool")
    assert number is not None and share is not None
    assert number.method == "Fieller's ratio of means, paired by example"
    assert share.method == "score interval of paired ratios"
    assert (number.by_number, share.by_number) == (False, False)
    halves = mean_ratio(of([0.5, 1.0, 1.0], 2), of([1.0, 0.5, 1.0], 2), type="bool")
    assert halves is not None and halves.method == number.method


@pytest.mark.parametrize("unit", [1e-7, 1.0, 1e7])
def test_equal_ratios_are_known_in_any_unit(unit: float) -> None:
    old = [0.1 * unit, 0.3 * unit, 0.7 * unit]
    for scale in (None, (0.0, inf)):
        even = mean_ratio(of(old), of([1.1 * value for value in old]), scale=scale)
        assert even is not None and even.by_number
        assert even.method == "sign test: all ratios by example are equal"
    odd = [1.1 * old[0], 1.1 * old[1], 1.1001 * old[2]]
    found = mean_ratio(of(old), of(odd))
    assert found is not None and "Fieller" in found.method


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e3])
def test_fiellers_interval_holds_its_ratio_and_ends_where_t_does_in_any_unit(
    unit: float,
) -> None:
    draw = numpy.random.default_rng(6)
    old = unit * draw.gamma(9, 0.1, 25)
    new = old * draw.normal(1.2, 0.2, 25)
    found = mean_ratio(of(list(old)), of(list(new)))
    assert found is not None
    low, high = found.interval(0.9) or (0.0, 0.0)
    assert low < found.estimate < high
    for end in (low, high):
        at_end = scipy_stats.ttest_rel(new, end * old).pvalue
        assert at_end == pytest.approx(0.1, abs=1e-6)


def test_many_ratios_that_differ_a_little_are_not_taken_for_equal() -> None:
    """Of 20,000 examples a spread below 0.01 % counted as none."""
    old = [1.0 + number / 20_000 for number in range(20_000)]
    new = [value * (1 + (-1) ** number * 5e-5) for number, value in enumerate(old)]
    found = mean_ratio(of(old), of(new))
    assert found is not None and "Fieller" in found.method


def test_the_ratio_of_two_examples_is_fiellers() -> None:
    found = mean_ratio(of([4.0, 5.0]), of([4.0, 5.5]))
    assert found is not None and not found.by_number
    assert found.interval(0.5) is not None


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_equal_ratios_on_a_scale_can_be_off_by_the_worst_that_it_allows(
    confidence: float,
) -> None:
    """Both statements at half of what is left, the worst of all corners tried."""
    old, ratio, (low, high) = [2.0, 3.0, 4.0, 4.0, 2.5, 3.5] * 8, 1.25, (0.5, 5.0)
    found = mean_ratio(of(old), of([ratio * value for value in old]), scale=(low, high))
    assert found is not None and not found.by_number
    assert found.method == "all ratios by example are equal, on a known scale"
    each, n = (1 + confidence) / 2, len(old)
    mean, error = numpy.mean(old), scipy_stats.sem(old)
    base = float(scipy_stats.t.interval(each, n - 1, mean, error)[0])
    agree = scipy_stats.binomtest(n - 1, n - 1).proportion_ci(each)
    off = [
        (1 - float(agree.low)) * (new - ratio * one)
        for one, new in product((low, high), repeat=2)
    ]
    expected = (ratio + min(off) / base, ratio + max(off) / base)
    assert found.interval(confidence) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scale", "is_known"),
    [((0.0, 1.0), True), ((-0.5, 1.0), False)],
)
def test_a_ratio_on_a_scale_that_goes_below_0_has_no_interval(
    scale: tuple[float, float], is_known: bool
) -> None:
    old = of([0.5, 0.6] * 10)
    found = mean_ratio(old, old, scale=scale)
    assert found is not None
    assert (found.interval(0.95) is not None) is is_known


def test_a_baseline_that_may_be_nothing_leaves_equal_ratios_without_interval() -> None:
    old = of([0.0] * 6 + [0.3])
    found = mean_ratio(old, old, scale=(0.0, 1.0))
    assert found is not None and found.interval(0.95) is None
    assert found.interval(0.1) is not None
    beyond = of([2.0, 3.0])  # not on the scale
    found = mean_ratio(beyond, beyond, scale=(0.0, 1.0))
    assert found is not None and found.interval(0.95) is None


def test_two_errors_are_joined_as_the_sides_of_a_triangle() -> None:
    assert [_joined(3.0, 4.0, likeness) for likeness in (0, 1, -1, 0.5)] == (
        pytest.approx([5.0, 1.0, 7.0, sqrt(13)])
    )
    assert _joined(2.0, 2.0, 1 + 1e-15) == 0.0
    assert _joined(inf, 1.0, 0.5) == _joined(1.0, inf, 0.5) == inf


def test_likeness_is_that_of_common_examples_among_all() -> None:
    one, other = {"a": 3.0, "b": -4.0}, {"b": 2.0, "c": 9.0, "a": 1.0}
    expected = (3 * 1 - 4 * 2) / sqrt((9 + 16) * (4 + 81 + 1))
    assert correlation(one, other) == pytest.approx(expected)
    assert correlation(one, {"c": 1.0}) == 0.0
    assert correlation({"a": 0.0}, {"a": 0.0}) == 0.0


@pytest.mark.parametrize("is_relative", [False, True])
def test_a_change_of_a_quantile_is_put_together_as_zou_and_donner_do(
    is_relative: bool,
) -> None:
    draw = numpy.random.default_rng(3)
    old = {str(n): list(draw.gamma(3, 0.05, 2)) for n in range(90)}
    new = {id: [1.3 * v * draw.gamma(30, 1 / 30) for v in old[id]] for id in old}
    more = old | {"lost": [1e9]}, new | {"new": [1e9], "lost": []}
    found = quantile_change(*more, 0.6, relative=is_relative)
    before, after = quantile_of(old, 0.6), quantile_of(new, 0.6)
    assert found is not None and before is not None and after is not None
    excess = [list(side.excess.values()) for side in (before, after)]
    r = 1 - cosine(*excess)
    on, back = (numpy.log, numpy.exp) if is_relative else (float, float)
    one, other = on(before.value), on(after.value)
    (one_low, one_high), (low, high) = (
        map(on, side.interval(0.9) or ()) for side in (before, after)
    )
    down, up = other - low, one_high - one
    left = other - one - sqrt(down**2 + up**2 - 2 * r * down * up)
    down, up = one - one_low, high - other
    right = other - one + sqrt(down**2 + up**2 - 2 * r * down * up)
    assert 0.3 < r < 0.95
    assert found.interval(0.9) == pytest.approx((back(left), back(right)))
    assert found.estimate == pytest.approx(back(other - one))
    assert (found.baseline, found.candidate) == (before.value, after.value)
    assert found.n_examples == 90 and "MOVER" in found.method


def test_a_ratio_of_quantiles_is_of_values_above_0() -> None:
    values = {str(n): [n + 1.0] for n in range(40)}
    zero = values | {"7": [0.0]}
    for pair in ((values, zero), (zero, values)):
        assert quantile_change(*pair, 0.5, relative=True) is None
        assert quantile_change(*pair, 0.5) is not None
    assert quantile_change(values, values, 0.5, relative=True) is not None


def test_two_examples_in_common_are_enough_for_a_quantile() -> None:
    old, new = (
        {"a": [1.0], "b": [2.0], "c": [3.0]},
        {"a": [2.0], "b": [2.0], "x": [1.0]},
    )
    found = quantile_change(old, new, 0.5)
    assert found is not None and (found.n_examples, found.estimate) == (2, 0.5)
    assert quantile_change(old, {"a": [2.0], "b": []}, 0.5) is None
    assert quantile_change(old | {"b": []}, new, 0.5) is None


def test_an_end_that_one_run_leaves_open_stays_open_on_that_side() -> None:
    few = {str(n): [100.0 + n] for n in range(20)}
    many = {id: [v[0] + k / 50 for k in range(8)] for id, v in few.items()}
    for is_relative, none in ((False, -inf), (True, 0.0)):
        found = quantile_change(few, few, 0.05, relative=is_relative)
        assert found is not None and found.interval(0.95) == (none, inf)
    found = quantile_change(few, many, 0.5)
    assert found is not None
    low, high = found.interval(0.95) or (0.0, 0.0)
    assert -inf < low < found.estimate < high < inf
