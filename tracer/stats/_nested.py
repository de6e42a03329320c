"""Where the noise of a judged score comes from: examples, trials, or the judge."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt

from tracer.stats._variance import Nesting, split_judged_variance


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
    cells: dict[Hashable, dict[Hashable, list[float]]] = defaultdict(dict)
    for example, trial, value in judgements:
        cells[example].setdefault(trial, []).append(value)
    sums = Nesting()
    for trials in cells.values():
        sums.add(trials.values())
    split = split_judged_variance(sums)
    if split is None or split.judge is None:
        return None
    has_trials = sums.n_trials > sums.n_examples
    return JudgeVarianceSplit(
        split.between,
        split.within if has_trials else None,
        split.judge,
        sums.n_examples,
        sums.n,
    )
