"""Change points and changes of means: right as often as they say."""

import numpy
import pytest

from tracer.stats import ChangePoint, change_points, mean_change
from tracer.stats._intervals import ClusterSums

RUNS = 600
SLACK = 3 * (0.05 * 0.95 / RUNS) ** 0.5


def drawn(kind: str, n: int, random: numpy.random.Generator) -> numpy.ndarray:
    """A course that does not change: of days that have nothing to do with another."""
    if kind == "long tails":
        return random.standard_t(2, n)
    if kind == "one-sided":
        return random.lognormal(0, 1.5, n)
    return random.normal(0.7, 0.1, n)


@pytest.mark.parametrize("kind", ["normal", "long tails", "one-sided"])
@pytest.mark.parametrize("n", [8, 30])
def test_a_course_that_never_changed_is_flagged_in_at_most_5_percent(
    kind: str, n: int
) -> None:
    random = numpy.random.default_rng(n)
    flagged = sum(
        bool(change_points(drawn(kind, n, random), resamples=999)) for _ in range(RUNS)
    )
    assert flagged / RUNS <= 0.05 + SLACK


def test_days_of_very_different_size_are_flagged_no_more_often() -> None:
    random = numpy.random.default_rng(5)
    flagged = 0
    for _ in range(RUNS):
        sizes = random.integers(2, 400, 30)
        means = random.normal(0.7, 0.4 / numpy.sqrt(sizes))
        flagged += bool(change_points(means, sizes, resamples=999))
    assert flagged / RUNS <= 0.05 + SLACK


def test_a_new_level_is_found_where_it_begins() -> None:
    random = numpy.random.default_rng(1)
    course = [*random.normal(0.8, 0.03, 12), *random.normal(0.6, 0.03, 9)]
    [found] = change_points(course)
    assert isinstance(found, ChangePoint)
    assert found.index == 12
    assert found.before == pytest.approx(0.8, abs=0.03)
    assert found.after == pytest.approx(0.6, abs=0.03)
    assert found.p < 0.001


def test_two_new_levels_are_both_found_in_order() -> None:
    random = numpy.random.default_rng(2)
    levels = (1.0, 3.0, 2.0)
    course = [value for level in levels for value in random.normal(level, 0.2, 12)]
    assert [found.index for found in change_points(course)] == [12, 24]


def test_one_odd_day_is_no_new_level() -> None:
    random = numpy.random.default_rng(3)
    course = random.normal(10, 1, 20)
    course[-1] = 100
    assert change_points(course) == []


@pytest.mark.parametrize("course", [[], [1.0], [1, 2, 3, 4, 5], [2.0] * 30])
def test_too_little_or_too_even_a_course_has_no_change(course: list[float]) -> None:
    assert change_points(course) == []


def test_the_same_course_is_answered_the_same() -> None:
    course = numpy.random.default_rng(4).normal(size=40)
    assert change_points(course) == change_points(course)


def sums(values: numpy.ndarray) -> ClusterSums:
    return ClusterSums.of((1, value, value * value) for value in values.tolist())


@pytest.mark.parametrize("kind", ["number", "bool"])
def test_intervals_of_a_change_hold_the_truth_in_95_percent_of_runs(kind: str) -> None:
    random = numpy.random.default_rng(6)
    held = 0
    for _ in range(RUNS):
        if kind == "bool":
            pair = random.random(40) < 0.7, random.random(60) < 0.8
            old, new = (sums(values.astype(float)) for values in pair)
            truth = 0.1
        else:
            old, new = sums(random.normal(3, 1, 15)), sums(random.normal(3.5, 2, 25))
            truth = 0.5
        _, interval = mean_change(old, new, type=kind) or (0.0, None)
        assert interval is not None
        held += interval[0] <= truth <= interval[1]
    assert held / RUNS == pytest.approx(0.95, abs=SLACK + 0.01)


def test_a_change_without_values_or_with_one_says_what_it_can() -> None:
    one, several = sums(numpy.array([1.0])), sums(numpy.array([2.0, 4.0]))
    assert mean_change(ClusterSums.of([]), several) is None
    assert mean_change(one, several) == (2.0, None)
