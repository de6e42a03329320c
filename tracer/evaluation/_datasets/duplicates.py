"""Rows that say nearly the same.

The measure is the Jaccard similarity of two texts' sets of character trigrams: shared
trigrams over all trigrams, after Unicode normalisation (NFKC), folding of case and of
white space. Characters need no word boundaries, so Korean, Japanese and Chinese are
compared as well as English. Pairs are found by MinHash with bands (Broder 1997;
Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3), then measured
exactly.
"""

import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracer._extras import require

N_GRAM: Final = 3
N_HASHES: Final = 128
MOST_COMPARED: Final = 50
"""Rows of one bucket that a row is compared with, the nearest before it."""

_PRIME: Final = (1 << 31) - 1
_SEED: Final = 20_240_229


@dataclass(frozen=True)
class NearDuplicates:
    """Rows that say nearly the same, as links of similar pairs join them."""

    numbers: tuple[int, ...]
    """Places of the rows in the dataset, from 0, ascending."""

    ids: tuple[str, ...]
    """Their ids, in the same order."""

    similarity: float
    """The least similarity of a pair by which they were joined, 0 to 1."""


def groups_of(
    texts: Sequence[str], *, threshold: float
) -> list[tuple[tuple[int, ...], float]]:
    """Return groups of places of similar texts, and each group's least link.

    A pair at the threshold is missed once in 6,000 times at worst.

    Args:
        texts: What is compared.
        threshold: The least similarity of a pair, 0.5 to 1.

    Raises:
        MissingExtraError: numpy is not installed.
    """
    if not 0.5 <= threshold <= 1:
        raise ValueError(f"threshold={threshold}: give a similarity from 0.5 to 1")
    grams = [_grams(_folded(text)) for text in texts]
    groups = _Groups(len(texts))
    for one, other in _candidates(grams, n_rows=4 if threshold >= 0.7 else 2):
        if groups.root(one) != groups.root(other):
            similarity = _jaccard(grams[one], grams[other])
            if similarity >= threshold:
                groups.join(one, other, similarity)
    return groups.found()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _grams(text: str) -> frozenset[int]:
    """Return hashes of the text's trigrams; of a shorter text, of itself."""
    n_grams = max(1, len(text) - N_GRAM + 1)
    return frozenset(
        zlib.crc32(text[at : at + N_GRAM].encode("utf-8", "surrogatepass"))
        for at in range(n_grams)
    )


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    n_shared = len(one & other)
    return n_shared / (len(one) + len(other) - n_shared)


def _candidates(
    grams: Sequence[frozenset[int]], *, n_rows: int
) -> Iterator[tuple[int, int]]:
    """Yield pairs whose signatures agree in all rows of some band."""
    signatures = _signatures(grams)
    for first in range(0, N_HASHES, n_rows):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for place, signature in enumerate(signatures):
            bucket = buckets[signature[first : first + n_rows].tobytes()]
            yield from ((before, place) for before in bucket[-MOST_COMPARED:])
            bucket.append(place)


def _signatures(grams: Sequence[frozenset[int]]) -> Any:
    """Return the least value of each hash function over each set, one row a set."""
    numpy = require("numpy", extra="evals", purpose="finding near-duplicates")
    random = numpy.random.default_rng(_SEED)
    factors = random.integers(1, _PRIME, N_HASHES, dtype=numpy.uint64)
    offsets = random.integers(0, _PRIME, N_HASHES, dtype=numpy.uint64)
    signatures = numpy.empty((len(grams), N_HASHES), dtype=numpy.uint32)
    for place, one in enumerate(grams):
        values = numpy.fromiter(one, dtype=numpy.uint64, count=len(one)) % _PRIME
        hashed = (values[:, None] * factors + offsets) % _PRIME
        signatures[place] = hashed.min(axis=0)
    return signatures


class _Groups:
    """Places joined by pairs (union-find), with the least similarity of each group."""

    def __init__(self, n_places: int) -> None:
        self._above = list(range(n_places))
        self._least: dict[int, float] = {}

    def root(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = self._above[self._above[place]]
            place = self._above[place]
        return place

    def join(self, one: int, other: int, similarity: float) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        links = (similarity, self._least.get(low, 1.0), self._least.pop(high, 1.0))
        self._above[high] = low
        self._least[low] = min(links)

    def found(self) -> list[tuple[tuple[int, ...], float]]:
        members: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._above)):
            if (root := self.root(place)) in self._least:
                members[root].append(place)
        return [(tuple(members[root]), self._least[root]) for root in sorted(members)]
