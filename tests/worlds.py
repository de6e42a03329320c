"""Draw runs whose truth is known, and count how often the statistics are wrong."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy

from tracer.stats import compare, quantile_of, summarize

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

    mean: float | None = None
    """Share of yes, for ``bool`` alone; None = 0.5 to 0.95, another for each run.

    Of single yes/no values there are so few possible means that what holds at one
    share does not at the next; people's shares differ too.
    """

    def draw(
        self, random: numpy.random.Generator, runs: int
    ) -> tuple[Numbers, Numbers]:
        """Return true means and scores of runs: runs, runs x examples x trials."""
        examples = random.normal(size=(runs, self.n_examples, 1)) * self.spread
        shares = self.shares(random, runs)
        truths = shares if self.kind == "bool" else numpy.full(runs, self.truth())
        return truths, self.observe(random, examples, shares)

    def shares(self, random: numpy.random.Generator, runs: int) -> Numbers:
        """Return the true share of yes of each run."""
        low, high = (0.5, 0.95) if self.mean is None else (self.mean, self.mean)
        return random.uniform(low, high, runs)

    def pair(
        self, random: numpy.random.Generator, runs: int
    ) -> tuple[Numbers, Numbers]:
        """Return two runs of equal systems over the same examples, `runs` times."""
        examples = random.normal(size=(runs, self.n_examples, 1)) * self.spread
        own = random.normal(size=(2, runs, self.n_examples, 1)) * self.spread / 2
        shares = self.shares(random, runs)
        return (
            self.observe(random, examples + own[0], shares),
            self.observe(random, examples + own[1], shares),
        )

    def observe(
        self, random: numpy.random.Generator, examples: Numbers, shares: Numbers
    ) -> Numbers:
        noise = random.normal(size=(*examples.shape[:2], self.trials))
        latent = examples + noise
        if self.kind == "normal":
            return latent
        if self.kind == "grade":
            return numpy.clip(numpy.round(3.4 + latent), 1, 5)
        scale = (examples.std() ** 2 + 1) ** 0.5
        cuts = numpy.array([NormalDist().inv_cdf(share) * scale for share in shares])
        return (latent < cuts[:, None, None]).astype(float)

    def truth(self) -> float:
        """Return the mean of every score there could be, but for ``bool``."""
        if self.kind == "normal":
            return 0.0
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
    held = 0
    for truth, scores in zip(*world.draw(random, runs), strict=True):
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


def quantile_coverage(
    world: World, probability: float, *, runs: int, seed: int
) -> float:
    """Return how often a quantile's interval holds the truth, for ``normal`` alone."""
    random = numpy.random.default_rng(seed)
    truth = NormalDist(0, (world.spread**2 + 1) ** 0.5).inv_cdf(probability)
    held = 0
    for scores in world.draw(random, runs)[1]:
        found = quantile_of(dict(enumerate(scores)), probability)  # type: ignore[arg-type]
        interval = None if found is None else found.interval()
        held += interval is not None and interval[0] <= truth <= interval[1]
    return held / runs


def pass_coverage(world: World, which: str, *, runs: int, seed: int) -> float:
    """Return how often pass@3's interval, or pass^3's, holds the truth of ``bool``."""
    random = numpy.random.default_rng(seed)
    truth, held = _pass_truth(world, which, tries=3), 0
    for scores in world.draw(random, runs)[1]:
        summary = summarize(rows(world, scores))["s"]
        found = summary.pass_at(3) if which == "at" else summary.pass_hat(3)
        low, high = found.ci95 or (1.0, 0.0)
        held += low <= truth <= high
    return held / runs


def _pass_truth(world: World, which: str, *, tries: int) -> float:
    """Return the mean over examples, by their shares of yes on a fine grid."""
    steps = [(number + 0.5) / 20_000 for number in range(20_000)]
    assert world.mean is not None
    cut = NormalDist().inv_cdf(world.mean) * (world.spread**2 + 1) ** 0.5
    draws = (world.spread * NormalDist().inv_cdf(step) for step in steps)
    shares = [NormalDist().cdf(cut - example) for example in draws]
    if which == "hat":
        return sum(share**tries for share in shares) / len(shares)
    return sum(1 - (1 - share) ** tries for share in shares) / len(shares)


def resampled(world: World, *, runs: int, seed: int) -> tuple[float, float]:
    """Return how often BCa holds no difference, and the permutation test rejects it."""
    random = numpy.random.default_rng(seed)
    held = wrong = 0
    for before, after in zip(*world.pair(random, runs), strict=True):
        (result,) = compare(
            rows(world, before), rows(world, after), method="resampling"
        )
        low, high = result.ci95 or (0.0, 0.0)
        held += low <= 0 <= high
        wrong += result.p is not None and result.p < 0.05
    return held / runs, wrong / runs
