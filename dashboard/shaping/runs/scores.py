"""What one run says of its scores: figures, distribution, noise, measures."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from math import isinf
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.runs.evaluations import (
    bounds,
    caution_key,
    headline,
    interval_words,
)
from dashboard.shaping.runs.listing import heading
from tracer.stats import MeasureSummary, Plan, ScoreSummary, wilson

Row = Mapping[str, Any]

MOST_BARS: Final = 12
"""Bars of a distribution: beyond so many different values they are put together."""
MOST_LABELS: Final = 30
PLANNED_TRIALS: Final = (1, 3, 5, 10)


def columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the table of all scores of a run."""
    return [
        Column("score", texts["score"], "minmax(90px, 1fr)"),
        Column("mean", texts["mean"], "max-content", end=True),
        Column("interval", texts["interval"], "max-content", end=True),
        Column("n", texts["values"], "max-content", end=True),
        Column("missing", texts["missing"], "max-content", end=True),
        Column("errors", texts["failed"], "max-content", end=True),
        Column("flaky", texts["flaky"], "max-content", end=True),
        Column("passes", texts["passes"], "max-content", help=texts["passes_help"]),
        Column("between", texts["between"], "max-content", help=texts["between_help"]),
        Column("sees", texts["sees"], "max-content", help=texts["sees_help"]),
    ]


def rows(
    scores: Mapping[str, ScoreSummary],
    texts: Mapping[str, str],
    *,
    points: str,
    lower: Container[str] = (),
) -> list[dict[str, Any]]:
    """Return every score of a run with its interval and what is not in its mean."""
    return [
        cells.row(
            name,
            score=cells.words(heading(name, lower=lower, most=40), title=name),
            mean=cells.words(headline(summary)),
            interval=_interval(summary, texts),
            n=numbers.count(summary.n or sum(summary.labels.values())),
            missing=cells.failures(summary.n_missing),
            errors=cells.failures(summary.n_errors),
            flaky=_flaky(summary),
            passes=_passes(summary),
            between=_between(summary),
            sees=_sees(summary, texts, points),
        )
        for name, summary in scores.items()
    ]


def _interval(summary: ScoreSummary, texts: Mapping[str, str]) -> Cell:
    """Return the interval of a mean, and what to know before it is read."""
    if summary.caution is None:
        return bounds(summary)
    told = texts[f"{caution_key(summary.caution)}_help"]
    words = interval_words(summary, texts)
    return cells.words(words, title=told.format(n=summary.n_examples), soft=True)


def tries(summary: ScoreSummary) -> int:
    """Return how often an example was tried, rounded."""
    return round(summary.n / summary.n_examples) if summary.n_examples else 0


def _flaky(summary: ScoreSummary) -> str | None:
    """Return how many examples both passed and failed; None where none could."""
    is_tried = summary.type == "bool" and tries(summary) > 1
    return numbers.count(len(summary.flaky)) if is_tried else None


def _passes(summary: ScoreSummary) -> Cell:
    k = tries(summary)
    if summary.type != "bool" or k < 2:
        return None
    at, hat = summary.pass_at(k), summary.pass_hat(k)
    title = "\n".join(
        f"{name}{k} {numbers.percent(rate.mean)}, 95% {_ends(rate.ci95)}, "
        f"n {rate.n_examples}"
        for name, rate in (("pass@", at), ("pass^", hat))
    )
    shown = f"@{k} {numbers.percent(at.mean)} · ^{k} {numbers.percent(hat.mean)}"
    return cells.words(shown, title=title)


def _ends(interval: tuple[float, float] | None) -> str:
    if interval is None:
        return numbers.NOTHING
    return " – ".join(numbers.percent(end) for end in interval)


def _between(summary: ScoreSummary) -> Cell:
    split = summary.variance
    if split is None or split.share_between is None:
        return None
    return f"{split.share_between:.0%}"


def _sees(summary: ScoreSummary, texts: Mapping[str, str], points: str) -> Cell:
    seen = summary.detectable_difference
    if seen is None:
        return None
    if summary.type != "bool":
        return f"≥ {numbers.figure(seen)}"
    if seen > 1:
        return texts["sees_none"]
    return f"≥ {seen * 100:.1f} {points}"


def distribution_columns(
    texts: Mapping[str, str], *, labels: bool = False
) -> list[Column]:
    """Return the columns of a distribution; shares of labels have an interval."""
    interval = Column("interval", texts["interval"], "max-content", end=True)
    return [
        Column("value", texts["value"], "max-content"),
        Column("bar", texts["values"], "minmax(120px, 1fr)"),
        Column("share", texts["share"], "max-content", end=True),
        *([interval] if labels else []),
    ]


def distribution(
    summary: ScoreSummary, sums: Iterable[Row], texts: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return how often each value came; what is missing or failed stands below.

    Labels have the interval of their share, as if every value were an example of its
    own where examples were tried once; else none, for trials are not independent.
    """
    bars = _bars(summary, sums, texts)
    total = sum(n for _, n in bars)
    lacking = [
        (texts["missing"], summary.n_missing),
        (texts["failed"], summary.n_errors),
    ]
    most = max([n for _, n in bars] + [n for _, n in lacking], default=0)
    single = summary.type == "label" and total == summary.n_examples
    drawn = [
        cells.row(
            f"{place}",
            value=cells.words(name),
            bar=cells.bar(n, most=most, text=numbers.count(n)),
            share=numbers.percent(n / total) if total else None,
            interval=_ends(wilson(n / total, total)) if single else None,
        )
        for place, (name, n) in enumerate(bars)
    ]
    return drawn + [
        cells.row(
            f"lacking-{name}",
            value=cells.words(name, soft=True),
            bar=cells.bar(n, most=most, text=numbers.count(n)),
        )
        for name, n in lacking
        if n
    ]


def _bars(
    summary: ScoreSummary, sums: Iterable[Row], texts: Mapping[str, str]
) -> list[tuple[str, int]]:
    if summary.type == "label":
        common = sorted(summary.labels.items(), key=lambda pair: (-pair[1], pair[0]))
        rest = sum(n for _, n in common[MOST_LABELS:])
        return common[:MOST_LABELS] + [(texts["others"], rest)] * bool(rest)
    found: Counter[float] = Counter()
    for row in sums:
        if row["score"] == summary.name:
            found.update(row["values"] or ())
    if summary.type == "bool" and set(found) <= {0.0, 1.0}:
        return [(texts["yes"], found[1.0]), (texts["no"], found[0.0])]
    if len(found) <= MOST_BARS:
        return [(numbers.figure(one), n) for one, n in sorted(found.items())]
    return _bins(found)


def _bins(found: Mapping[float, int]) -> list[tuple[str, int]]:
    """Return equal bins from the least to the greatest value."""
    low, high = min(found), max(found)
    width = (high - low) / MOST_BARS
    counts = [0] * MOST_BARS
    for one, n in found.items():
        counts[min(MOST_BARS - 1, int((one - low) / width))] += n
    edges = [low + width * place for place in range(MOST_BARS + 1)]
    return [
        (f"{numbers.figure(edges[place])} – {numbers.figure(edges[place + 1])}", n)
        for place, n in enumerate(counts)
    ]


def quantiles(summary: ScoreSummary, texts: Mapping[str, str]) -> str:
    """Return least, quartiles and greatest value in one line; empty for labels."""
    if summary.type != "number" or not summary.quantiles:
        return ""
    names = {0.0: texts["min"], 0.25: "25%", 0.5: "50%", 0.75: "75%", 1.0: texts["max"]}
    parts = [
        f"{name} {numbers.figure(summary.quantiles[at])}" for at, name in names.items()
    ]
    return " · ".join([*parts, f"{texts['sd']} {numbers.figure(summary.sd)}"])


def plan_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of what it takes to show a difference."""
    return [
        Column(key, texts[key], "1fr", end=True)
        for key in ("trials", "examples", "calls")
    ]


def plan_rows(plans: Iterable[Plan]) -> list[dict[str, Any]]:
    """Return how many examples it takes for each number of trials."""
    return [
        cells.row(
            str(plan.trials),
            trials=numbers.count(plan.trials),
            examples=numbers.count(plan.n_examples),
            calls=numbers.count(plan.n_predictions),
        )
        for plan in plans
    ]


def rounded(number: float) -> float:
    """Return a number in two figures, to begin an input with."""
    return float(f"{number:.2g}")


def measure_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of what a run took."""
    return [
        Column("measure", texts["measure"], "minmax(120px, 1fr)"),
        *(
            Column(key, texts[key], "max-content", end=True)
            for key in ("mean", "p50", "p95", "total")
        ),
        Column("n", texts["predictions"], "max-content", end=True),
        Column("unknown", texts["unknown"], "max-content", end=True),
    ]


def measure_rows(
    measures: Mapping[str, MeasureSummary], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what a run took, each figure with its 95 % interval."""
    return [
        cells.row(
            name,
            measure=cells.words(names[name]),
            mean=_figure(name, measure.mean, measure.ci95),
            n=numbers.count(measure.n),
            unknown=numbers.count(measure.n_missing),
            **_quantile_cells(name, measure),
        )
        for name, measure in measures.items()
    ]


def _quantile_cells(name: str, measure: MeasureSummary) -> dict[str, Cell]:
    if measure.type == "bool":
        return {}
    summed = name != "latency_ms"
    return dict(
        p50=_figure(name, measure.p50, measure.p50_ci95),
        p95=_figure(name, measure.p95, measure.p95_ci95),
        total=measure_text(name, measure.total) if summed else None,
    )


def _figure(
    name: str, number: float | None, interval: tuple[float, float] | None
) -> Cell:
    if number is None:
        return None
    shown = measure_text(name, number)
    if interval is None:
        return shown
    low, high = ("?" if isinf(end) else measure_text(name, end) for end in interval)
    return cells.words(f"{shown} [{low}, {high}]", title=f"95% {low} – {high}")


def measure_text(name: str, number: float | None) -> str:
    """Return a value of a measure in its unit."""
    if name.startswith("latency_"):
        return numbers.duration(number)
    if name == "cost_usd":
        return numbers.money(number)
    if name == "failed":
        return numbers.percent(number)
    if number is None or number >= 1000:
        return numbers.compact(number)
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def slice_keys(examples: Sequence[Row], *, most: int = 50) -> list[str]:
    """Return the metadata that tell examples apart in groups, by name."""
    found: dict[str, set[str]] = {}
    for row in examples:
        for key, item in (row["metadata"] or {}).items():
            if isinstance(item, str | bool | int | float):
                found.setdefault(key, set()).add(str(item))
    return sorted(key for key, values in found.items() if 2 <= len(values) <= most)
