from math import inf

import numpy
import pytest

from tracer.stats import quantile_of


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
