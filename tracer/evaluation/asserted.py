"""An evaluation within a test: predictions, scores, and what they must come to."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from tracer.errors import MissingExtraError
from tracer.evaluation._tally import Tally
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.prediction import Prediction
from tracer.stats import (
    ClusterSums,
    Interval,
    ScoreSummary,
    Summaries,
    mean_interval,
)
from tracer.stats._wording import value_text

OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}

Judged = Literal["mean", "interval"]


@dataclass(frozen=True, slots=True)
class Demand:
    """What the mean of a score must come to."""

    score: str
    """Name of the score."""

    op: str
    """One of `OPERATORS`."""

    bound: float
    """In the score's unit; of yes/no 0.9 is 90 %."""

    on: Judged
    """What is held against the bound."""

    def __str__(self) -> str:
        return f"{self.score} {self.op} {self.bound:g}"

    def problem(self, summary: ScoreSummary | None) -> str | None:
        """Return what stands against it, in words; None if it is met."""
        if summary is None or summary.mean is None:
            return f"{self}: no prediction has a value of {self.score!r}"
        meets = OPERATORS[self.op]
        if self.on == "mean":
            if meets(summary.mean, self.bound):
                return None
            said = f"the mean is {value_text(summary.mean, summary.type)}"
            return f"{self}: {said} · {_counted(summary)}"
        interval = interval_of(summary)
        if interval is None:
            return f"{self}: not shown, {_no_interval(summary)} · {_counted(summary)}"
        if all(meets(end, self.bound) for end in interval):
            return None
        low, high = (value_text(end, summary.type) for end in interval)
        said = f"not shown, the 95 % interval is {low} to {high}"
        return f"{self}: {said} · {_counted(summary)}"


class AssertedEvaluation:
    """What the fixture ``evaluation`` gives to a test.

    Args:
        log: The run that the test's predictions are logged to.
    """

    def __init__(self, log: EvaluationLogger) -> None:
        self.log = log
        self._predictions: list[Prediction] = []
        self._demands: dict[tuple[str, str, Judged], Demand] = {}

    def log_prediction(self, inputs: Any, *output: Any, **more: Any) -> Prediction:
        """Begin a prediction; arguments as for `EvaluationLogger.log_prediction`."""
        prediction = self.log.log_prediction(inputs, *output, **more)
        self._predictions.append(prediction)
        return prediction

    def require(
        self, score: str, op: str, bound: float, *, on: Judged = "mean"
    ) -> None:
        """Let the test fail unless the score comes to this, over all its trials.

        Judged once, when the last trial is done. The same score and operator again
        replaces what was required.

        Args:
            score: Name of the score.
            op: ``>=``, ``>``, ``<=`` or ``<``.
            bound: What the mean is held against; of yes/no 0.9 is 90 %.
            on: ``mean``: the mean itself must do, which luck may bring about.
                ``interval``: the whole 95 % interval must, so that it is shown; few
                trials show little. Needs the extra ``evals``.

        Raises:
            ValueError: The operator, or `on`, is unknown.
        """
        if op not in OPERATORS or on not in ("mean", "interval"):
            raise ValueError(
                f"cannot require {op!r} on {on!r}; operators are "
                f"{' '.join(OPERATORS)}, and it is judged on 'mean' or 'interval'"
            )
        self._demands[score, op, on] = Demand(score, op, bound, on)

    @property
    def summary(self) -> Summaries:
        """What this test's finished predictions say about each score."""
        tally = Tally()
        for one in self._predictions:
            if one.is_finished:
                tally.finish(one.example_id, dict(one.scores), failed=one.failed)
        return tally.summary()

    def finish(self) -> None:
        """Close predictions that have an output and were left open."""
        for prediction in self._predictions:
            if prediction.has_output:
                prediction.finish()

    def problems(self) -> list[str]:
        """Return what was required and is not met, in words."""
        summary = self.summary
        found = (one.problem(summary.get(one.score)) for one in self._demands.values())
        return [problem for problem in found if problem is not None]


def interval_of(summary: ScoreSummary) -> Interval | None:
    """Return the 95 % interval; trials of a single example count as the unit."""
    if summary.n_examples != 1:
        return summary.ci95
    ((n, total, squares),) = summary.sums.examples()
    trials = ClusterSums(n, int(n), total, squares, squares, total, n)
    return mean_interval(trials, type=summary.type, scale=summary.scale)


def _no_interval(summary: ScoreSummary) -> str:
    """Return why numbers have no interval, and what gives them one."""
    if summary.n < 2:
        return "one number has no interval"
    few = "two numbers are too few" if summary.n == 2 else "no spread was seen"
    return (
        f"{few} and the scale is not known, so there is no interval; give the scorer a "
        "scale: log_score(…, scale=(0, 1))"
    )


def _counted(summary: ScoreSummary) -> str:
    """Return what a verdict is over, and its interval where that can be had."""
    parts = [f"n {summary.n} from {summary.n_examples} examples"]
    parts += [f"{summary.n_missing} missing"] if summary.n_missing else []
    parts += [f"{summary.n_errors} errors"] if summary.n_errors else []
    try:
        interval = interval_of(summary)
    except MissingExtraError:
        interval = None
    if interval is not None:
        low, high = (value_text(end, summary.type) for end in interval)
        parts.append(f"95 % {low} to {high}")
    return " · ".join(parts)
