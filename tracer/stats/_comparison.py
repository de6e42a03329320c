"""Is one run better than another: paired by example, corrected for many scores."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, hypot, isinf
from typing import Any, Final

from tracer._aligned import Readable
from tracer.stats._direction import higher_is_better
from tracer.stats._intervals import ClusterSums, Interval, mean_interval, t_quantile
from tracer.stats._resampling import bootstrap_interval, permutation_test
from tracer.stats._scale import most_difference
from tracer.stats._significance import (
    holm,
    mcnemar_score,
    paired_proportions_interval,
    sign_test,
    t_test,
)
from tracer.stats._sums import ScoreSums, collect, shared_scale
from tracer.stats._wording import comparison_text

Pairs = Sequence[tuple[tuple[float, float], tuple[float, float]]]
"""Number and sum of an example's values, in the baseline and in the candidate."""

LEVEL = 0.05
"""A corrected p-value below this is called shown."""

TIE = 1e-12
"""Example means closer than this are equal."""


NO_MEAN: Final = "labels have no mean to compare"


@dataclass(frozen=True, slots=True)
class ScoreComparison(Readable):
    """One score in two runs; every difference is candidate minus baseline."""

    name: str
    """Name of the score, verbatim."""

    type: str
    """``bool``, ``number`` or ``label``."""

    method: str
    """How it was compared, or why it was not, in words."""

    paired: bool = False
    """Whether examples were compared with themselves."""

    n_examples: int = 0
    """Examples that both runs have: what the paired figures are over."""

    n_baseline_only: int = 0
    """Examples with a value in the baseline alone."""

    n_candidate_only: int = 0
    """Examples with a value in the candidate alone."""

    baseline_mean: float | None = None
    """Mean of the example means that took part."""

    candidate_mean: float | None = None
    """Mean of the example means that took part."""

    difference: float | None = None
    """Candidate minus baseline."""

    ci95: Interval | None = None
    """95 % interval of the difference; None where nothing can be said."""

    p: float | None = None
    """Two-sided p-value of no difference."""

    p_adjusted: float | None = None
    """The same after Holm's correction over the scores compared together."""

    effect_size: float | None = None
    """Mean over standard deviation of the differences by example (Cohen's d_z)."""

    wins: int = 0
    """Examples in which the candidate has the better mean: the higher one, but for
    scores of which lower is better."""

    ties: int = 0
    """Examples with equal means."""

    losses: int = 0
    """Examples in which the candidate has the worse mean."""

    higher_is_better: bool = True
    """Direction: whether a higher value of the score is the better one."""

    def __str__(self) -> str:
        return comparison_text(self)

    @property
    def shown(self) -> bool:
        """Whether the runs differ more than noise explains, after correction."""
        return self.p_adjusted is not None and self.p_adjusted < LEVEL

    @property
    def verdict(self) -> str:
        """``higher``, ``lower`` or ``not shown``, of the candidate."""
        if not self.shown or not self.difference:
            return "not shown"
        return "higher" if self.difference > 0 else "lower"

    @property
    def is_better(self) -> bool | None:
        """Whether the candidate is shown to be better, or worse; None: not shown."""
        if self.verdict == "not shown":
            return None
        return (self.verdict == "higher") == self.higher_is_better

    @property
    def outcome(self) -> str:
        """``better``, ``worse`` or ``not shown``: the verdict by the direction."""
        if self.is_better is None:
            return "not shown"
        return "better" if self.is_better else "worse"


def compare(
    baseline: Iterable[Mapping[str, Any]],
    candidate: Iterable[Mapping[str, Any]],
    *,
    method: str = "t",
    lower_is_better: Container[str] = (),
    scores: Collection[str] | None = None,
) -> list[ScoreComparison]:
    """Compare every score of two runs, in the baseline's order.

    Paired over the examples that both runs have, trials averaged within. Yes/no with
    one trial each: McNemar's score test and Tango's interval. Else a t test on the
    differences by example, or resampling. Fewer than two common examples: Welch's t,
    unpaired.

    Args:
        baseline: Rows of ``sums`` of the one run, as for `summarize`.
        candidate: Rows of the other.
        method: ``t``, or ``resampling`` for BCa bootstrap and permutation of whole
            examples (seeded, so that the answer is the same every time).
        lower_is_better: Scores of which a lower value is better, beside those that
            `higher_is_better` knows. It says what a win is, and changes no figure.
        scores: Only these; without, all but those that stand beside another
            (``tone · people``), which are compared where they are asked for alone.

    Raises:
        MissingExtraError: The extra ``evals`` is not installed.
    """
    before, after = collect(baseline), collect(candidate)
    return corrected(uncorrected(before, after, method, lower_is_better, scores))


def uncorrected(
    before: Mapping[str, ScoreSums],
    after: Mapping[str, ScoreSums],
    method: str,
    lower_is_better: Container[str] = (),
    scores: Collection[str] | None = None,
) -> list[ScoreComparison]:
    """Compare every score, each as if it were alone: without `p_adjusted`."""
    if method not in ("t", "resampling"):
        raise ValueError(f"method {method!r} is unknown; take 't' or 'resampling'")
    known = {**after, **before}
    names = [
        name
        for name in (*before, *(name for name in after if name not in before))
        if (name in scores if scores is not None else not known[name].beside)
    ]
    return [
        _directed(
            _compare_score(name, before.get(name), after.get(name), method),
            upwards=higher_is_better(known[name].beside or name, lower=lower_is_better),
        )
        for name in names
    ]


def _directed(found: ScoreComparison, *, upwards: bool) -> ScoreComparison:
    """Return the same with wins and losses by the score's direction."""
    if upwards:
        return found
    wins, losses = found.losses, found.wins
    return replace(found, wins=wins, losses=losses, higher_is_better=False)


def corrected(compared: Sequence[ScoreComparison]) -> list[ScoreComparison]:
    """Return the same with p-values corrected over all that have one."""
    adjusted = iter(holm([one.p for one in compared if one.p is not None]))
    return [
        one if one.p is None else replace(one, p_adjusted=next(adjusted))
        for one in compared
    ]


def _compare_score(
    name: str, before: ScoreSums | None, after: ScoreSums | None, method: str
) -> ScoreComparison:
    old = before.by_example() if before else {}
    new = after.by_example() if after else {}
    common = [example_id for example_id in old if example_id in new]
    if before is None or after is None:
        known, where = (before, "baseline") if before else (after, "candidate")
        type = known.type if known else "label"
        result = ScoreComparison(name, type, f"only the {where} has this score")
    elif reason := lacking(before, after):
        type = "label" if reason == NO_MEAN else (before if old else after).type
        result = ScoreComparison(name, type, reason)
    else:
        pairs = [(old[example_id], new[example_id]) for example_id in common]
        result = _of_both(name, before, after, pairs, method)
    return replace(
        result,
        n_examples=len(common),
        n_baseline_only=len(old) - len(common),
        n_candidate_only=len(new) - len(common),
    )


def lacking(before: ScoreSums, after: ScoreSums) -> str | None:
    """Return why two runs of one score have no two means, in words; None: they have."""
    named = {"the baseline": before, "the candidate": after}
    empty = {
        who: one
        for who, one in named.items()
        if not one.labels and not one.by_example()
    }
    if any(one.type == "label" for who, one in named.items() if who not in empty):
        return NO_MEAN
    if not empty:
        return None
    n_missing = sum(one.n_missing for one in empty.values())
    n_errors = sum(one.n_errors for one in empty.values())
    who = "neither run" if len(empty) > 1 else next(iter(empty))
    has = "has a value" if len(empty) > 1 else "has no value"
    return f"{who} {has}: {n_missing} missing, {n_errors} errors"


def _of_both(
    name: str, before: ScoreSums, after: ScoreSums, pairs: Pairs, method: str
) -> ScoreComparison:
    type = "bool" if before.type == after.type == "bool" else "number"
    most = most_difference(shared_scale(before, after))
    if len(pairs) < 2:
        result = _unpaired(name, type, before, after)
    else:
        result = _paired(name, type, pairs, method, most)
    return replace(result, ci95=_within(result.ci95, most))


def _paired(
    name: str,
    type: str,
    pairs: Pairs,
    method: str,
    most: float,
) -> ScoreComparison:
    old = [total / count for (count, total), _ in pairs]
    new = [total / count for _, (count, total) in pairs]
    differences = [after - before for before, after in zip(old, new, strict=True)]
    higher = sum(difference > TIE for difference in differences)
    lower = sum(difference < -TIE for difference in differences)
    interval: Interval | None
    single = all(before[0] == after[0] == 1 for before, after in pairs)
    if type == "bool" and single and method == "t":
        how = "McNemar's score test, paired by example"
        interval = paired_proportions_interval(higher, lower, len(pairs))
        p = mcnemar_score(higher, lower)
    else:
        how, interval, p = _test_differences(differences, higher, lower, method, most)
    spread = _clusters(differences).sd
    mean = fsum(differences) / len(differences)
    return ScoreComparison(
        name,
        type,
        how,
        paired=True,
        baseline_mean=fsum(old) / len(old),
        candidate_mean=fsum(new) / len(new),
        difference=mean,
        ci95=interval,
        p=p,
        effect_size=mean / spread if spread else None,
        wins=higher,
        ties=len(pairs) - higher - lower,
        losses=lower,
    )


def _test_differences(
    differences: list[float], higher: int, lower: int, method: str, most: float
) -> tuple[str, Interval | None, float]:
    """Return method, interval and p-value of differences by example.

    Args:
        differences: Candidate minus baseline.
        higher: How many are above 0.
        lower: How many are below.
        method: As for `compare`.
        most: How far two values can lie apart; infinite where nobody says.
    """
    sums = _clusters(differences)
    interval = mean_interval(sums, scale=None if isinf(most) else (-most, most))
    error = sums.standard_error
    if not error:
        how = "sign test, paired by example: all differences are equal, so no interval"
        return how, None, sign_test(higher, lower)
    if method == "resampling":
        how = "BCa bootstrap and permutation over examples, paired"
        return how, bootstrap_interval(differences), permutation_test(differences)
    p = t_test(sums.sum / sums.n, error, sums.n_clusters - 1)
    return "t test on differences by example", interval, p


def _unpaired(name: str, type: str, old: ScoreSums, new: ScoreSums) -> ScoreComparison:
    before, after = _example_means(old), _example_means(new)
    old_mean, new_mean = before.sum / before.n, after.sum / after.n
    result = ScoreComparison(
        name,
        type,
        "unpaired: the runs share fewer than two examples",
        baseline_mean=old_mean,
        candidate_mean=new_mean,
        difference=new_mean - old_mean,
    )
    old_error, new_error = before.standard_error, after.standard_error
    if old_error is None or new_error is None or not (old_error or new_error):
        return result
    error = hypot(old_error, new_error)
    old_part, new_part = (old_error / error) ** 2, (new_error / error) ** 2
    degrees = 1 / (old_part**2 / (before.n - 1) + new_part**2 / (after.n - 1))
    half = t_quantile(degrees, 0.975) * error
    difference = new_mean - old_mean
    return replace(
        result,
        method="unpaired, Welch's t: the runs share fewer than two examples",
        ci95=(difference - half, difference + half),
        p=t_test(difference, error, degrees),
    )


def _example_means(sums: ScoreSums) -> ClusterSums:
    return _clusters(total / count for count, total, _ in sums.examples())


def _within(interval: Interval | None, most: float) -> Interval | None:
    """Return what of an interval two values can lie apart."""
    if interval is None:
        return None
    return max(-most, interval[0]), min(most, interval[1])


def _clusters(values: Iterable[float]) -> ClusterSums:
    return ClusterSums.of((1, value, value * value) for value in values)
