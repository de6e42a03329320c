"""What two runs took: means and percentiles of latency, against numpy's."""

from typing import Any

import numpy
import pytest

from tracer.stats import compare_measures, quantile_change

DRAW = numpy.random.default_rng(8)
OLD = {str(number): list(DRAW.gamma(4, 100, 3)) for number in range(60)}
NEW = {id: [1.2 * value for value in DRAW.gamma(4, 100, 3)] for id in OLD}


def rows(latency: dict[str, list[float]], **more: Any) -> list[dict[str, Any]]:
    return [
        {"example_id": id, "latency_ms": values, "failed": [0] * len(values)} | more
        for id, values in latency.items()
    ]


def test_percentiles_of_latency_stand_behind_its_mean_and_are_corrected() -> None:
    found = compare_measures(rows(OLD), rows(NEW), percentiles=(50, 95))
    names = ["latency_ms", "latency_p50_ms", "latency_p95_ms", "failed"]
    assert [one.name for one in found] == names
    assert {one.higher_is_better for one in found} == {False}
    assert all(one.paired and one.n_examples == 60 for one in found)
    flat = [numpy.concatenate(list(run.values())) for run in (OLD, NEW)]
    for one, probability in zip(found[1:3], (0.5, 0.95), strict=True):
        old, new = (float(numpy.quantile(values, probability)) for values in flat)
        assert (one.baseline_mean, one.candidate_mean) == pytest.approx((old, new))
        assert one.difference == pytest.approx(new - old)
        assert one.p is not None and one.p_adjusted is not None
        assert one.p < one.p_adjusted <= 1.0
        known = quantile_change(OLD, NEW, probability)
        assert known is not None and one.ci95 == known.interval(0.95)


@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_percentiles_p_is_where_its_interval_ends_at_no_difference(
    is_swapped: bool,
) -> None:
    runs = (NEW, OLD) if is_swapped else (OLD, NEW)
    found = compare_measures(*map(rows, runs), percentiles=(50,))[1]
    known = quantile_change(*runs, 0.5)
    assert found.p is not None and known is not None
    for more, holds in ((1e-4, True), (-1e-4, False)):
        low, high = known.interval(1 - found.p * (1 - more)) or (0.0, 0.0)
        assert (low <= 0.0 <= high) is holds
    assert found.outcome == ("better" if is_swapped else "worse")


def test_equal_runs_have_equal_percentiles_without_any_doubt_or_sign() -> None:
    found = compare_measures(rows(OLD), rows(OLD), percentiles=(50,))[1]
    assert (found.difference, found.p, found.outcome) == (0.0, 1.0, "not shown")


def test_without_latency_in_both_runs_there_are_no_percentiles() -> None:
    unknown = [{"example_id": id, "failed": [0, 0, 0]} for id in OLD]
    for pair in ((rows(OLD), unknown), (unknown, rows(OLD))):
        names = {one.name for one in compare_measures(*pair, percentiles=(50,))}
        assert names == {"latency_ms", "failed"}
    lone = rows({"alone": [1.0]})
    names = [one.name for one in compare_measures(lone, lone, percentiles=(50,))]
    assert names == ["latency_ms", "failed"]
