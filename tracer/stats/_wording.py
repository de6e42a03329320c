"""Figures as people read them: shares in percent, the rest in four digits."""

from collections.abc import Callable, Iterable, Mapping
from math import isinf
from typing import TYPE_CHECKING, Final

from tracer._aligned import aligned
from tracer.errors import MissingExtraError

if TYPE_CHECKING:
    from tracer.stats._agreement import Agreement
    from tracer.stats._comparison import ScoreComparison
    from tracer.stats._intervals import Interval
    from tracer.stats._measures import MeasureSummary
    from tracer.stats._summary import ScoreSummary


def value_text(value: float | None, type: str) -> str:
    """Return a value; yes/no as percent, nothing as an empty text."""
    if value is None:
        return ""
    return f"{100 * value:.1f} %" if type == "bool" else f"{value:.4g}"


def difference_text(value: float | None, type: str) -> str:
    """Return a difference with its sign; of yes/no in percentage points."""
    if value is None:
        return ""
    return f"{100 * value:+.1f} pp" if type == "bool" else f"{value:+.4g}"


def mean_text(summary: "ScoreSummary") -> str:
    """Return the mean, or the three most frequent labels with their counts."""
    if summary.type != "label":
        return value_text(summary.mean, summary.type)
    frequent = sorted(summary.labels.items(), key=lambda pair: -pair[1])[:3]
    return ", ".join(f"{label} {n}" for label, n in frequent)


CAUTIONS: Final[Mapping[str, str]] = {
    "alike": "no spread seen",
    "whole scale": "the whole scale",
    "two examples": "2 examples are too few",
}
"""What `ScoreSummary.caution` says, in words that stand behind an interval."""


def interval_text(summary: "ScoreSummary") -> str:
    """Return the 95 % interval of a mean and what to know of it, or what it needs."""
    return ", ".join(filter(None, _interval_and_caution(summary)))


def _interval_and_caution(summary: "ScoreSummary") -> tuple[str, str]:
    try:
        ends = _ends(summary.ci95, lambda end: value_text(end, summary.type))
        return ends, CAUTIONS.get(summary.caution or "", "")
    except MissingExtraError:
        return "needs tracer-evals[evals]", ""


NONE_VISIBLE = "none"
"""Of a run so small that only shares further apart than 0 and 1 would show."""


def visible_text(summary: "ScoreSummary") -> str:
    """Return the smallest difference that such a run can show; empty if unknown."""
    try:
        visible = summary.detectable_difference
    except MissingExtraError:
        return ""
    if visible is None:
        return ""
    if summary.type != "bool":
        return f"{visible:.3g}"
    return NONE_VISIBLE if visible > 1 else f"{100 * visible:.1f} pp"


def summary_text(summary: "ScoreSummary") -> str:
    """Return one line on a score, never a figure without its n."""
    parts = [f"{summary.name}: {mean_text(summary) or 'no value'}"]
    ends, caution = _interval_and_caution(summary)
    parts += [f"95 % {ends}"] if ends else []
    parts += [caution] if caution else []
    parts.append(f"n {summary.n} from {summary.n_examples} examples")
    parts += [f"{summary.n_missing} missing"] if summary.n_missing else []
    parts += [f"{summary.n_errors} errors"] if summary.n_errors else []
    if visible := visible_text(summary):
        seen = "no difference" if visible == NONE_VISIBLE else f"≥ {visible}"
        parts.append(f"this run can see {seen}")
    return " · ".join(parts)


COLUMNS = (
    *("score", "mean", "95 % interval", "n", "examples"),
    *("missing", "errors", "can see ≥"),
)
"""Heads of `summaries_text`."""


def summaries_text(summaries: "Iterable[ScoreSummary]") -> str:
    """Return a table with a line for every score."""
    lines = [
        (
            one.name,
            mean_text(one),
            interval_text(one),
            *map(str, (one.n, one.n_examples, one.n_missing, one.n_errors)),
            visible_text(one),
        )
        for one in summaries
    ]
    return aligned([COLUMNS, *lines]) if lines else "no scores"


def measure_text(measure: "MeasureSummary") -> str:
    """Return one line on a measure, 95 % intervals in brackets, with its n."""
    parts = [_figure("mean", measure.mean, lambda: measure.ci95, measure.type)]
    if measure.type != "bool":
        parts.append(_figure("p50", measure.p50, lambda: measure.p50_ci95, "number"))
        parts.append(_figure("p95", measure.p95, lambda: measure.p95_ci95, "number"))
    parts.append(f"n {measure.n} from {measure.n_examples} examples")
    parts += [f"{measure.n_missing} unknown"] if measure.n_missing else []
    return f"{measure.name}: " + " · ".join(parts)


def _figure(
    name: str,
    value: float | None,
    interval: "Callable[[], Interval | None]",
    type: str,
) -> str:
    told = f"{name} {value_text(value, type)}"
    ends = _ends(interval(), lambda end: "?" if isinf(end) else value_text(end, type))
    return f"{told} ({ends})" if ends else told


def comparison_text(found: "ScoreComparison") -> str:
    """Return one line on a comparison, with its method and its n."""
    if found.difference is None:
        return f"{found.name}: {found.method}"
    parts = [f"{found.name}: {difference_text(found.difference, found.type)}"]
    if ends := _ends(found.ci95, lambda end: difference_text(end, found.type)):
        parts.append(f"95 % {ends}")
    if found.p_adjusted is not None:
        parts.append(f"p {found.p_adjusted:.3g} corrected, {_verdict_text(found)}")
    parts.append(f"{found.wins} won, {found.ties} tied, {found.losses} lost")
    parts.append(f"{found.n_examples} common examples")
    return " · ".join([*parts, found.method])


def agreement_text(found: "Agreement") -> str:
    """Return one line on how far two raters agree, with its n."""
    kappa = "no kappa, all ratings are the same"
    if found.kappa is not None:
        weights = "" if found.weights == "none" else f" ({found.weights} weights)"
        kappa = f"kappa {found.kappa:.2f}{weights}"
        ends = _ends(found.kappa_ci95, lambda end: f"{end:.2f}")
        kappa += f", 95 % {ends}" if ends else ", no interval"
    parts = [kappa]
    for name, value, interval, told in (
        ("equal", found.exact, found.exact_ci95, _percent),
        ("difference", found.mean_difference, found.difference_ci95, _signed),
    ):
        if value is not None:
            ends = _ends(interval, told)
            parts.append(f"{name} {told(value)}" + (f", 95 % {ends}" if ends else ""))
    parts.append(f"n {found.n} from {found.n_clusters} examples")
    return " · ".join(parts)


def _percent(value: float) -> str:
    return value_text(value, "bool")


def _signed(value: float) -> str:
    return difference_text(value, "number")


def _verdict_text(found: "ScoreComparison") -> str:
    """Return the verdict; where lower is better it says which way is which."""
    if found.higher_is_better or not found.shown:
        return found.verdict
    return f"{found.verdict}, which is {found.outcome}"


def _ends(interval: "Interval | None", told: Callable[[float], str]) -> str:
    return "" if interval is None else " to ".join(map(told, interval))
