"""Judge requirements on the intervals of two runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isinf
from typing import Literal

from tracer.gate.requirements import Requirement, known_figures
from tracer.stats import (
    Contrast,
    Interval,
    MeasureSummary,
    Scale,
    ScoreSummary,
    higher_is_better,
    holm,
    mean_difference,
    mean_ratio,
    quantile_change,
)
from tracer.stats._comparison import lacking
from tracer.stats._known_names import MEASURES
from tracer.stats._sums import shared_scale

LEVEL = 0.025
"""One-sided: what a 95 % interval leaves on either side."""

Outcome = Literal["shown", "not shown", "broken", "unknown"]

_ALIKE = (
    "all examples moved alike, and how far another could is not known; give the scorer "
    "a scale, log_score(…, scale=(1, 5))"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run says, as far as a gate asks."""

    name: str
    """Name of the run, for people."""

    scores: Mapping[str, ScoreSummary]
    """By name."""

    measures: Mapping[str, MeasureSummary]
    """By name."""

    id: str = ""
    """Id of the run."""

    lower_is_better: frozenset[str] = frozenset()
    """Scores of which the run says that lower is better."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one requirement."""

    requirement: Requirement
    """What was asked."""

    outcome: Outcome
    """``shown``; ``not shown`` (it may hold, noise hides it); ``broken`` (the opposite
    is shown); ``unknown`` (nothing to judge by)."""

    reason: str = ""
    """How it was judged, or why it could not be."""

    contrast: Contrast | None = None
    """The figure in both runs."""

    p: float | None = None
    """One-sided p-value against the opposite."""

    p_adjusted: float | None = None
    """The same after Holm's correction over the gate's requirements."""

    notes: tuple[str, ...] = ()
    """What is not in the figure: values that are missing or failed."""

    @property
    def ci95(self) -> Interval | None:
        """95 % interval of the difference or ratio, not corrected.

        None where all examples moved alike, on no scale: it would have no width.
        """
        if self.contrast is None or self.contrast.by_number:
            return None
        return self.contrast.interval(0.95)


@dataclass(frozen=True, slots=True)
class GateReport:
    """What a gate found."""

    baseline: Figures
    """The run that is measured against."""

    candidate: Figures
    """The run that wants to pass."""

    verdicts: Sequence[Verdict]
    """One a requirement, in their order."""

    @property
    def passes(self) -> bool:
        """Whether every requirement is shown."""
        return all(verdict.outcome == "shown" for verdict in self.verdicts)

    @property
    def status(self) -> int:
        """Exit status: 0 passes, 1 does not, 2 something could not be judged."""
        if any(verdict.outcome == "unknown" for verdict in self.verdicts):
            return 2
        return 0 if self.passes else 1


def judge(
    baseline: Figures, candidate: Figures, requirements: Sequence[Requirement]
) -> GateReport:
    """Judge requirements, each shown only if the data leave no reasonable doubt.

    A requirement is shown if its one-sided p-value, corrected by Holm over all
    requirements of the gate, is below `LEVEL`: for a single one, if its 95 % interval
    lies wholly on the right side.

    Raises:
        MissingExtraError: The extra ``evals`` is not installed.
    """
    verdicts = [_judged(baseline, candidate, one) for one in requirements]
    tested = [index for index, verdict in enumerate(verdicts) if verdict.p is not None]
    adjusted = holm([verdicts[index].p or 0.0 for index in tested])
    for index, p in zip(tested, adjusted, strict=True):
        verdicts[index] = _concluded(replace(verdicts[index], p_adjusted=p))
    return GateReport(baseline, candidate, verdicts)


def _judged(old: Figures, new: Figures, asked: Requirement) -> Verdict:
    if asked.is_floor and _is_lower_better(asked, old, new):
        return Verdict(asked, "unknown", _backwards(asked))
    contrast, reason = _contrast(old, new, asked)
    if contrast is None:
        return Verdict(asked, "unknown", reason)
    if contrast.by_number and _is_score(old, new, asked):
        return Verdict(asked, "unknown", _ALIKE, contrast)
    p = (contrast.p_above if asked.is_floor else contrast.p_below)(asked.bound)
    if p is None:
        reason = f"{contrast.method}: no interval can be made"
        return Verdict(asked, "unknown", reason, contrast)
    notes = (*_notes("baseline", old, asked), *_notes("candidate", new, asked))
    return Verdict(asked, "not shown", contrast.method, contrast, p, notes=notes)


def _concluded(verdict: Verdict) -> Verdict:
    p, p_adjusted = verdict.p or 0.0, verdict.p_adjusted or 0.0
    if p_adjusted < LEVEL:
        return replace(verdict, outcome="shown")
    return replace(verdict, outcome="broken" if 1 - p < LEVEL else "not shown")


def _contrast(
    old: Figures, new: Figures, asked: Requirement
) -> tuple[Contrast | None, str]:
    """Return the figure in both runs, or why there is none."""
    known = {*old.scores, *new.scores}
    probability = asked.quantile(known)
    figure = asked.figure if probability is None else "latency_ms"
    if figure in known:
        return _of_scores(old.scores.get(figure), new.scores.get(figure), asked)
    before, after = old.measures.get(figure), new.measures.get(figure)
    if before is None or after is None:
        lacking = old if before is None else new
        return None, _unknown(figure, lacking)
    if probability is not None:
        found = quantile_change(
            before.values, after.values, probability, relative=asked.is_ratio
        )
        return found, "fewer than two common examples, or values not above 0"
    return _of_means(_sums(before), _sums(after), before.type, asked)


def _of_scores(
    before: ScoreSummary | None, after: ScoreSummary | None, asked: Requirement
) -> tuple[Contrast | None, str]:
    if before is None or after is None:
        return None, f"only one run has the score {asked.figure!r}"
    if reason := lacking(before.sums, after.sums):
        return None, f"score {asked.figure!r}: {reason}"
    type = "bool" if before.type == after.type == "bool" else "number"
    old, new = before.sums.by_example(), after.sums.by_example()
    scale = shared_scale(before.sums, after.sums)
    return _of_means(old, new, type, asked, scale)


def _of_means(
    old: Mapping[str, tuple[float, float]],
    new: Mapping[str, tuple[float, float]],
    type: str,
    asked: Requirement,
    scale: Scale | None = None,
) -> tuple[Contrast | None, str]:
    if asked.is_ratio:
        return mean_ratio(old, new, type=type, scale=scale), (
            "fewer than two common examples, or the baseline's mean is 0"
        )
    found = mean_difference(old, new, type=type, scale=scale)
    return found, "fewer than two common examples"


def _sums(measure: MeasureSummary) -> dict[str, tuple[float, float]]:
    return {
        example: (len(values), sum(values))
        for example, values in measure.values.items()
        if values
    }


def _is_score(old: Figures, new: Figures, asked: Requirement) -> bool:
    return asked.figure in old.scores or asked.figure in new.scores


def _is_lower_better(asked: Requirement, old: Figures, new: Figures) -> bool:
    is_latency = asked.quantile({*old.scores, *new.scores}) is not None
    figure = "latency_ms" if is_latency else asked.figure
    if score := new.scores.get(figure) or old.scores.get(figure):
        figure = score.sums.beside or figure
    lower = old.lower_is_better | new.lower_is_better
    return not higher_is_better(figure, lower=lower)


def _backwards(asked: Requirement) -> str:
    return (
        f"{asked.figure} is better the lower it is, and a requirement with '>' lets it "
        f"rise; write '{asked.figure} <= …'"
    )


def _unknown(figure: str, run: Figures) -> str:
    scores, known = (", ".join(some) or "none" for some in (run.scores, run.measures))
    if figure in MEASURES:
        return (
            f"run {run.name!r} knows {figure!r} of no prediction, only: {known}; of "
            "outputs that were made elsewhere nobody knows the latency"
        )
    return (
        f"run {run.name!r} has no figure {figure!r}; its scores are {scores}, "
        f"measures are {known_figures()}"
    )


def _notes(role: str, run: Figures, asked: Requirement) -> list[str]:
    """Return what the figure leaves out in one run."""
    score = run.scores.get(asked.figure)
    if score is None:
        is_latency = asked.quantile(run.scores) is not None
        measure = run.measures.get("latency_ms" if is_latency else asked.figure)
        unknown = 0 if measure is None else measure.n_missing
        return [f"{role}: {unknown} unknown"] if unknown else []
    counts = {"missing": score.n_missing, "errors": score.n_errors}
    return [f"{role}: {n} {what}" for what, n in counts.items() if n]


def unbounded(interval: Interval | None) -> bool:
    """Return whether an end is not known, for want of examples."""
    return interval is not None and any(isinf(end) for end in interval)
