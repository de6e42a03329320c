from collections.abc import Iterable

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer.stats import summarize
from tracer.stats._distribution import MOST_DISTINCT, QUANTILES, Distribution

GRADES = st.lists(st.integers(1, 5).map(float), min_size=1, max_size=60)
NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def distribution_of(values: Iterable[float]) -> Distribution:
    counted = Distribution()
    for value in values:
        counted.add(value)
    return counted


@given(st.one_of(GRADES, NUMBERS))
def test_quantiles_are_numpys(values: list[float]) -> None:
    found = distribution_of(values).quantiles()
    assert list(found) == list(QUANTILES)
    expected = numpy.quantile(values, QUANTILES)
    assert list(found.values()) == pytest.approx(list(expected), rel=1e-9, abs=1e-9)


def test_nothing_has_no_quantiles() -> None:
    assert distribution_of([]).quantiles() == {}


def test_many_different_values_keep_three_digits_in_bounded_memory() -> None:
    values = numpy.random.default_rng(1).lognormal(3, 1, 50_000)
    counted = distribution_of(float(value) for value in values)
    assert len(counted._counts) < 4 * MOST_DISTINCT
    for probability, value in counted.quantiles().items():
        expected = float(numpy.quantile(values, probability))
        assert value == pytest.approx(expected, rel=0.006)


def test_a_copy_does_not_change_with_later_values() -> None:
    counted = distribution_of([1.0, 2.0])
    before = counted.copy()
    counted.add(9.0)
    assert before.quantiles((1.0,)) == {1.0: 2.0}


def test_summary_has_the_quantiles_of_the_values_that_the_collector_returns() -> None:
    rows = [
        {"score": "tone", "type": "number", "example_id": example, "n": len(values)}
        | {"sum": sum(values), "sum_squares": sum(value**2 for value in values)}
        | {"values": values, "trials": list(range(len(values)))}
        for example, values in {"a": [1.0, 4.0], "b": [5.0], "c": [3.0, 3.0]}.items()
    ]
    quantiles = summarize(rows)["tone"].quantiles
    assert (quantiles[0], quantiles[0.5], quantiles[1]) == (1.0, 3.0, 5.0)


def test_labels_and_bare_sums_have_no_quantiles() -> None:
    row = {"score": "s", "example_id": "a", "n": 1, "sum": 0, "sum_squares": 0}
    for type in ("label", "number"):
        assert summarize([row | {"type": type}])["s"].quantiles == {}


def test_values_that_round_to_the_same_are_counted_together() -> None:
    values = [1000.0 + number for number in range(MOST_DISTINCT + 1)] * 2
    rounded = [float(f"{value:.2e}") for value in values]
    found = distribution_of(values).quantiles()
    expected = numpy.quantile(rounded, QUANTILES)
    assert list(found.values()) == pytest.approx(list(expected))


@pytest.mark.parametrize("n", [3, 1025])
def test_a_value_that_is_removed_is_counted_once_less(n: int) -> None:
    counted = distribution_of([*map(float, range(1, n + 1)), 2.0, 5e6, 5e6])
    for value in (2.0, 5e6, 5e6, 7e9):  # the last never came
        counted.remove(value)
    assert (
        counted.quantiles() == distribution_of(map(float, range(1, n + 1))).quantiles()
    )
    counted.remove(2.0)
    left = counted.quantiles((0.0, 1.0))
    assert left[0.0] == 1.0
    counted.remove(1.0)
    assert counted.quantiles((0.0,)) == {0.0: 3.0}


@pytest.mark.parametrize(("n", "is_exact"), [(1024, True), (1025, False)])
def test_1024_different_values_are_kept_exactly_and_one_more_are_not(
    n: int, is_exact: bool
) -> None:
    values = [1000.5 + number for number in range(n)]
    found = distribution_of(values).quantiles()
    expected = numpy.quantile(values, QUANTILES)
    assert (list(found.values()) == pytest.approx(list(expected), rel=1e-9)) is is_exact
