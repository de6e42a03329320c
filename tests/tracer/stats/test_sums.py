"""What follows from sums by example is what follows from the values themselves."""

import math
import statistics
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from tracer.stats import ScoreSummary, ScoreSums, summarize

NUMBERS = st.floats(-1e3, 1e3).map(lambda value: round(value, 3))
VALUES = st.lists(st.tuples(st.integers(0, 6), NUMBERS), min_size=1, max_size=40)


def summed(values: list[tuple[int, float]], type: str = "number") -> ScoreSums:
    sums = ScoreSums("s")
    for example, value in values:
        sums.take(str(example), type=type, value=value)
    return sums


@given(VALUES)
def test_summary_is_that_of_the_values(values: list[tuple[int, float]]) -> None:
    summary = ScoreSummary.of(summed(values))
    plain = [value for _, value in values]
    assert summary.n == len(plain)
    assert summary.n_examples == len({example for example, _ in values})
    assert summary.mean == pytest.approx(statistics.fmean(plain), abs=1e-9)
    if len(plain) > 1:
        assert summary.sd == pytest.approx(statistics.stdev(plain), abs=1e-2, rel=1e-6)


@given(VALUES)
def test_interval_is_that_of_the_residuals_by_example(
    values: list[tuple[int, float]],
) -> None:
    interval = ScoreSummary.of(summed(values)).ci95
    ordered = sorted(values)
    groups = [
        [value for _, value in group]
        for _, group in groupby(ordered, lambda one: one[0])
    ]
    if len(groups) < 3:
        assert interval is None
        return
    mean = statistics.fmean(value for _, value in values)
    residuals = [sum(group) - mean * len(group) for group in groups]
    error = math.sqrt(
        len(groups) / (len(groups) - 1) * sum(one * one for one in residuals)
    ) / len(values)
    if interval is None:
        assert error == pytest.approx(0, abs=1e-6)
        return
    assert interval[0] <= mean + 1e-9 and mean - 1e-9 <= interval[1]
    half = float(stdtrit(len(groups) - 1, 0.975)) * error
    assert (interval[1] - interval[0]) / 2 == pytest.approx(half, abs=0.05, rel=1e-4)


@given(VALUES)
def test_order_of_rows_changes_nothing(values: list[tuple[int, float]]) -> None:
    there = ScoreSummary.of(summed(values))
    back = ScoreSummary.of(summed(values[::-1]))
    assert (there.n, there.n_examples) == (back.n, back.n_examples)
    assert there.mean == pytest.approx(back.mean, abs=1e-9)


@given(VALUES)
def test_sums_survive_the_way_to_the_collector_and_back(
    values: list[tuple[int, float]],
) -> None:
    sums = summed(values)
    sums.n_missing, sums.n_errors = 2, 3
    back = summarize(sums.rows())["s"]
    assert back == ScoreSummary.of(sums)
    assert back.ci95 == ScoreSummary.of(sums).ci95


def test_snapshot_does_not_change_with_later_values() -> None:
    sums = summed([(1, 1.0)])
    before = ScoreSummary.of(sums.snapshot())
    sums.take("2", type="number", value=5.0)
    sums.take("1", type="number", value=5.0)
    assert (before.n, before.mean, before.sums.by_example()) == (1, 1.0, {"1": (1, 1)})


def test_memory_is_24_bytes_an_example() -> None:
    sums = ScoreSums("s")
    for example in range(10_000):
        sums.take(str(example), type="number", value=1.0)
        sums.take(str(example), type="number", value=2.0)
    arrays = (sums.counts, sums.sums, sums.squares)
    assert sum(len(one) * one.itemsize for one in arrays) <= 24 * (10_000 + 64)
