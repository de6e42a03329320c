from math import inf
from typing import Any

import numpy
import pytest

from tracer.stats import MeasureSummary, summarize_measures
from tracer.stats._measures import measure_sums

ROWS: list[dict[str, Any]] = [
    {"example_id": "a", "trials": [0, 1], "failed": [0, 1], "latency_ms": [100, 900.0]}
    | {"input_tokens": [10, None], "output_tokens": [5, None], "cost_usd": [0.1, None]},
    {"example_id": "b", "trials": [0], "failed": [0], "latency_ms": [200.0]}
    | {"input_tokens": [20], "output_tokens": [None], "cost_usd": [0.3]},
]


def test_measures_count_what_is_known_and_what_is_not() -> None:
    found = summarize_measures(ROWS)
    latency, tokens = found["latency_ms"], found["total_tokens"]
    assert (latency.n, latency.n_missing, latency.mean) == (3, 0, 400.0)
    assert (tokens.n, tokens.n_missing, tokens.total) == (2, 1, 35.0)
    assert (found["output_tokens"].n, found["output_tokens"].n_missing) == (1, 2)
    assert found["cost_usd"].total == pytest.approx(0.4)
    failed = found["failed"]
    assert (failed.type, failed.mean) == ("bool", pytest.approx(1 / 3))


def test_a_measure_that_nothing_reported_is_left_out() -> None:
    row = {"example_id": "a", "latency_ms": [1.0], "cost_usd": [None]}
    assert list(summarize_measures([row])) == ["latency_ms"]


def test_latency_has_percentiles_with_intervals_and_says_so_in_a_line() -> None:
    draw = numpy.random.default_rng(1)
    values = {str(n): list(draw.gamma(4, 200, 3)) for n in range(200)}
    latency = MeasureSummary.of("latency_ms", values)
    assert latency.p50_ci95 is not None and latency.p95_ci95 is not None
    assert latency.p50 is not None and latency.p95 is not None
    assert latency.p50_ci95[0] < latency.p50 < latency.p50_ci95[1]
    assert latency.p95_ci95[0] < latency.p95 < latency.p95_ci95[1] < inf
    told = str(latency)
    assert told.startswith("latency_ms: mean ")
    assert " · p95 " in told and told.endswith("n 600 from 200 examples")


def test_an_end_that_is_not_known_is_a_question_mark() -> None:
    few = MeasureSummary.of(
        "cost_usd", {str(n): [n + 1.0] for n in range(9)}, n_missing=2
    )
    assert "to ?)" in str(few)
    assert str(few).endswith("n 9 from 9 examples · 2 unknown")


def test_failures_are_a_share_without_percentiles() -> None:
    told = str(summarize_measures(ROWS)["failed"])
    assert told.startswith("failed: mean 33.3 % (")
    assert "p95" not in told


def test_tokens_in_all_are_what_is_known_of_both_kinds() -> None:
    row = {"example_id": "a", "input_tokens": [10, None, None, 3]}
    found = summarize_measures([row | {"output_tokens": [None, 5, None, 4]}])
    total = found["total_tokens"]
    assert (list(total.values["a"]), total.n_missing) == ([10, 5, 7], 1)
    assert "total_tokens" not in summarize_measures([row])


def test_of_no_value_nothing_is_known_and_of_one_no_spread() -> None:
    nothing = MeasureSummary.of("mine", {"a": []}, n_missing=2)
    assert (nothing.type, nothing.n, nothing.n_missing) == ("number", 0, 2)
    assert (nothing.n_examples, nothing.total, nothing.mean) == (0, 0.0, None)
    assert (nothing.p50, nothing.p95, nothing.p50_ci95, nothing.ci95) == (None,) * 4
    one = MeasureSummary.of("latency_ms", {"a": [3.0], "b": []})
    assert (one.n_missing, one.n_examples, one.sd, one.ci95) == (0, 1, None, None)
    two = MeasureSummary.of("latency_ms", {"a": [3.0, 5.0]})
    assert two.sd == pytest.approx(2**0.5)
    assert "values" not in repr(two)


def test_a_measure_that_is_not_known_is_answered_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="'x' is not known .* known are: 'latency_ms', "):
        summarize_measures(ROWS)["x"]
    with pytest.raises(KeyError, match="known are: nothing"):
        summarize_measures([])["latency_ms"]
    assert str(summarize_measures([])) == "nothing is known"


def test_measures_become_sums_of_the_examples_that_have_them() -> None:
    found = {(row["score"], row["example_id"]): row for row in measure_sums(ROWS)}
    latency = found["latency_ms", "a"]
    assert (latency["n"], latency["sum"]) == (2, 1000.0)
    assert (latency["sum_squares"], latency["type"]) == (100**2 + 900**2, "number")
    assert found["failed", "a"]["type"] == "bool"
    assert ("output_tokens", "a") in found and ("output_tokens", "b") not in found
