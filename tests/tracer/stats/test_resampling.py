"""Bootstrap and permutation, against scipy's of the same draws and every flip."""

from itertools import product
from math import isnan, nan

import numpy
import pytest
from scipy import stats as scipy_stats

from tracer.stats import _resampling, bootstrap_interval, permutation_test


@pytest.mark.parametrize("digits", [0, 9])  # grades, of which many means are alike
@pytest.mark.parametrize("n", [3, 12, 40])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_bootstrap_is_scipys_of_the_same_draws_at_students_levels(
    n: int, confidence: float, digits: int
) -> None:
    draw = numpy.random.default_rng(n)
    values = numpy.round(draw.exponential(1.5, n) - 0.6, digits)
    wide = scipy_stats.t.ppf((1 + confidence) / 2, n - 1) * (n / (n - 1)) ** 0.5
    expected = scipy_stats.bootstrap(
        (values,),
        numpy.mean,
        method="BCa",
        n_resamples=9999,
        confidence_level=1 - 2 * float(scipy_stats.norm.sf(wide)),
        rng=numpy.random.default_rng(0),
    ).confidence_interval
    found = bootstrap_interval(list(values), confidence=confidence)
    assert found == pytest.approx(tuple(expected))


def test_the_bootstrap_draws_no_more_at_a_time_than_memory_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = [0.0, 1.0, 5.0, 2.0, 2.5]
    at_once = bootstrap_interval(values)
    for most in (3, 1000):
        monkeypatch.setattr(_resampling, "DRAWS_AT_ONCE", most)
        assert bootstrap_interval(values) == at_once


def test_equal_values_and_one_alone_have_no_spread_to_draw_from() -> None:
    assert bootstrap_interval([]) is None
    assert bootstrap_interval([1.0]) is None
    assert bootstrap_interval([2.0, 2.0]) == (2.0, 2.0)
    low, high = bootstrap_interval([2.0, 3.0]) or (0.0, 0.0)
    assert low == 2.0 and high == 3.0


def test_a_bootstrap_far_out_in_a_tail_ends_at_the_extremes() -> None:
    """Where the acceleration turns a level round, the ends changed sides."""
    for values in ([0.0, 0.0, 3.0], [0.0, -3.0, -3.0]):
        found = bootstrap_interval(values, confidence=0.9999)
        assert found == (min(values), max(values))


@pytest.mark.parametrize(
    "values",
    [
        [0.5, -1.0, 2.5, 3.0, -0.25, 1.5, 0.75, 2.0],
        [1.0, -1.0, 1.0, 1.0, 1.0, 0.0, 1.0],
        [1e-7, 2e-7, -3e-7, 4e-7, 4e-7],
        [0.1] * 3 + [-0.3] + [0.1] * 4,
    ],
)
def test_a_permutation_test_is_right_about_every_flip_of_the_signs(
    values: list[float],
) -> None:
    seen, hair = abs(sum(values)), 1e-9 * sum(map(abs, values))
    flips = [abs(numpy.dot(s, values)) for s in product((-1, 1), repeat=len(values))]
    beyond = numpy.mean([flip > seen + hair for flip in flips])
    equal = numpy.mean([abs(flip - seen) <= hair for flip in flips])
    expected = float(beyond + equal / 2)
    assert permutation_test(values) == pytest.approx(expected, abs=0.012)
    assert permutation_test([-value for value in values]) == permutation_test(values)


@pytest.mark.parametrize("most", [7, 1 << 14, 1 << 22])
def test_what_no_flip_reaches_has_half_of_one_flip_as_its_p_value(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_resampling, "DRAWS_AT_ONCE", most)
    assert permutation_test([1.0] * 40) == 0.5 / 10_000
    assert permutation_test([1.0] * 40, resamples=99) == 0.5 / 100
    assert permutation_test([3.0]) == 0.5  # of one value every flip comes to the same


def test_without_any_difference_nothing_is_shown_and_nan_stays_what_it_is() -> None:
    assert permutation_test([]) == permutation_test([0.0, 0.0, 0.0]) == 1.0
    assert isnan(permutation_test([1.0] * 40 + [nan]))


def test_another_seed_draws_other_flips_and_says_nearly_the_same() -> None:
    values = list(numpy.random.default_rng(3).normal(0.3, 1, 25))
    one, other = permutation_test(values), permutation_test(values, seed=1)
    assert one == permutation_test(values, seed=0)
    assert one != other and one == pytest.approx(other, abs=0.02)
    ends = bootstrap_interval(values), bootstrap_interval(values, seed=1)
    assert ends[0] != ends[1] and ends[0] == pytest.approx(ends[1], abs=0.05)
