"""How large a difference a run can show, and how large a run a difference needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from tracer._extras import require
from tracer.stats._intervals import t_quantile

MOST_EXAMPLES = 1 << 30
"""Where the search for a number of examples gives up."""

TRIALS = (1, 2, 3, 5, 10)
"""Numbers of trials that a plan weighs, unless others are asked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that is large enough for a wanted difference."""

    trials: int
    """Trials of each example."""

    n_examples: int
    """Examples."""

    @property
    def n_predictions(self) -> int:
        """Calls of the model that it takes, in each of the two runs."""
        return self.trials * self.n_examples


def plan(
    difference: float,
    *,
    within_sd: float,
    between_sd: float = 0.0,
    trials: Iterable[int] = TRIALS,
    power: float = 0.8,
    alpha: float = 0.05,
) -> list[Plan]:
    """Return, for each number of trials, how many examples show `difference`.

    Arguments and errors as for `examples_needed`.
    """
    return [
        Plan(
            each,
            examples_needed(
                difference,
                trials=each,
                within_sd=within_sd,
                between_sd=between_sd,
                power=power,
                alpha=alpha,
            ),
        )
        for each in trials
    ]


def detectable_difference(
    *,
    n_examples: int,
    trials: float = 1,
    within_sd: float,
    between_sd: float = 0.0,
    power: float = 0.8,
    alpha: float = 0.05,
) -> float | None:
    """Return the smallest true difference that a paired comparison is likely to show.

    Exact for the paired t test on example means (noncentral t).

    Args:
        n_examples: Examples that both runs share.
        trials: Trials of each example in each run.
        within_sd: Standard deviation between trials of one example, in one run.
        between_sd: Standard deviation between examples of their true difference; 0
            says that the change moves every example alike.
        power: Chance of showing the difference if it is there.
        alpha: Chance of showing one that is not there.

    Returns:
        The difference in the score's unit; None below two examples.
    """
    if n_examples < 2:
        return None
    error = sqrt((between_sd**2 + 2 * within_sd**2 / trials) / n_examples)
    return _noncentrality(n_examples - 1, power=power, alpha=alpha) * error


def examples_needed(
    difference: float,
    *,
    trials: float = 1,
    within_sd: float,
    between_sd: float = 0.0,
    power: float = 0.8,
    alpha: float = 0.05,
) -> int:
    """Return how many examples a paired comparison needs to show `difference`.

    Arguments as for `detectable_difference`, whose inverse this is.

    Raises:
        ValueError: `difference` is 0, or out of any run's reach.
    """

    def shows(n_examples: int) -> bool:
        visible = detectable_difference(
            n_examples=n_examples,
            trials=trials,
            within_sd=within_sd,
            between_sd=between_sd,
            power=power,
            alpha=alpha,
        )
        return visible is not None and visible <= abs(difference)

    enough = 2
    while not shows(enough):
        enough *= 2
        if difference == 0 or enough > MOST_EXAMPLES:
            raise ValueError(
                f"no number of examples shows a difference of {difference!r}"
            )
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        enough, too_few = (middle, too_few) if shows(middle) else (enough, middle)
    return enough


def _noncentrality(degrees: int, *, power: float, alpha: float) -> float:
    """Return the shift of t, in standard errors, that is shown with chance `power`."""
    critical = t_quantile(degrees, 1 - alpha / 2)
    special = require("scipy.special", extra="evals", purpose="planning a run")
    return float(special.nctdtrinc(degrees, 1 - power, critical))
