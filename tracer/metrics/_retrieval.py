"""How well a search ranks what is relevant; ids in, a number from 0 to 1 out."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from math import log2

from tracer.metrics._missing import missing_without_answer

Relevant = Collection[Hashable] | Mapping[Hashable, float]
"""Relevant ids, or ids with a grade each; a text is one id, not its letters."""


@missing_without_answer
def precision_at_k(output: Sequence[Hashable], expected: Relevant, k: int) -> float:
    """Return the share of the first `k` places that hold something relevant.

    Places that were not filled count as irrelevant; repeats count once.
    """
    return _hits(output, expected, k) / k


@missing_without_answer
def recall_at_k(output: Sequence[Hashable], expected: Relevant, k: int) -> float:
    """Return the share of all that is relevant which the first `k` places hold."""
    return _hits(output, expected, k) / len(_relevant(expected))


@missing_without_answer
def hit_rate_at_k(output: Sequence[Hashable], expected: Relevant, k: int) -> bool:
    """Return whether the first `k` places hold anything relevant."""
    return _hits(output, expected, k) > 0


@missing_without_answer
def reciprocal_rank(output: Sequence[Hashable], expected: Relevant) -> float:
    """Return 1 / place of the first relevant id, or 0; its mean over rows is MRR."""
    relevant = _relevant(expected)
    for place, found in enumerate(_distinct(output), start=1):
        if found in relevant:
            return 1 / place
    return 0.0


@missing_without_answer
def ndcg_at_k(output: Sequence[Hashable], expected: Relevant, k: int) -> float:
    """Return the normalised discounted cumulative gain of the first `k` places.

    Gains are the grades themselves (1 for ids without a grade), discounted by log2 of
    the place plus one (Järvelin & Kekäläinen 2002).
    """
    _check_places(k)
    relevant = _relevant(expected)
    found = [relevant.get(id, 0.0) for id in _distinct(output)]
    return _gain(found, k) / _gain(sorted(relevant.values(), reverse=True), k)


def _hits(output: Sequence[Hashable], expected: Relevant, k: int) -> int:
    _check_places(k)
    relevant = _relevant(expected)
    return sum(found in relevant for found in _distinct(output)[:k])


def _check_places(k: int) -> None:
    if k < 1:
        raise ValueError(f"k={k} is not a number of places; take 1 or more")


def _relevant(expected: Relevant) -> dict[Hashable, float]:
    """Return relevant ids with their grades above 0."""
    if isinstance(expected, Mapping):
        pairs = list(expected.items())
    else:
        ids = [expected] if isinstance(expected, str) else expected
        pairs = [(id, 1.0) for id in ids]
    relevant = {id: float(grade) for id, grade in pairs if grade > 0}
    if not relevant:
        raise ValueError("expected names nothing relevant; there is nothing to find")
    return relevant


def _distinct(output: Iterable[Hashable]) -> list[Hashable]:
    return [output] if isinstance(output, str) else list(dict.fromkeys(output))


def _gain(grades: Sequence[float], k: int) -> float:
    return sum(grade / log2(place + 2) for place, grade in enumerate(grades[:k]))
