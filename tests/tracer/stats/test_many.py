from typing import Any

import pytest

from tracer.stats import (
    compare,
    compare_runs,
    compare_slices,
    holm,
    summarize_slices,
)


def run(score: str, values: list[float]) -> list[dict[str, Any]]:
    return [
        {"score": score, "type": "number", "example_id": str(number)}
        | {"n": 1, "sum": value, "sum_squares": value * value}
        for number, value in enumerate(values)
    ]


BASE = [float(n % 5) for n in range(20)]
RUNS = {
    "a": run("s", BASE),
    "b": run("s", [value + 0.5 + n % 3 * 0.3 for n, value in enumerate(BASE)]),
    "c": run("s", [value + (n % 2) * 0.2 - 0.1 for n, value in enumerate(BASE)]),
}


def test_every_pair_of_runs_is_compared_and_corrected_over_all_pairs() -> None:
    pairs = compare_runs(RUNS)
    named = [(pair.baseline, pair.candidate) for pair in pairs]
    assert named == [("a", "b"), ("a", "c"), ("b", "c")]
    alone = [compare(RUNS[old], RUNS[new])[0].p or 0.0 for old, new in named]
    assert [pair.scores[0].p_adjusted for pair in pairs] == holm(alone)
    assert [pair.scores[0].verdict for pair in pairs] == [
        "higher",
        "not shown",
        "lower",
    ]
    assert str(pairs[0]).startswith("a → b\n  s: +")


def test_a_baseline_is_compared_with_every_other_run_whatever_the_order() -> None:
    named = [(one.baseline, one.candidate) for one in compare_runs(RUNS, baseline="b")]
    assert named == [("b", "a"), ("b", "c")]


@pytest.mark.parametrize(
    ("runs", "baseline", "named"),
    [
        ({}, None, "nothing"),
        ({"a": []}, None, "'a'"),
        ({"a": []}, "a", "'a'"),
        (RUNS, "z", "'a', 'b', 'c'"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(
    runs: dict[str, Any], baseline: str | None, named: str
) -> None:
    told = f"cannot compare {named} with baseline {baseline!r}; name two runs or more"
    with pytest.raises(ValueError, match=told):
        compare_runs(runs, baseline=baseline)


def test_two_runs_are_enough_to_compare() -> None:
    [pair] = compare_runs({"a": RUNS["a"], "b": RUNS["b"]})
    [wer] = compare_runs({"a": run("mine", [1, 2]), "b": run("mine", [0, 0])})
    assert (pair.baseline, pair.candidate, wer.scores[0].losses) == ("a", "b", 2)


def test_slices_are_compared_apart_and_corrected_together() -> None:
    language = {str(n): "ko" if n < 12 else "en" for n in range(18)}
    slices = compare_slices(RUNS["a"], RUNS["b"], language)
    assert [(one.value, one.n_examples) for one in slices] == [("ko", 12), ("en", 6)]
    ko, en = (one.scores[0] for one in slices)
    assert (ko.n_examples, en.n_examples) == (12, 6)
    assert ko.p is not None and en.p is not None
    assert [ko.p_adjusted, en.p_adjusted] == holm([ko.p, en.p])
    assert str(slices[0]).startswith("ko (12 examples)\n  s: +")


def test_a_slice_of_one_example_says_that_it_is_too_small() -> None:
    (alone,) = compare_slices(RUNS["a"], RUNS["b"], {"3": "rare"})
    assert alone.scores[0].p is None
    assert "fewer than two" in alone.scores[0].method


def test_examples_without_a_slice_are_in_none_and_equal_slices_go_by_name() -> None:
    kinds = {"0": "b", "1": "b", "2": "a", "3": "a", "4": None, "5": 7}
    slices = compare_slices(RUNS["a"], RUNS["b"], kinds)
    assert [(one.value, one.n_examples) for one in slices] == [
        ("a", 2),
        ("b", 2),
        ("7", 1),
    ]


def labels(example_id: str) -> dict[str, Any]:
    row = {"score": "v", "type": "label", "example_id": example_id, "n": 1}
    return row | {"sum": 0, "sum_squares": 0, "labels": {"good": 1}}


def test_a_slice_says_how_it_was_held_against_the_rest_or_why_not() -> None:
    rows = [*RUNS["a"], labels("0"), labels("1")]
    large, small = summarize_slices(rows, {"0": "x", "1": "x", "2": "x", "3": "y"})
    number, label = large.scores
    assert (number.method, number.paired) == ("Welch's t, slice against rest", False)
    assert label.method == "no test, as not both have a mean, slice against rest"
    assert (small.value, small.n_examples, small.scores[0].p) == ("y", 1, None)
    told = "no test, as values are too few or alike, slice against rest"
    assert small.scores[0].method == told
