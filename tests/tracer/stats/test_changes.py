"""Change points and changes of means: right as often as they say."""

from itertools import combinations
from math import sqrt

import numpy
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

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
    found = [change_points([0.0] * 6 + [1.0] * 5, **seed) for seed in ({}, {"seed": 0})]
    assert found[0] == found[1] != change_points([0.0] * 6 + [1.0] * 5, seed=1)


def clearest(course: list[int], weights: dict[int, float]) -> float:
    """How far apart the sides of the clearest split are, by their means."""
    found = []
    for place in range(3, len(course) - 2):
        sides = course[:place], course[place:]
        one, other = (sum(weights[day] for day in side) for side in sides)
        ones = [sum(weights[day] * day for day in side) for side in sides]
        found.append(abs(ones[0] / one - ones[1] / other) * sqrt(one * other))
    return max(found)


def chance(course: list[int], weights: dict[int, float]) -> float:
    """Share of all orders of the course that split as clearly: every one is tried."""
    seen, orders = clearest(course, weights), []
    for ones in combinations(range(len(course)), sum(course)):
        order = [int(place in ones) for place in range(len(course))]
        orders.append(clearest(order, weights) >= seen - 1e-9)
    return float(numpy.mean(orders))


@pytest.mark.parametrize(
    ("days", "weights", "index"),
    [
        ("00000011111", {0: 1.0, 1: 1.0}, 6),
        ("0000010111111", {0: 1.0, 1: 3.0}, 5),
        ("000000101111", {0: 3.0, 1: 1.0}, 8),
    ],
)
def test_a_chance_is_the_share_of_all_orders_that_split_as_clearly(
    days: str, weights: dict[int, float], index: int
) -> None:
    course = [int(day) for day in days]
    told = [weights[day] for day in course]
    exact = chance(course, weights)
    [found] = change_points(course, told, alpha=1.3 * exact)
    assert found.p == pytest.approx(exact, abs=0.0025)
    assert found.index == index
    sides = slice(0, index), slice(index, None)
    means = [numpy.average(course[s], weights=told[s]) for s in sides]
    assert [found.before, found.after] == pytest.approx(means)


def test_three_days_are_a_level_at_the_level_that_was_asked_for() -> None:
    course = [0, 0, 0, 1, 1, 1]  # of 20 orders two are as clear
    assert change_points(course) == []
    [found] = change_points(course, alpha=0.2)
    assert (found.index, found.before, found.after) == (3, 0.0, 1.0)
    assert found.p == pytest.approx(0.1, abs=0.01)


def test_what_no_order_drawn_comes_near_has_the_least_chance_there_is() -> None:
    course = [0.0] * 12 + [1.0] * 12
    [found] = change_points(course, alpha=1 / 10_000)
    assert (found.index, found.p) == (12, 1 / 10_000)
    assert change_points(course, alpha=1 / 10_000, resamples=5000) == []


@pytest.mark.parametrize(
    ("days", "weight", "is_found"),
    [("000000101111", 3.0, True), ("000001001111", 1.0, False)],
)
def test_both_sides_of_a_change_are_asked_at_half_the_level(
    days: str, weight: float, is_found: bool
) -> None:
    """Chances 0.020 and 0.030 by every order: at half of 0.05 only one is found."""
    side = [int(day) for day in days]
    exact = chance(side, {0: weight, 1: 1.0})
    assert exact == pytest.approx(0.0202 if is_found else 0.0303, abs=1e-4)
    for course in ([-100] * 6 + side, side[::-1] + [-100] * 6):
        weights = [weight if day == 0 else 1.0 for day in course]
        found = change_points(course, weights)
        assert len(found) == (2 if is_found else 1)
        edges = [0, *(one.index for one in found), len(course)]
        for one, (first, place, last) in zip(
            found, zip(edges, edges[1:], edges[2:], strict=False), strict=True
        ):
            sides = slice(first, place), slice(place, last)
            means = [numpy.average(course[s], weights=weights[s]) for s in sides]
            assert [one.before, one.after] == pytest.approx(means)


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
    many = sums(numpy.array([2.0, 4.0, 6.0]))
    assert mean_change(one, many) == (3.0, None)
    assert mean_change(many, one) == (-3.0, None)
    assert mean_change(many, ClusterSums.of([])) is None
    assert mean_change(many, many, type="label") is None


def test_a_change_of_shares_has_newcombes_interval() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe 1998, Stat Med 17:873)."""
    old, new = (
        sums(numpy.array([1.0] * yes + [0.0] * (n - yes)))
        for yes, n in ((48, 80), (56, 70))
    )
    found = mean_change(old, new, type="bool")
    assert found is not None
    assert found[0] == pytest.approx(0.2)
    assert found[1] == pytest.approx((0.0524, 0.3339), abs=5e-5)
    found = mean_change(old, new, type="bool", confidence=0.8)
    expected = confint_proportions_2indep(56, 70, 48, 80, method="newcomb", alpha=0.2)
    assert found is not None and found[1] == pytest.approx(expected)
