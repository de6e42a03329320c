"""Intervals keep to the scale of their score, and equal values claim no certainty."""

from math import comb, inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer import metrics
from tracer.stats import (
    MEASURES,
    ClusterSums,
    compare,
    mean_change,
    mean_difference,
    mean_interval,
    mean_ratio,
    scale_of,
    summarize,
    summarize_measures,
)
from tracer.stats._intervals import alike_interval
from tracer.stats._scale import fits, widest


def of(*values: float) -> ClusterSums:
    return ClusterSums.of((1, value, value * value) for value in values)


def sums(score: str, *values: float, **more: Any) -> list[dict[str, Any]]:
    return [
        {"score": score, "type": "number", "example_id": str(place), "n": 1}
        | {"sum": value, "sum_squares": value * value}
        | more
        for place, value in enumerate(values)
    ]


def single(*values: float) -> dict[str, tuple[float, float]]:
    return {str(place): (1.0, value) for place, value in enumerate(values)}


def test_every_metric_and_measure_is_known_by_its_scale() -> None:
    for name, metric in metrics.REGISTRY.items():
        if metric.over == "row":
            high = inf if metric.high is None else metric.high
            assert scale_of(name) == (metric.low, high), name
    assert scale_of("spelling.cer") == (0.0, inf)
    assert {scale_of(name) for name in MEASURES} == {(0.0, inf), (0.0, 1.0)}
    assert scale_of("mine") is None
    assert scale_of("bleu", 0.0, 100.0) == (0.0, 100.0)


def test_a_scale_of_no_length_is_none() -> None:
    assert scale_of("mine", 1.0, 1.0) is None
    assert scale_of("mine", 2.0, 1.0) is None
    assert scale_of("mine", 1.0, 2.0) == (1.0, 2.0)


def test_the_widest_of_two_scales_holds_both_and_an_unknown_one_nothing() -> None:
    assert widest((0.0, 3.0), (1.0, 5.0)) == widest((1, 5), (0, 3)) == (0.0, 5.0)
    assert widest((2.0, 3.0), None) == widest(None, (2.0, 3.0)) == (2.0, 3.0)
    assert widest(None, None) is None


@pytest.mark.parametrize("times", [0.01, 1.0, 1000.0])
def test_values_are_on_a_scale_but_for_a_billionth_of_its_greatest_end(
    times: float,
) -> None:
    scale, hair = (-1.0 * times, 3.0 * times), 1e-9 * max(1.0, 3 * times)
    for end, outwards in ((scale[0], -1), (scale[1], 1)):
        for away, is_on in ((0.0, True), (0.9, True), (1.2, False)):
            value = end + outwards * away * hair
            squares = 7 * value * value
            assert fits(scale, 7, 7 * value, squares) is is_on, (value, scale)


def test_values_that_leave_a_scale_on_both_sides_are_known_by_their_squares() -> None:
    assert fits((1.0, 3.0), 2, 4.0, 1.0 + 9.0)
    assert not fits((1.0, 3.0), 2, 4.0, 0.0 + 16.0)
    assert not fits((1.0, 3.0), 2, 4.0, 0.99**2 + 3.01**2)
    assert not fits((1000.0, 3000.0), 2, 4000.0, 999.0**2 + 3001.0**2)
    assert fits((1.0, inf), 2, 4.0, 0.0 + 16.0)  # nothing says that it is not


def test_an_interval_does_not_leave_the_scale_of_its_score() -> None:
    (high,) = summarize(sums("korquad_f1", 1.0, 1.0, 0.9, 1.0, 0.6)).values()
    assert high.ci95 is not None and high.ci95[1] == 1.0
    free = mean_interval(of(1.0, 1.0, 0.9, 1.0, 0.6))
    assert free is not None and free[1] > 1.0 and high.ci95[0] == free[0]


def test_two_examples_on_a_scale_say_that_they_cannot_tell() -> None:
    told = {"scale_low": 1.0, "scale_high": 5.0}
    (found,) = summarize(sums("quality", 2.0, 4.0, **told)).values()
    assert found.ci95 == (1.0, 5.0)
    assert found.caution == "whole scale"
    assert "95 % 1 to 5 · the whole scale" in str(found)
    (unknown,) = summarize(sums("quality", 2.0, 4.0)).values()
    assert (unknown.ci95, unknown.caution) == (None, "two examples")
    assert "quality: 3 · 2 examples are too few · n 2" in str(unknown)


def test_a_scale_that_a_value_leaves_is_none() -> None:
    """Somebody's own score may be called as a metric is, on a scale of its own."""
    (found,) = summarize(sums("bleu", 31.0, 0.5, 0.4)).values()
    assert found.scale is None
    assert found.ci95 is not None and found.ci95[0] < 0


def test_equal_values_have_no_interval_where_the_scale_is_unknown() -> None:
    assert mean_interval(of(0.1, 0.1, 0.1)) is None
    (found,) = summarize(sums("mine", 3.0, 3.0, 3.0)).values()
    assert (found.ci95, found.caution) == (None, "alike")
    assert "no spread seen · n 3 from 3 examples" in str(found)


@pytest.mark.parametrize(("n", "low"), [(2, 0.025), (10, 0.664), (100, 0.963)])
def test_equal_values_at_the_end_of_a_scale_leave_room_below(
    n: int, low: float
) -> None:
    (found,) = summarize(sums("korquad_f1", *[1.0] * n)).values()
    assert found.ci95 == pytest.approx((low, 1.0), abs=1e-3)
    assert "no spread seen" in str(found)


@given(
    n=st.integers(2, 60),
    share=st.floats(0.001, 0.999),
    value=st.floats(0, 1),
    other=st.sampled_from([0.0, 1.0]),
)
def test_equal_values_miss_the_truth_as_rarely_as_they_claim(
    n: int, share: float, value: float, other: float
) -> None:
    """Exactly: of any world of two values, both chances of n alike added up."""
    truth = share * value + (1 - share) * other
    missed = 0.0
    for seen, chance in ((value, share), (other, 1 - share)):
        low, high = alike_interval(seen, n, (0.0, 1.0), 0.95) or (0.0, 0.0)
        if not low <= truth <= high:
            missed += chance**n
    assert missed <= 0.025 + 1e-9


def test_keeping_to_the_scale_costs_no_coverage() -> None:
    """By every outcome of 20 examples, of which most have the greatest value."""
    for share in (0.7, 0.9, 0.95):
        held = held_cut = 0.0
        for n_low in range(21):
            chance = comb(20, n_low) * (1 - share) ** n_low * share ** (20 - n_low)
            values = of(*[0.0] * n_low, *[1.0] * (20 - n_low))
            free, cut = mean_interval(values), mean_interval(values, scale=(0, 1))
            assert cut is not None
            held += chance * (free is not None and free[0] <= share <= free[1])
            held_cut += chance * (cut[0] <= share <= cut[1])
        assert held_cut >= held


def test_a_difference_does_not_leave_what_the_scale_allows() -> None:
    told = {"scale_low": 1.0, "scale_high": 5.0}
    (found,) = compare(sums("q", 1.0, 2.0), sums("q", 5.0, 3.0, **told))
    assert found.ci95 == (-4.0, 4.0)


def test_of_two_periods_a_scale_bounds_both_means() -> None:
    found = mean_change(of(1.0, 1.0), of(5.0, 4.0), scale=(1.0, 5.0))
    assert found is not None and found[1] is not None
    assert -4.0 <= found[1][0] <= found[0] <= found[1][1] <= 4.0


def test_equal_differences_on_a_scale_are_as_sure_as_their_number() -> None:
    few, many = single(*[3.0] * 10), single(*[3.0] * 400)
    for runs, is_shown in ((few, False), (many, True)):
        found = mean_difference(runs, runs, scale=(1.0, 5.0))
        assert found is not None and not found.by_number
        p = found.p_above(-0.1)
        assert p is not None and (p < 0.025) is is_shown


def test_equal_ratios_on_a_scale_are_as_sure_as_their_number() -> None:
    for n, is_shown in ((10, False), (600, True)):
        runs = single(*[3.0, 4.0] * (n // 2))
        found = mean_ratio(runs, runs, scale=(1.0, 5.0))
        assert found is not None
        p = found.p_above(0.95)
        assert p is not None and (p < 0.025) is is_shown
    below = mean_ratio(single(-1.0, -1.0), single(-1.0, -1.0), scale=(-1.0, 1.0))
    assert below is not None and below.interval(0.95) is None


def test_latency_and_tokens_are_not_below_nothing() -> None:
    rows = [
        {"example_id": str(place), "input_tokens": [tokens]}
        for place, tokens in enumerate((1, 1, 2, 40))
    ]
    found = summarize_measures(rows)["input_tokens"]
    assert found.ci95 is not None and found.ci95[0] == 0.0
