"""Draw runs whose truth is known, and count how often the statistics are wrong."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy

from tracer.stats import compare, summarize

Numbers = Any
"""A numpy array."""


@dataclass(frozen=True)
class World:
    """Where runs come from: a kind of score and how alike the trials of one example."""

    kind: str
    """``normal``, ``grade`` (1 to 5) or ``bool``."""

    n_examples: int
    trials: int

    spread: float = 1.0
    """Standard deviation of what an example brings to all its trials."""

    mean: float = 0.7
    """Share of yes, for ``bool`` alone."""

    def draw(self, random: numpy.random.Generator, runs: int) -> Numbers:
        """Return scores of `runs` independent runs: runs x examples x trials."""
        examples = random.normal(size=(runs, self.n_examples, 1)) * self.spread
        return self.observe(random, examples)

    def pair(
        self, random: numpy.random.Generator, runs: int
    ) -> tuple[Numbers, Numbers]:
        """Return two runs of equal systems over the same examples, `runs` times."""
        examples = random.normal(size=(runs, self.n_examples, 1)) * self.spread
        own = random.normal(size=(2, runs, self.n_examples, 1)) * self.spread / 2
        return (
            self.observe(random, examples + own[0]),
            self.observe(random, examples + own[1]),
        )

    def observe(self, random: numpy.random.Generator, examples: Numbers) -> Numbers:
        noise = random.normal(size=(*examples.shape[:2], self.trials))
        latent = examples + noise
        if self.kind == "normal":
            return latent
        if self.kind == "grade":
            return numpy.clip(numpy.round(3.4 + latent), 1, 5)
        scale = (examples.std() ** 2 + 1) ** 0.5
        return (latent < NormalDist().inv_cdf(self.mean) * scale).astype(float)

    def truth(self) -> float:
        """Return the mean of every score there could be."""
        if self.kind == "normal":
            return 0.0
        if self.kind == "bool":
            return self.mean
        scale = (self.spread**2 + 1) ** 0.5
        cuts = [(edge - 3.4) / scale for edge in (1.5, 2.5, 3.5, 4.5)]
        return 1 + sum(1 - NormalDist().cdf(cut) for cut in cuts)


def rows(world: World, scores: Numbers) -> list[dict[str, Any]]:
    """Return one run as rows of ``sums``."""
    counts, totals = scores.shape[1], scores.sum(axis=1)
    squares = (scores**2).sum(axis=1)
    return [
        {"score": "s", "type": "bool" if world.kind == "bool" else "number"}
        | {"example_id": str(i), "n": counts, "sum": float(total)}
        | {"sum_squares": float(square)}
        for i, (total, square) in enumerate(zip(totals, squares, strict=True))
    ]


def coverage(world: World, *, runs: int, seed: int) -> float:
    """Return how often the 95 % interval of a run holds the truth."""
    random = numpy.random.default_rng(seed)
    truth, held = world.truth(), 0
    for scores in world.draw(random, runs):
        interval = summarize(rows(world, scores))["s"].ci95
        held += interval is not None and interval[0] <= truth <= interval[1]
    return held / runs


def rejections(world: World, *, runs: int, seed: int) -> float:
    """Return how often two equal systems are called different at level 0.05."""
    random = numpy.random.default_rng(seed)
    wrong = 0
    for before, after in zip(*world.pair(random, runs), strict=True):
        (result,) = compare(rows(world, before), rows(world, after))
        wrong += result.p is not None and result.p < 0.05
    return wrong / runs
