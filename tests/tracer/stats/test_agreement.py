"""Agreement of raters, against published values and another formula."""

import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import inter_rater

from tracer.stats import ClusterSums, agreement
from tracer.stats._agreement import cluster_sums

LEVELS = st.integers(1, 5)
PAIRS = st.lists(st.tuples(LEVELS, LEVELS), min_size=1, max_size=40)


def of_table(table: list[list[int]], **more: Any) -> Any:
    """Agreement of a table of counts, rows the first rater's categories."""
    ratings = []
    for one, row in enumerate(table):
        for other, n in enumerate(row):
            ratings += [(len(ratings) + i, one, other) for i in range(n)]
    return agreement(ratings, **more)


def test_kappa_is_cohens_of_a_well_known_table() -> None:
    """50 grant proposals, two readers: kappa 0.4 (Wikipedia, "Cohen's kappa")."""
    found = of_table([[20, 5], [10, 15]], weights="none")
    assert found.kappa == pytest.approx(0.4)
    assert found.exact == pytest.approx(0.7)


def test_kappa_is_that_of_the_table_of_fleiss_cohen_and_everitt() -> None:
    """200 diagnoses in three categories, Psychological Bulletin 72 (1969): 0.429."""
    table = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
    assert of_table(table, weights="none").kappa == pytest.approx(0.429, abs=5e-4)


@given(PAIRS, st.sampled_from(["quadratic", "linear", "none"]))
def test_kappa_is_the_formula_over_the_table_of_counts(
    pairs: list[tuple[int, int]], weights: str
) -> None:
    found = agreement(((i, *pair) for i, pair in enumerate(pairs)), weights=weights)
    assert found is not None
    n, seen, expected = len(pairs), 0.0, 0.0
    for one, other in product(range(1, 6), repeat=2):
        weight = {
            "quadratic": (one - other) ** 2 / 16,
            "linear": abs(one - other) / 4,
            "none": float(one != other),
        }[weights]
        seen += weight * pairs.count((one, other)) / n
        ones = sum(first == one for first, _ in pairs)
        others = sum(second == other for _, second in pairs)
        expected += weight * ones * others / n**2
    wanted = None if expected == 0 else 1 - seen / expected
    assert found.kappa == (None if wanted is None else pytest.approx(wanted))


@given(PAIRS)
def test_raters_who_always_agree_have_kappa_1(pairs: list[tuple[int, int]]) -> None:
    found = agreement((i, one, one) for i, (one, _) in enumerate(pairs))
    assert found is not None
    assert (found.exact, found.mean_difference) == (1.0, 0.0)
    assert found.kappa in (1.0, None)


@given(PAIRS)
def test_the_difference_turns_with_the_raters(pairs: list[tuple[int, int]]) -> None:
    there = agreement((i, one, two) for i, (one, two) in enumerate(pairs))
    back = agreement((i, two, one) for i, (one, two) in enumerate(pairs))
    assert there is not None and back is not None
    assert there.mean_difference == pytest.approx(-(back.mean_difference or 0.0))
    assert (there.exact, there.n) == (back.exact, back.n)


def test_ratings_of_one_example_are_one_cluster() -> None:
    apart = agreement([(i, i % 3, (i + i // 4) % 3) for i in range(24)])
    alike = agreement([(i // 8, i % 3, (i + i // 4) % 3) for i in range(24)])
    assert apart is not None and alike is not None
    assert (apart.n, apart.n_clusters, alike.n_clusters) == (24, 24, 3)
    assert apart.mean_difference == alike.mean_difference
    assert apart.difference_ci95 != alike.difference_ci95


def test_labels_are_compared_as_they_are_and_have_no_difference() -> None:
    found = agreement([(1, "a", "a"), (2, "b", "a"), (3, "b", "b"), (4, "a", "a")])
    assert found is not None
    assert (found.weights, found.mean_difference) == ("none", None)
    assert found.kappa == pytest.approx(0.5)


def test_nothing_in_common_is_no_agreement() -> None:
    assert agreement([]) is None
    with pytest.raises(ValueError, match="weights='cubic'"):
        agreement([], weights="cubic")


def spread(found: Any) -> float:
    """Return the standard error that an interval of kappa was made of."""
    low, _ = found.kappa_ci95
    quantile = float(stats.t.ppf(0.975, found.n_clusters - 1))
    return math.log((1 - low) / (1 - found.kappa)) * (1 - found.kappa) / quantile


@pytest.mark.parametrize(
    ("weights", "theirs"), [("none", None), ("linear", "linear"), ("quadratic", "fc")]
)
def test_the_variance_of_kappa_is_that_of_statsmodels(
    weights: str, theirs: str | None
) -> None:
    table = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
    found = of_table(table, weights=weights)
    reference = inter_rater.cohens_kappa(table, wt=theirs)

    assert found.kappa == pytest.approx(reference.kappa)
    of_few = math.sqrt(found.n / (found.n - 1))
    assert spread(found) == pytest.approx(reference.std_kappa * of_few)


def test_an_interval_of_kappa_has_examples_as_its_unit() -> None:
    ratings = [(i, i % 3, (i + i // 9) % 3) for i in range(24)]
    once, twice = agreement(ratings), agreement([*ratings, *ratings])

    assert once is not None and twice is not None and once.kappa_ci95 is not None
    assert twice.kappa_ci95 == pytest.approx(once.kappa_ci95)
    low, high = once.kappa_ci95
    assert low < (once.kappa or 0) < high < 1


@pytest.mark.parametrize(
    "ratings",
    [
        [(i, i % 3, (i + i // 4) % 3) for i in range(19)],  # too few
        [(i, i // 20, i % 5 // 4) for i in range(24)],  # one rater said 1 of four
        [(i, i % 3, i % 3) for i in range(20)],  # never apart
        [(i, 1, 1) for i in range(20)],  # no kappa either
        [(i, i % 2, 1 - i % 2) for i in range(20)],  # always apart
    ],
)
def test_where_no_spread_is_seen_kappa_has_no_interval(ratings: Any) -> None:
    found = agreement(ratings)
    assert found is not None and found.kappa_ci95 is None


def test_agreement_is_written_with_its_intervals_and_n() -> None:
    found = agreement([(i, i % 3, (i + i // 9) % 3) for i in range(24)])
    assert str(found) == (
        "kappa 0.06 (quadratic weights), 95 % -0.49 to 0.41 · equal 37.5 %, 95 % 21.2 "
        "% to 57.3 % · difference +0, 95 % -0.4823 to +0.4823 · n 24 from 24 examples"
    )
    few = agreement([(1, "a", "a"), (2, "b", "a")])
    assert str(few) == (
        "kappa 0.00, no interval · equal 50.0 %, 95 % 9.5 % to 90.5 % · "
        "n 2 from 2 examples"
    )
    assert "no kappa, all ratings are the same" in str(agreement([(1, 1, 1)]))


def test_values_are_added_up_by_their_cluster() -> None:
    found = cluster_sums([("a", 1.0), ("b", 2.0), ("a", 3.0)])
    assert found == ClusterSums.of([(2, 4.0, 1.0 + 9.0), (1, 2.0, 4.0)])
