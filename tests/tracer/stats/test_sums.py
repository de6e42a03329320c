"""What follows from sums by example is what follows from the values themselves."""

import math
import statistics
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from tracer.stats import ScoreSummary, ScoreSums, collect, summarize

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
    assert sum(len(one) * one.itemsize for one in arrays) == 24 * 10_000


def test_what_is_printed_of_sums_is_what_does_not_grow_with_them() -> None:
    sums = summed([(1, 1.0), (2, 3.0)])
    told = "ScoreSums(name='s', type='number', labels=Counter(), n_missing=0, "
    assert repr(sums) == told + "n_errors=0, declared=None, beside='', raters=())"
    assert "ScoreSums" not in repr(ScoreSummary.of(sums))


def test_labels_that_came_before_a_number_leave_no_trace_in_its_figures() -> None:
    sums = ScoreSums("s")
    for example in "ab":
        sums.take(example, type="label", label="odd")
    sums.take("b", type="number", value=5.0)
    summary = ScoreSummary.of(sums)
    assert (summary.n, summary.mean, summary.labels) == (1, 5.0, {"odd": 2})
    assert set(summary.quantiles.values()) == {5.0}


SCORES = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.one_of(
            st.tuples(st.just("number"), NUMBERS, st.none()),
            st.tuples(st.just("label"), st.none(), st.sampled_from(["good", "bad"])),
        ),
    ),
    max_size=12,
)


def took(sums: ScoreSums, scores: list[tuple[str, tuple[str, Any, Any]]]) -> None:
    for example, (type, value, label) in scores:
        sums.take(example, type=type, value=value, label=label)


@given(SCORES, SCORES)
def test_what_is_taken_back_has_never_been_there(
    kept: list[tuple[str, tuple[str, Any, Any]]],
    undone: list[tuple[str, tuple[str, Any, Any]]],
) -> None:
    found, expected = ScoreSums("s"), ScoreSums("s")
    for sums in (found, expected):
        sums.widen("number" if any(t == "number" for _, (t, *_) in undone) else "label")
        took(sums, kept)
    took(found, undone)
    for example, (type, value, label) in undone:
        found.take_back(example, type=type, value=value, label=label)
    here, there = ScoreSummary.of(found), ScoreSummary.of(expected)
    assert (here.n, here.n_examples, here.labels) == (
        there.n,
        there.n_examples,
        there.labels,
    )
    assert here.quantiles == there.quantiles
    sums_here, sums_there = list(found.examples()), list(expected.examples())
    for one, other in zip(sums_here, sums_there, strict=True):
        assert one == pytest.approx(other, abs=1e-6)


def test_a_value_taken_back_leaves_no_judgement_to_any_trial() -> None:
    rows = [
        {"score": "s", "type": "number", "example_id": example, "n": 4, "sum": 10.0}
        | {"sum_squares": 30.0, "values": [1.0, 2.0, 3.0, 4.0], "trials": [0, 0, 1, 1]}
        for example in "ab"
    ]
    sums = collect(rows)["s"]
    assert sums.nesting.n == 8
    sums.take_back("a", type="number", value=4.0)
    assert sums.nesting.n == 0
    assert sums.by_example()["a"] == (3.0, 6.0)


def test_yes_no_and_labels_without_a_value_count_as_they_are() -> None:
    sums = ScoreSums("s")
    sums.take("a", type="label", label="good")
    sums.take("b", type="label", label="bad")
    assert sums.by_example() == {"a": (1.0, 0.0), "b": (1.0, 0.0)}
    sums.take("b", type="bool", value=True)
    sums.take("c", type="label", label="bad")
    assert (sums.type, sums.by_example()) == ("bool", {"b": (1.0, 1.0)})
    assert sums.labels == {"good": 1, "bad": 2}


def test_scores_of_one_run_share_the_places_of_examples_and_nothing_else() -> None:
    values = [("s", "a"), ("t", "b"), ("s", "c"), ("t", "d")]
    rows = [
        {"score": name, "type": "number", "example_id": id, "n": 1, "sum": 2.0}
        | {"sum_squares": 4.0}
        for name, id in values
    ]
    gathered = collect(rows)
    for name, ids in (("s", ["a", "c"]), ("t", ["b", "d"])):
        sums = gathered[name]
        assert ScoreSummary.of(sums).n_examples == 2
        assert list(sums.by_example()) == ids
        assert [row["example_id"] for row in sums.rows()] == ids


def test_a_score_that_only_failed_is_one_row_without_an_example() -> None:
    failed = {"score": "s", "type": "bool", "example_id": "a", "n": 0, "n_errors": 2}
    (row,) = collect([failed])["s"].rows()
    assert (row["example_id"], row["n"], row["n_errors"]) == ("", 0.0, 2)
    given = failed | {"example_id": "b", "n": 1, "sum": 1.0, "sum_squares": 1.0}
    found = summarize([failed, given])["s"]
    assert (found.type, found.n, found.n_errors) == ("bool", 1, 4)
    assert list(collect([])) == []


def test_a_scale_is_declared_with_both_its_ends_or_not_at_all() -> None:
    row = {"score": "s", "type": "number", "example_id": "a", "n": 1, "sum": 2.0}
    row["sum_squares"] = 4.0
    for ends, scale in (((1.0, 5.0), (1.0, 5.0)), ((1.0, None), None)):
        low, high = ends
        sums = collect([row | {"scale_low": low, "scale_high": high}])["s"]
        assert sums.declared == sums.scale == scale
    sums = ScoreSums("s")
    sums.take("a", type="number", value=2.0, scale=(0.0, 3.0))
    sums.take("a", type="number", value=2.0, scale=(1.0, 5.0))
    assert sums.declared == (0.0, 5.0)
