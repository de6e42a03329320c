"""Where the noise of a score comes from: examples, trials, or the judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from tracer.stats._intervals import ROUNDING


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """Variance components of a score, in the score's unit squared."""

    between: float
    """Between the examples' true means."""

    within: float
    """Between trials of one example; the judge's part taken out where it is known."""

    judge: float | None = None
    """Between judgements of one trial; None if no trial was judged more than once."""

    @property
    def between_sd(self) -> float:
        """Standard deviation between examples, in the score's unit."""
        return sqrt(self.between)

    @property
    def within_sd(self) -> float:
        """Standard deviation between trials of one example, in the score's unit."""
        return sqrt(self.within)

    @property
    def judge_sd(self) -> float | None:
        """Standard deviation between judgements of one trial, in the score's unit."""
        return None if self.judge is None else sqrt(self.judge)

    @property
    def share_between(self) -> float | None:
        """Share of the variance that lies between examples (intraclass correlation)."""
        total = self.between + self.within + (self.judge or 0.0)
        return self.between / total if total else None


def split_variance(
    examples: Iterable[tuple[float, float, float]],
) -> VarianceSplit | None:
    """Split the variance of clusters given as (number, sum, sum of squares).

    One-way random-effects analysis of variance for unequal numbers of trials (Searle,
    Casella & McCulloch 1992, §3.6); a negative estimate is 0. None below two
    examples, or where no example has two trials.
    """
    clusters = [cluster for cluster in examples if cluster[0] > 0]
    n, groups = sum(count for count, _, _ in clusters), len(clusters)
    if groups < 2 or n <= groups:
        return None
    total = sum(value for _, value, _ in clusters)
    squares = sum(square for _, _, square in clusters)
    means = sum(value * value / count for count, value, _ in clusters)
    within = _spread(squares - means, squares) / (n - groups)
    between = _spread(means - total * total / n, squares) / (groups - 1)
    size = (n - sum(count * count for count, _, _ in clusters) / n) / (groups - 1)
    return VarianceSplit(max(0.0, (between - within) / size), within)


@dataclass(slots=True)
class Nesting:
    """Sums over judgements, nested in trials, nested in examples."""

    n: int = 0
    """Number of judgements."""

    n_trials: int = 0
    """Number of trials that were judged."""

    n_examples: int = 0
    """Number of examples that were judged."""

    total: float = 0.0
    """Sum of the judgements."""

    squares: float = 0.0
    """Sum of their squares."""

    trial_squares: float = 0.0
    """Sum over trials of (their sum) squared by their number."""

    example_squares: float = 0.0
    """Sum over examples of (their sum) squared by their number."""

    trial_shares: float = 0.0
    """Sum over trials of (their number) squared by their example's number."""

    trial_sizes: float = 0.0
    """Sum over trials of (their number) squared."""

    example_sizes: float = 0.0
    """Sum over examples of (their number) squared."""

    def add(self, trials: Iterable[Sequence[float]]) -> None:
        """Take in one example: the judgements of each of its trials."""
        judged = [values for values in trials if values]
        n, total = sum(map(len, judged)), sum(map(sum, judged))
        if not n:
            return
        sizes = sum(len(values) ** 2 for values in judged)
        self.n += n
        self.n_trials += len(judged)
        self.n_examples += 1
        self.total += total
        self.squares += sum(value * value for values in judged for value in values)
        self.trial_squares += sum(sum(values) ** 2 / len(values) for values in judged)
        self.example_squares += total * total / n
        self.trial_shares += sizes / n
        self.trial_sizes += sizes
        self.example_sizes += n * n


def split_judged_variance(sums: Nesting) -> VarianceSplit | None:
    """Split the variance of judgements in trials in examples.

    Two-fold nested random-effects analysis of variance for unequal numbers (Searle,
    Casella & McCulloch 1992, §5.6; Sokal & Rohlf, §10.3); negative estimates are 0.
    Where each example has one trial, what lies between trials counts as between
    examples. None below two examples, or where no trial was judged twice.
    """
    n, trials, examples = sums.n, sums.n_trials, sums.n_examples
    if examples < 2 or n <= trials:
        return None
    judge = _spread(sums.squares - sums.trial_squares, sums.squares) / (n - trials)
    within = 0.0
    if trials > examples:
        spread = _spread(sums.trial_squares - sums.example_squares, sums.squares)
        size = (n - sums.trial_shares) / (trials - examples)
        within = max(0.0, (spread / (trials - examples) - judge) / size)
    spread = _spread(sums.example_squares - sums.total**2 / n, sums.squares)
    trial_size = (sums.trial_shares - sums.trial_sizes / n) / (examples - 1)
    size = (n - sums.example_sizes / n) / (examples - 1)
    between = spread / (examples - 1) - judge - trial_size * within
    return VarianceSplit(max(0.0, between / size), within, judge)


def _spread(spread: float, scale: float) -> float:
    return spread if spread > ROUNDING * scale else 0.0
