"""What one run says about one score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from types import MappingProxyType
from typing import Any, Literal

from tracer._aligned import Readable
from tracer.stats._intervals import ClusterSums, Interval, mean_interval
from tracer.stats._passes import PassRate, pass_hat_k, pass_rate
from tracer.stats._planner import TRIALS, Plan, detectable_difference, plan
from tracer.stats._scale import Scale
from tracer.stats._sums import ScoreSums, collect
from tracer.stats._variance import (
    VarianceSplit,
    split_judged_variance,
    split_variance,
)
from tracer.stats._wording import summaries_text, summary_text

Caution = Literal["alike", "whole scale", "two examples"]
"""Why an interval says little."""


@dataclass(frozen=True)
class ScoreSummary(Readable):
    """One score of one run; the examples are the unit, trials are nested in them."""

    name: str
    """Name of the score, verbatim."""

    type: str
    """``bool``, ``number`` or ``label``."""

    n: int
    """Values that are there: what `mean` is over."""

    n_examples: int
    """Examples that have a value."""

    n_missing: int
    """Values that were expected and are not there, or were logged as None."""

    n_errors: int
    """Values that are not there because the scorer or its prediction failed."""

    mean: float | None
    """Mean over all values; for yes/no the share of yes; None for labels."""

    sd: float | None
    """Standard deviation over all values; None below two values, and for labels."""

    labels: Mapping[str, int]
    """How often each label was given."""

    sums: ScoreSums = field(repr=False, compare=False)
    """What it was computed from."""

    @classmethod
    def of(cls, sums: ScoreSums) -> "ScoreSummary":
        """Summarize the sums of one score."""
        clusters = ClusterSums.of(sums.examples())
        measured = sums.type != "label"
        return cls(
            name=sums.name,
            type=sums.type,
            n=int(clusters.n),
            n_examples=clusters.n_clusters,
            n_missing=sums.n_missing,
            n_errors=sums.n_errors,
            mean=clusters.mean if measured else None,
            sd=clusters.sd if measured else None,
            labels=MappingProxyType(dict(sums.labels)),
            sums=sums,
        )

    def __str__(self) -> str:
        return summary_text(self)

    @property
    def beside(self) -> str:
        """Name of the run's own score that this one stands beside; mostly empty.

        It is the same score as people, or a later scorer, gave it: no trials of it.
        """
        return self.sums.beside

    @property
    def n_scores(self) -> int:
        """The same as `n`."""
        return self.n

    @cached_property
    def ci95(self) -> Interval | None:
        """95 % interval of the mean, with examples as clusters.

        None for labels, for numbers of a single example, and on no known scale also of
        two, or of examples that are all alike. See `mean_interval`, and `caution`.

        Raises:
            MissingExtraError: The extra ``evals`` is not installed.
        """
        return mean_interval(self._clusters, type=self.type, scale=self.scale)

    @cached_property
    def scale(self) -> Scale | None:
        """The least and the most that a value can be; None if nobody says.

        Scorers declare it (``scale = (1, 5)``), metrics and yes/no have theirs. Where a
        value lies beyond, there is none.
        """
        return self.sums.scale

    @cached_property
    def caution(self) -> Caution | None:
        """What to know before the interval is read; None if nothing.

        ``alike``: no example differs from another, which is not to say that none would;
        ``whole scale``: the interval is all that the scale has, so it says nothing;
        ``two examples``: too few for an interval, where there is no scale.
        """
        if self.type != "number" or self.n_examples < 2:
            return None
        if not self._clusters.standard_error:
            return "alike"
        if self.scale is not None and self.ci95 == self.scale:
            return "whole scale"
        return "two examples" if self.ci95 is None else None

    @cached_property
    def _clusters(self) -> ClusterSums:
        return ClusterSums.of(self.sums.examples())

    @cached_property
    def quantiles(self) -> Mapping[float, float]:
        """Least, 5 %, quartiles, 95 % and greatest value, by probability.

        Empty for labels, and where only sums are known. Exact up to 1,024 different
        values; beyond, values count as rounded to three digits.
        """
        if self.type == "label":
            return MappingProxyType({})
        return MappingProxyType(self.sums.distribution.quantiles())

    @cached_property
    def variance(self) -> VarianceSplit | None:
        """Variance between examples, between trials, and of the judge.

        None without repeated trials or judgements. The judge's part is known of runs
        read from the collector, where trials were judged more than once.
        """
        if self.type == "label":
            return None
        judged = split_judged_variance(self.sums.nesting)
        return judged or split_variance(self.sums.examples())

    @property
    def flaky(self) -> tuple[str, ...]:
        """Ids of the examples that passed in some trials and failed in others."""
        if self.type != "bool":
            return ()
        examples = self.sums.by_example()
        return tuple(id for id, (n, passed) in examples.items() if 0 < passed < n)

    def pass_at(self, k: int) -> PassRate:
        """Return the share of examples of which at least one of `k` tries passes."""
        return pass_rate(self._passes(), k)

    def pass_hat(self, k: int) -> PassRate:
        """Return the share of examples of which all of `k` tries pass."""
        return pass_rate(self._passes(), k, estimate=pass_hat_k)

    def _passes(self) -> Iterable[tuple[float, float]]:
        if self.type != "bool":
            raise ValueError(
                f"score {self.name!r} is a {self.type}; only yes/no scores pass or fail"
            )
        return self.sums.by_example().values()

    @property
    def detectable_difference(self) -> float | None:
        """The smallest difference that this run, compared with one like it, can show.

        With power 0.8 at level 0.05, from the noise between trials; a change that moves
        some examples more than others needs more. A run of single trials cannot tell
        trials from examples: all of its spread counts as noise. None where no noise
        was seen, which is not to say that there is none.
        """
        if not self.noise_sd:
            return None
        return detectable_difference(
            n_examples=self.n_examples,
            trials=self.n / self.n_examples,
            within_sd=self.noise_sd,
        )

    @property
    def noise_sd(self) -> float | None:
        """Standard deviation of one value around its example's mean, judge included.

        Of all values where trials were not repeated; None below two values.
        """
        if not self.sd:
            return None
        split = self.variance
        if split is None:
            return self.sd
        if split.judge is None:
            return split.within_sd
        judgements = self.sums.nesting.n / self.sums.nesting.n_trials
        return sqrt(split.within * judgements + split.judge)

    def plan(
        self,
        difference: float,
        *,
        between_sd: float = 0.0,
        trials: Iterable[int] = TRIALS,
    ) -> list[Plan]:
        """Return how many examples would show `difference`, for each number of trials.

        Args:
            difference: In the score's unit; of yes/no 0.02 is two points.
            between_sd: How differently the change moves the examples, as a standard
                deviation; 0 = all alike.
            trials: Numbers of trials to weigh.

        Raises:
            ValueError: The run has no noise to plan with, or `difference` is 0.
        """
        if not self.noise_sd:
            raise ValueError(
                f"score {self.name!r} showed no noise in {self.n} values; a plan "
                "needs a run in which it varies"
            )
        return plan(
            difference, within_sd=self.noise_sd, between_sd=between_sd, trials=trials
        )


class Summaries(Readable, dict[str, ScoreSummary]):
    """Every score of a run by its name; printed, it is a table."""

    n_open: int = 0
    """Predictions that are not finished, and so not counted yet."""

    def __missing__(self, name: str) -> ScoreSummary:
        """Say which scores there are."""
        known = ", ".join(map(repr, self)) or "none"
        said = f"there is no score {name!r}; the run's scores are: {known}"
        raise KeyError("; ".join(filter(None, (said, self._open_ones))))

    def __str__(self) -> str:
        lines = summaries_text(self.values()), self._open_ones
        return "\n".join(filter(None, lines))

    @property
    def _open_ones(self) -> str:
        if not self.n_open:
            return ""
        are = "prediction is" if self.n_open == 1 else "predictions are"
        return (
            f"{self.n_open} {are} open and not counted: finish() each, or log it as a "
            "block (with …), or finish() the run"
        )


def summarize(rows: Iterable[Mapping[str, Any]]) -> Summaries:
    """Return the summary of every score, by its name, in order of first sight.

    Args:
        rows: One a score and example, as the collector's ``sums`` (docs/api.md): keys
            ``score type example_id n sum sum_squares n_missing n_errors labels``.
    """
    gathered = collect(rows)
    return Summaries((name, ScoreSummary.of(sums)) for name, sums in gathered.items())
