from math import inf
from typing import Any

import numpy
import pytest

from tracer.stats import MeasureSummary, summarize_measures

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
