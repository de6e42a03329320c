"""Rows that say nearly the same.

The measure is the Jaccard similarity of two texts' sets of character trigrams: shared
trigrams over all trigrams, after Unicode normalisation (NFKC), folding of case and of
white space. Characters need no word boundaries, so Korean, Japanese and Chinese are
compared as well as English. Pairs are found by MinHash with bands (Broder 1997;
Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3), then measured
exactly.
"""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from tracer._extras import require

N_GRAM: Final = 3
N_HASHES: Final = 128
MOST_COMPARED: Final = 50
"""Rows of one bucket that a row is compared with, the nearest before it."""

MISSED: Final = 1e-3
"""Chance, at most, that no band brings a pair at the threshold together."""

_SIGMAS: Final = 3.3
"""How far below the threshold an estimate may lie that is still measured exactly."""

_CODE_BITS: Final = 21
"""Enough for every character of Unicode; three of them fit into 64 bits."""

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

    A pair right at the threshold is missed about once in 1,000 times.

    Args:
        texts: What is compared.
        threshold: The least similarity of a pair, 0.5 to 1.

    Raises:
        MissingExtraError: numpy is not installed.
    """
    if not 0.5 <= threshold <= 1:
        raise ValueError(f"threshold={threshold}: give a similarity from 0.5 to 1")
    numpy = require("numpy", extra="evals", purpose="finding near-duplicates")
    groups = _Groups(len(texts))
    firsts: dict[str, int] = {}
    for place, text in enumerate(texts):
        first = firsts.setdefault(_folded(text), place)
        if first != place:
            groups.join(first, place, 1.0)
    places = list(firsts.values())
    grams = [_grams(text, numpy) for text in firsts]
    for one, other in _candidates(grams, threshold, numpy):
        if groups.root(places[one]) != groups.root(places[other]):
            similarity = _jaccard(grams[one], grams[other], numpy)
            if similarity >= threshold:
                groups.join(places[one], places[other], similarity)
    return groups.found()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _grams(text: str, numpy: ModuleType) -> Any:
    """Return the text's trigrams as numbers, sorted; of a shorter text, itself."""
    data = text.encode("utf-32-le", "surrogatepass")
    codes = numpy.frombuffer(data, dtype=numpy.uint32).astype(numpy.uint64)
    if len(codes) < N_GRAM:
        codes = numpy.pad(codes, (0, N_GRAM - len(codes)))
    high, middle, low = codes[:-2], codes[1:-1], codes[2:]
    return numpy.unique(high << 2 * _CODE_BITS | middle << _CODE_BITS | low)


def _jaccard(one: Any, other: Any, numpy: ModuleType) -> float:
    n_shared = len(numpy.intersect1d(one, other, assume_unique=True))
    return float(n_shared / (len(one) + len(other) - n_shared))


def _candidates(
    grams: Sequence[Any], threshold: float, numpy: ModuleType
) -> Iterator[tuple[int, int]]:
    """Yield pairs whose signatures agree in some band, and nearly enough as a whole."""
    n_rows = _rows_of_a_band(threshold)
    sigma = math.sqrt(threshold * (1 - threshold) / N_HASHES)
    enough = (threshold - _SIGMAS * sigma) * N_HASHES
    signatures = _signatures(grams, numpy)
    for first in range(0, N_HASHES - n_rows + 1, n_rows):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for place, band in enumerate(signatures[:, first : first + n_rows]):
            before = buckets[band.tobytes()]
            if before:
                near = before[-MOST_COMPARED:]
                agree = (signatures[near] == signatures[place]).sum(axis=1)
                yield from ((near[at], place) for at in (agree >= enough).nonzero()[0])
            before.append(place)


def _rows_of_a_band(threshold: float) -> int:
    """Return the most rows with which a pair at the threshold is rarely missed."""
    chances = {
        n_rows: (1 - threshold**n_rows) ** (N_HASHES // n_rows)
        for n_rows in range(1, N_HASHES + 1)
    }
    return max(n_rows for n_rows, missed in chances.items() if missed <= MISSED)


def _signatures(grams: Sequence[Any], numpy: ModuleType) -> Any:
    """Return the least value of each hash function over each set, one row a set.

    The hash functions multiply and shift (Dietzfelbinger et al. 1997).
    """
    random = numpy.random.default_rng(_SEED)
    factors = random.integers(1, 1 << 63, N_HASHES, dtype=numpy.uint64) * 2 + 1
    offsets = random.integers(0, 1 << 63, N_HASHES, dtype=numpy.uint64)
    spread, half = numpy.uint64(0x9E3779B97F4A7C15), numpy.uint64(32)
    signatures = numpy.empty((len(grams), N_HASHES), dtype=numpy.uint32)
    for place, one in enumerate(grams):
        mixed = (one * spread) >> half
        hashed = mixed[:, None] * factors
        hashed += offsets
        signatures[place] = hashed.min(axis=0) >> half
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
