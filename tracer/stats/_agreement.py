"""How far two raters agree on the same things: a judge and people, say."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any, Final

from tracer._aligned import Readable
from tracer.stats._intervals import (
    ROUNDING,
    ClusterSums,
    Interval,
    mean_interval,
    t_quantile,
)
from tracer.stats._wording import agreement_text

Rating = tuple[Hashable, Any, Any]
"""Cluster (the example), what the one rater said, what the other said."""


LEAST_EXAMPLES: Final = 20
"""With fewer, an interval of kappa holds the truth too rarely."""

LEAST_OTHERS: Final = 5
"""The same, where a rater gave fewer examples anything but its commonest rating."""


@dataclass(frozen=True, slots=True)
class Agreement(Readable):
    """Agreement of two raters; differences are the first's less the second's."""

    n: int
    """Pairs of ratings."""

    n_clusters: int
    """Examples that they are of."""

    exact: float
    """Share of pairs that are equal."""

    exact_ci95: Interval | None
    """95 % interval of it, with examples as clusters."""

    kappa: float | None
    """Cohen's kappa with the weights that were asked for; None where both raters gave
    everything one and the same rating, which shows nothing."""

    weights: str
    """``quadratic``, ``linear`` or ``none``."""

    mean_difference: float | None
    """Mean of first less second; None for labels."""

    difference_ci95: Interval | None
    """95 % interval of it (t, examples as clusters); None for labels, one example, and
    where it is the same in all: no spread was seen."""

    kappa_ci95: Interval | None = None
    """95 % interval of kappa, with examples as clusters; None below 20 examples, where
    a rater gave fewer than 5 of them anything but its commonest rating, and where all
    agree or all disagree alike. See `kappa_interval`."""

    def __str__(self) -> str:
        return agreement_text(self)


WEIGHTS: Final[dict[str, Callable[[Any, Any], float]]] = {
    "quadratic": lambda one, other: float((one - other) ** 2),
    "linear": lambda one, other: float(abs(one - other)),
    "none": lambda one, other: float(one != other),
}
"""How much two ratings disagree."""


def agreement(
    ratings: Iterable[Rating], *, weights: str = "quadratic"
) -> Agreement | None:
    """Return how far two raters agree; None without a pair.

    Cohen's weighted kappa (Cohen 1968, Psychological Bulletin 70:213), disagreements
    weighted by the distance of the values themselves. Labels are not weighted.

    Args:
        ratings: One a pair: numbers, bools, or texts.
        weights: ``quadratic``, ``linear`` or ``none``.

    Raises:
        ValueError: There are no such weights.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights={weights!r}; give one of {', '.join(WEIGHTS)}")
    pairs = [(cluster, _plain(one), _plain(other)) for cluster, one, other in ratings]
    if not pairs:
        return None
    are_labels = any(isinstance(each, str) for _, *both in pairs for each in both)
    weights = "none" if are_labels else weights
    equal = cluster_sums(
        [(cluster, float(one == other)) for cluster, one, other in pairs]
    )
    difference = None
    if not are_labels:
        difference = cluster_sums(
            [(cluster, one - other) for cluster, one, other in pairs]
        )
    return Agreement(
        n=len(pairs),
        n_clusters=equal.n_clusters,
        exact=equal.sum / len(pairs),
        exact_ci95=mean_interval(equal, type="bool"),
        kappa=weighted_kappa([both for _, *both in pairs], WEIGHTS[weights]),
        kappa_ci95=kappa_interval(pairs, WEIGHTS[weights]),
        weights=weights,
        mean_difference=None if difference is None else difference.mean,
        difference_ci95=None if difference is None else mean_interval(difference),
    )


def weighted_kappa(
    pairs: Sequence[Sequence[Any]], weight: Callable[[Any, Any], float]
) -> float | None:
    """Return one less the disagreement seen over that expected by chance."""
    ones, others = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    seen = sum(weight(one, other) for one, other in pairs) / len(pairs)
    expected = (
        sum(
            weight(one, other) * n * m
            for one, n in ones.items()
            for other, m in others.items()
        )
        / len(pairs) ** 2
    )
    return 1 - seen / expected if expected else None


def kappa_interval(
    ratings: Sequence[Rating], weight: Callable[[Any, Any], float]
) -> Interval | None:
    """Return the 95 % interval of weighted kappa, with clusters as the unit.

    The large-sample variance of Fleiss, Cohen and Everitt (1969, Psychological Bulletin
    72:323), its terms added up by cluster, with the G / (G - 1) of few clusters. t on
    the scale of log(1 - kappa), the disagreement seen by that expected: so no end lies
    above 1. None as for `Agreement.kappa_ci95`.

    Raises:
        MissingExtraError: The extra ``evals`` is not installed.
    """
    clusters = {cluster for cluster, _, _ in ratings}
    kappa = weighted_kappa([both for _, *both in ratings], weight)
    if kappa is None or kappa == 1 or len(clusters) < LEAST_EXAMPLES:
        return None
    if min(_others(ratings, place) for place in (1, 2)) < LEAST_OTHERS:
        return None
    n, by_cluster = len(ratings), dict.fromkeys(clusters, 0.0)
    for cluster, term in _terms(ratings, weight):
        by_cluster[cluster] += term
    factor = len(clusters) / (len(clusters) - 1)
    error = sqrt(factor * sum(term * term for term in by_cluster.values())) / n
    if error < ROUNDING:
        return None
    half = t_quantile(len(clusters) - 1, 0.975) * error / (1 - kappa)
    return 1 - (1 - kappa) * exp(half), 1 - (1 - kappa) * exp(-half)


def _others(ratings: Sequence[Rating], place: int) -> int:
    """Return how many clusters a rater gave anything but its commonest rating."""
    ((commonest, _),) = Counter(pair[place] for pair in ratings).most_common(1)
    return len({pair[0] for pair in ratings if pair[place] != commonest})


def _terms(
    ratings: Sequence[Rating], weight: Callable[[Any, Any], float]
) -> Iterable[tuple[Hashable, float]]:
    """Yield what each pair of ratings does to kappa, n times, with its cluster."""
    n = len(ratings)
    ones, others = (Counter(pair[place] for pair in ratings) for place in (1, 2))
    of_one = {
        one: sum(weight(one, other) * m for other, m in others.items()) / n
        for one in ones
    }
    of_other = {
        other: sum(weight(one, other) * m for one, m in ones.items()) / n
        for other in others
    }
    seen = sum(weight(one, other) for _, one, other in ratings) / n
    expected = sum(of_one[one] * m for one, m in ones.items()) / n
    for cluster, one, other in ratings:
        by_chance = of_one[one] + of_other[other] - 2 * expected
        yield (
            cluster,
            (seen / expected * by_chance - weight(one, other) + seen) / expected,
        )


def _plain(rating: Any) -> Any:
    return rating if isinstance(rating, str) else float(rating)


def cluster_sums(values: Iterable[tuple[Hashable, float]]) -> ClusterSums:
    """Add up values given as (cluster, value)."""
    clusters: dict[Hashable, tuple[float, float, float]] = {}
    for cluster, value in values:
        n, total, squares = clusters.get(cluster, (0.0, 0.0, 0.0))
        clusters[cluster] = (n + 1, total + value, squares + value * value)
    return ClusterSums.of(clusters.values())
