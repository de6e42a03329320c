"""How far two raters agree on the same things: a judge and people, say."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracer.stats._intervals import ClusterSums, Interval, mean_interval

Rating = tuple[Hashable, Any, Any]
"""Cluster (the example), what the one rater said, what the other said."""


@dataclass(frozen=True, slots=True)
class Agreement:
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


def _plain(rating: Any) -> Any:
    return rating if isinstance(rating, str) else float(rating)


def cluster_sums(values: Iterable[tuple[Hashable, float]]) -> ClusterSums:
    """Add up values given as (cluster, value)."""
    clusters: dict[Hashable, tuple[float, float, float]] = {}
    for cluster, value in values:
        n, total, squares = clusters.get(cluster, (0.0, 0.0, 0.0))
        clusters[cluster] = (n + 1, total + value, squares + value * value)
    return ClusterSums.of(clusters.values())
