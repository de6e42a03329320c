"""The score interval of a ratio of paired shares, against its likelihood."""

from math import inf

import numpy
import pytest
from scipy import optimize
from scipy import stats as scipy_stats

from tracer.stats._ratios import paired_ratio_interval, paired_ratio_z

TABLES = [(10, 5, 3, 30), (1, 1, 7, 21), (4, 0, 2, 9), (0, 3, 4, 12), (6, 2, 2, 10)]


def likeliest_z(both: int, gained: int, lost: int, n: int, ratio: float) -> float:
    """The score test's z by a search for the likeliest shares at that ratio."""

    def shares(given: numpy.ndarray) -> numpy.ndarray:
        both_share, lost_share = 1 / (1 + numpy.exp(-given))
        gained_share = ratio * (both_share + lost_share) - both_share
        rest = 1 - both_share - lost_share - gained_share
        return numpy.array([both_share, gained_share, lost_share, rest])

    def unlikely(given: numpy.ndarray) -> float:
        found = shares(given)
        if min(found) <= 0:
            return inf
        counts = numpy.array([both, gained, lost, n - both - gained - lost])
        return -float(counts @ numpy.log(found))

    starts = [[-1.5, -2.0], [-2.0, -3.0], [-3.0, -1.5], [-4.0, -4.0]]
    options = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000}
    searched = [
        optimize.minimize(unlikely, start, method="Nelder-Mead", options=options)
        for start in starts
        if unlikely(numpy.array(start)) < inf
    ]
    best = shares(min(searched, key=lambda one: float(one.fun)).x)
    both_share, gained_share, lost_share, _ = best
    old, new = both_share + lost_share, both_share + gained_share
    variance = n * (new + ratio**2 * old - 2 * ratio * both_share)
    return float((both + gained - ratio * (both + lost)) / numpy.sqrt(variance))


@pytest.mark.parametrize("ratio", [0.8, 1.25])
@pytest.mark.parametrize("table", [(10, 5, 3, 30), (3, 4, 2, 20)])
def test_the_score_of_a_ratio_has_the_variance_of_the_likeliest_shares(
    table: tuple[int, int, int, int], ratio: float
) -> None:
    found = paired_ratio_z(*table, ratio=ratio)
    assert found == pytest.approx(likeliest_z(*table, ratio), rel=1e-4)


@pytest.mark.parametrize("confidence", [0.8, 0.95])
@pytest.mark.parametrize("table", TABLES)
def test_an_interval_of_a_ratio_is_what_the_score_test_does_not_reject(
    table: tuple[int, int, int, int], confidence: float
) -> None:
    both, gained, lost, _ = table
    low, high = paired_ratio_interval(*table, confidence=confidence)
    z = scipy_stats.norm.ppf((1 + confidence) / 2)
    assert low < (both + gained) / (both + lost) < high < inf
    assert paired_ratio_z(*table, ratio=low) == pytest.approx(z, abs=1e-6)
    assert paired_ratio_z(*table, ratio=high) == pytest.approx(-z, abs=1e-6)


def test_without_a_yes_in_the_candidate_the_ratio_begins_at_0() -> None:
    low, high = paired_ratio_interval(0, 0, 4, 100)
    assert low == 0.0 and 0.5 < high < 1.0
    assert paired_ratio_z(0, 0, 4, 100, ratio=high) == pytest.approx(-1.959964)


def test_a_ratio_of_which_nothing_is_certain_is_anywhere() -> None:
    low, high = paired_ratio_interval(4, 2, 1, 9, confidence=1.0)
    assert low == pytest.approx(0.0) and high == inf
    assert paired_ratio_interval(0, 40, 1, 41, confidence=0.999999)[1] < inf


@pytest.mark.parametrize(("ratio", "z"), [(1.0, 0.0), (0.0, inf)])
def test_a_ratio_without_any_variance_is_right_or_beyond_all_doubt(
    ratio: float, z: float
) -> None:
    assert paired_ratio_z(5, 0, 0, 5, ratio=ratio) == z


@pytest.mark.parametrize("n", [1, 5])
@pytest.mark.parametrize("ratio", [0.2, 0.8, 0.95])
def test_of_pairs_that_are_all_yes_the_score_is_known(n: int, ratio: float) -> None:
    # likeliest: old 1, new r, both r, of which the variance is n * r * (1 - r)
    expected = ((1 - ratio) / ratio * n) ** 0.5
    assert paired_ratio_z(n, 0, 0, n, ratio=ratio) == pytest.approx(expected)
