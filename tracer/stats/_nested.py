"""Where the noise of a judged score comes from: examples, trials, or the judge."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt

from tracer.stats._variance import split_variance

Cell = tuple[float, float, float]
"""Number, sum and sum of squares of the judgements of one trial."""


@dataclass(frozen=True, slots=True)
class JudgeVarianceSplit:
    """Variance components of a score that was judged repeatedly; unit squared."""

    examples: float
    """Between the examples' true means; with `trials` None between single trials."""

    trials: float | None
    """Between trials of one example; None where no example has two trials."""

    judge: float
    """Between judgements of one and the same output."""

    n_examples: int
    """Examples that it is from."""

    n_judgements: int
    """Judgements that it is from."""

    @property
    def judge_sd(self) -> float:
        """Standard deviation of repeated judgements, in the score's unit."""
        return sqrt(self.judge)

    @property
    def judge_share(self) -> float | None:
        """Share of the whole variance that is the judge's own; None without any."""
        total = self.examples + (self.trials or 0.0) + self.judge
        return self.judge / total if total else None


def split_judge_variance(
    judgements: Iterable[tuple[Hashable, Hashable, float]],
) -> JudgeVarianceSplit | None:
    """Split the variance of judgements given as (example, trial, value).

    Judgements of one example and trial are repeats. Nested random-effects analysis of
    variance for unequal numbers, by expected mean squares (Searle, Casella & McCulloch
    1992, §5.2); negative estimates are 0. None below two examples, or where nothing was
    judged twice.
    """
    cells: dict[Hashable, dict[Hashable, Cell]] = defaultdict(dict)
    for example, trial, value in judgements:
        n, total, squares = cells[example].get(trial, (0.0, 0.0, 0.0))
        cells[example][trial] = (n + 1, total + value, squares + value * value)
    examples = [list(trials.values()) for trials in cells.values()]
    flat = [cell for trials in examples for cell in trials]
    n_judgements = int(sum(n for n, _, _ in flat))
    if len(examples) < 2 or n_judgements == len(flat):
        return None
    of_trials: float | None
    if len(flat) == len(examples):
        split = split_variance(flat)
        assert split is not None
        of_examples, of_trials, of_judge = split.between, None, split.within
    else:
        of_examples, of_trials, of_judge = _three_levels(examples)
    return JudgeVarianceSplit(
        of_examples, of_trials, of_judge, len(examples), n_judgements
    )


def _three_levels(examples: list[list[Cell]]) -> tuple[float, float, float]:
    """Return the components of examples, trials and judge."""
    sums = [
        (sum(n for n, _, _ in one), sum(total for _, total, _ in one))
        for one in examples
    ]
    flat = [cell for one in examples for cell in one]
    n, total = sum(count for count, _ in sums), sum(value for _, value in sums)
    of_trials = sum(value * value / count for count, value, _ in flat)
    of_examples = sum(value * value / count for count, value in sums)
    squares = sum(square for _, _, square in flat)
    within_example = sum(
        sum(count * count for count, _, _ in one) / whole
        for one, (whole, _) in zip(examples, sums, strict=True)
    )
    n_trials, n_examples = len(flat), len(examples)
    judge = max(0.0, squares - of_trials) / (n - n_trials)
    size = (n - within_example) / (n_trials - n_examples)
    mean_square = (of_trials - of_examples) / (n_trials - n_examples)
    trials = max(0.0, (mean_square - judge) / size)
    overall = sum(count * count for count, _, _ in flat) / n
    of_trial = (within_example - overall) / (n_examples - 1)
    of_example = (n - sum(count * count for count, _ in sums) / n) / (n_examples - 1)
    mean_square = (of_examples - total * total / n) / (n_examples - 1)
    between = (mean_square - judge - of_trial * trials) / of_example
    return max(0.0, between), trials, judge
