from math import inf

import numpy
import pytest
import statsmodels.api as sm
from scipy import stats as scipy_stats
from scipy.special import betainc

from tracer.stats import quantile_of
from tracer.stats._quantiles import QuantileEstimate


def test_a_quantile_is_that_of_all_values() -> None:
    values = {"a": [1.0, 2.0], "b": [10.0], "c": [4.0, 3.0, 5.0]}
    found = quantile_of(values, 0.5)
    assert found is not None
    assert found.value == numpy.quantile([1, 2, 10, 4, 3, 5], 0.5)


def test_the_interval_of_a_median_lies_around_it() -> None:
    draw = numpy.random.default_rng(2)
    values = {str(n): [float(one)] for n, one in enumerate(draw.exponential(1, 200))}
    found = quantile_of(values, 0.5)
    assert found is not None
    interval = found.interval()
    assert interval is not None
    assert interval[0] < found.value < interval[1]
    # by the binomial distribution: between the 86th and 87th, the 114th and 115th
    ordered = sorted(one for (one,) in values.values())
    assert ordered[85] <= interval[0] <= ordered[86]
    assert ordered[113] <= interval[1] <= ordered[115]


def test_twenty_values_have_no_upper_end_for_a_95th_percentile_and_72_have() -> None:
    for n, is_known in ((20, False), (71, False), (72, True)):
        found = quantile_of({str(i): [float(i)] for i in range(n)}, 0.95)
        assert found is not None
        interval = found.interval()
        assert interval is not None
        assert (interval[1] < inf) is is_known


def test_copies_of_a_value_do_not_narrow_the_interval() -> None:
    draw = numpy.random.default_rng(4).normal(0, 1, 80)
    once = quantile_of({str(n): [float(v)] for n, v in enumerate(draw)}, 0.5)
    often = quantile_of({str(n): [float(v)] * 7 for n, v in enumerate(draw)}, 0.5)
    assert once is not None and often is not None
    one, other = once.interval(), often.interval()
    assert one is not None and other is not None
    assert other[1] - other[0] == pytest.approx(one[1] - one[0], rel=0.1)


def test_one_example_and_no_value_say_nothing() -> None:
    alone = quantile_of({"a": [1.0, 2.0]}, 0.5)
    assert alone is not None and alone.interval() is None
    assert quantile_of({"a": []}, 0.5) is None


def below(rank: float, n: float, probability: float) -> float:
    """Chance that at most so many of `n` lie below a quantile; need not be whole."""
    return float(betainc(n - rank, rank + 1, 1 - probability))


@pytest.mark.parametrize("confidence", [0.5, 0.95])
@pytest.mark.parametrize("probability", [0.25, 0.5, 0.9])
def test_the_ends_are_where_the_binomial_distribution_leaves_as_much(
    probability: float, confidence: float
) -> None:
    n = 120
    found = quantile_of({str(place): [float(place)] for place in range(n)}, probability)
    assert found is not None and found.independent == n
    low, high = found.interval(confidence) or (0.0, 0.0)
    tail = (1 - confidence) / 2
    # as many as `place` + 1 values are at or below the value at a place
    assert below(low, n, probability) == pytest.approx(tail)
    assert below(high, n, probability) == pytest.approx(1 - tail)


def test_an_end_is_open_where_the_extreme_value_may_lie_inside() -> None:
    for n, confidence in ((5, 0.93), (5, 0.94), (9, 0.996), (9, 0.997)):
        values = {str(place): [float(place)] for place in range(n)}
        low, high = quantile_of(values, 0.5).interval(confidence)  # type: ignore
        is_open = 0.5**n > (1 - confidence) / 2
        assert (low == -inf, high == inf) == (is_open, is_open)
    two = quantile_of({"a": [3.0], "b": [7.0]}, 0.5)
    assert two is not None
    assert two.interval(0.5) == (3.0, 7.0)  # a quarter is left on either side
    assert two.interval(0.51) == (-inf, inf)
    values = {str(place): [float(place)] for place in range(20)}
    tenth, ninth = (quantile_of(values, p) for p in (0.1, 0.9))
    assert tenth is not None and ninth is not None
    (low, some), (most, high) = tenth.interval() or (), ninth.interval() or ()
    assert (low, high) == (-inf, inf)
    assert some < inf and most > -inf


def test_clusters_count_as_many_values_as_their_standard_error_tells() -> None:
    draw = numpy.random.default_rng(5)
    level = draw.normal(0, 1, 40)
    values = {str(n): list(level[n] + draw.normal(0, 1, 4)) for n in range(40)}
    found = quantile_of(values, 0.5)
    assert found is not None
    flat, groups = numpy.concatenate(list(values.values())), numpy.arange(160) // 4
    model = sm.OLS((flat <= found.value).astype(float), numpy.ones(160))
    given = {"groups": groups, "use_correction": False}
    error = float(model.fit(cov_type="cluster", cov_kwds=given).bse[0])
    assert found.independent == pytest.approx(0.25 / (error**2 * 40 / 39))
    assert found.independent < 120


@pytest.mark.parametrize(
    "values",
    [
        {str(n): [1.0, 2.0] for n in range(8)},  # each has one below the median
        {"a": [1.0, 4.0, 1.0, 4.0], "b": [2.0, 3.0, 5.0]},  # as good as
        {"a": [1.0, 2.0, 5.0]},
    ],
)
def test_no_more_independent_values_are_told_than_there_are(
    values: dict[str, list[float]],
) -> None:
    found = quantile_of(values, 0.5)
    assert found is not None
    assert found.independent == sum(map(len, values.values()))


def estimate(excess: list[float], n: int, independent: float) -> QuantileEstimate:
    by_example = {str(place): value for place, value in enumerate(excess)}
    return QuantileEstimate(0.5, 0.0, numpy.arange(n), by_example, independent)


@pytest.mark.parametrize(
    ("excess", "degrees"),
    [
        ([1.0, 1.0, 1.0, 3.0], 3.0),  # 2 * 4 / (21 / 9 - 1) = 6, more than there are
        ([1.0] * 8 + [3.0, 5.0], 2 * 10 / (71.4 / 4.2**2 - 1)),
        ([0.0] * 9 + [2.0], 2 * 10 / (10 - 1)),
        ([0.0, 2.0], 1.0),
        ([1.0, -1.0, 1.0], 2.0),
        ([0.0] * 4, 3.0),
    ],
)
def test_degrees_of_freedom_fall_with_the_kurtosis_of_what_is_squared(
    excess: list[float], degrees: float
) -> None:
    assert estimate(excess, 100, 50.0)._degrees() == pytest.approx(degrees)


def test_few_clusters_widen_the_interval_as_students_t_does() -> None:
    found = estimate([1.0] * 8 + [3.0, 5.0], 300, 150.0)
    t = scipy_stats.t(2 * 10 / (71.4 / 4.2**2 - 1))
    narrower = scipy_stats.norm.ppf(0.95) / t.ppf(0.95)
    n = 150 * narrower**2
    low, high = found.interval(0.9) or (0.0, 0.0)
    for place, tail in ((low, 0.05), (high, 0.95)):
        assert below((place + 1) * n / 300 - 1, n, 0.5) == pytest.approx(tail)
    single = estimate([1.0, -1.0] * 50, 100, 100.0)
    assert below((single.interval(0.9) or (0, 0))[0], 100, 0.5) == pytest.approx(0.05)
    assert found.interval(0.0) is not None


def test_values_that_are_the_quantile_count_as_not_above_it() -> None:
    found = quantile_of({"a": [1.0, 2.0], "b": [2.0, 3.0]}, 0.5)
    assert found is not None
    assert (found.value, found.excess) == (2.0, {"a": 1.0, "b": 0.0})
