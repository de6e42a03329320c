"""What two runs took against each other: means, and percentiles of latency."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tracer.stats._comparison import ScoreComparison, corrected, uncorrected
from tracer.stats._contrasts import Contrast, quantile_change
from tracer.stats._measures import Measures, measure_sums, summarize_measures
from tracer.stats._sums import collect

Rows = Iterable[Mapping[str, Any]]

LATENCY = "latency_ms"
"""The measure of which percentiles are compared."""


def compare_measures(
    baseline: Rows, candidate: Rows, *, percentiles: Sequence[int] = ()
) -> list[ScoreComparison]:
    """Compare what two runs took: latency, tokens, cost, failures; lower is better.

    As `compare`, corrected over everything that is returned.

    Args:
        baseline: Rows of the one run, as for `summarize_measures`.
        candidate: Rows of the other.
        percentiles: Of latency, as ``(50, 95)``: each comes behind the mean, as
            ``latency_p50_ms``; what is called mean in it is the percentile.
    """
    old, new = list(baseline), list(candidate)
    before, after = collect(measure_sums(old)), collect(measure_sums(new))
    found: list[ScoreComparison] = []
    for one in uncorrected(before, after, "t"):
        found.append(one)
        if one.name == LATENCY and percentiles:
            measures = summarize_measures(old), summarize_measures(new)
            found += _percentiles(*measures, percentiles)
    return corrected(found)


def _percentiles(
    old: Measures, new: Measures, percentiles: Sequence[int]
) -> Iterator[ScoreComparison]:
    """Yield the percentiles of latency that both runs have."""
    before, after = old.get(LATENCY), new.get(LATENCY)
    if before is None or after is None:
        return
    for percent in percentiles:
        found = quantile_change(before.values, after.values, percent / 100)
        if found is not None:
            yield _as_comparison(f"latency_p{percent}_ms", found)


def _as_comparison(name: str, found: Contrast) -> ScoreComparison:
    sides = found.p_above(0.0), found.p_below(0.0)
    p = 2 * min(p for p in sides if p is not None)  # known, as two examples share it
    return ScoreComparison(
        name,
        "number",
        found.method,
        paired=True,
        n_examples=found.n_examples,
        baseline_mean=found.baseline,
        candidate_mean=found.candidate,
        difference=found.estimate,
        ci95=found.interval(0.95),
        p=p,
        higher_is_better=False,
    )
