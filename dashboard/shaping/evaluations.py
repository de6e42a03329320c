"""Evaluation runs: the list of them, and one run as a grid of examples and trials."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.messages import pretty
from dashboard.shaping.previews import one_line
from tracer.stats import ScoreSummary

Row = Mapping[str, Any]

MOST_SCORES: Final = 3
"""Scores that have columns of their own in the list of runs."""

_DATE: Final = re.compile(r"-\d{4}-\d{2}-\d{2}-")
"""In a name that a run was given; its start stands in a column beside."""


def value(kind: str, number: float | None) -> str:
    """Return a score or a mean: yes/no as per cent, numbers as they are."""
    return numbers.percent(number) if kind == "bool" else numbers.figure(number)


def bounds(summary: ScoreSummary) -> str:
    """Return the 95 % interval of a mean in words, a dash where there is none."""
    if summary.ci95 is None:
        return numbers.NOTHING
    low, high = (value(summary.type, end) for end in summary.ci95)
    return f"{low} – {high}"


def run_columns(texts: Mapping[str, str], scores: Sequence[str]) -> list[Column]:
    """Return the columns of the list of runs: what it was, its scores, what it took."""
    return [
        Column("status", texts["status"], "max-content"),
        Column("name", texts["name"], "minmax(max-content, 1.4fr)"),
        Column("start", texts["start"], "max-content"),
        Column("model", texts["model"], "max-content"),
        Column("dataset", texts["dataset"], "minmax(60px, 1fr)"),
        Column("n", texts["n"], "max-content", end=True, help=texts["n_help"]),
        *(
            Column(
                f"score:{name}",
                name,
                "max-content",
                end=True,
                help=texts["score_help"],
            )
            for name in scores[:MOST_SCORES]
        ),
        *_more_column(scores[MOST_SCORES:]),
        Column("errors", texts["errors"], "max-content", end=True),
        Column("latency", texts["latency"], "max-content", end=True),
        Column("cost", texts["cost"], "max-content", end=True),
    ]


def _more_column(names: Sequence[str]) -> list[Column]:
    label = f"+{len(names)}"
    return [Column("more", label, "max-content", help=", ".join(names))] * bool(names)


def score_names(summaries: Iterable[Mapping[str, ScoreSummary]]) -> list[str]:
    """Return the scores of runs that have a mean, commonest first."""
    seen = Counter(
        name
        for scores in summaries
        for name, summary in scores.items()
        if summary.mean is not None
    )
    return sorted(seen, key=lambda name: (-seen[name], name))


def first_shown(scores: Mapping[str, ScoreSummary]) -> str:
    """Return the score that a run opens on: the first that is no label."""
    measured = (name for name, found in scores.items() if found.type != "label")
    return next(measured, next(iter(scores)))


def run_rows(
    runs: Iterable[Row],
    summaries: Mapping[str, Mapping[str, ScoreSummary]],
    texts: Mapping[str, str],
    *,
    names: Sequence[str],
    statuses: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return the list of runs; `summaries` by run id and score bring the intervals.

    The first of the scores named have columns of their own, the others share one.
    Statuses are called what `statuses` calls them.
    """
    return [
        cells.row(
            run["id"],
            status=cells.status(run["status"], statuses),
            **_run_cells(run, summaries.get(run["id"], {}), texts, names[MOST_SCORES:]),
        )
        for run in runs
    ]


def _run_cells(
    run: Row,
    scores: Mapping[str, ScoreSummary],
    texts: Mapping[str, str],
    others: Sequence[str],
) -> dict[str, Cell]:
    shown = {f"score:{name}": _mean(summary, texts) for name, summary in scores.items()}
    made, planned = run["n_predictions"], run["n_planned"]
    progress = texts["made_of" if planned else "made"]
    name = run["display_name"] or run["name"]
    short = cells.middle_cut(_DATE.sub("…", name, count=1))
    return dict(
        name=cells.words(short, title=f"{name}\n{run['id']}"),
        model=cells.words(
            cells.middle_cut(run["model"], most=22), title=run["model"], soft=True
        ),
        dataset=cells.words(run["dataset"], soft=True),
        n=cells.words(
            f"{run['n_examples']} × {trials(run)}",
            title=progress.format(made=made, planned=planned),
        ),
        errors=cells.words(run["n_errors"] or None, tone="bad"),
        latency=numbers.duration(run["latency_p50_ms"]),
        cost=numbers.money(run["cost_usd"]),
        start=cells.time(run["start_ns"]),
        more=_more([scores[name] for name in others if name in scores], texts),
        **shown,
    )


def run_name(run: Row) -> str:
    """Return a run in one line, for a list to choose from."""
    start = str(run["start"])[:19].replace("T", " ")
    parts = [run["display_name"] or run["name"], run["model"], f"{start} UTC"]
    return " · ".join(str(part) for part in parts if part)


def headline(summary: ScoreSummary) -> str:
    """Return a score's mean, or its commonest label with its share."""
    if summary.type != "label":
        return value(summary.type, summary.mean)
    if not summary.labels:
        return numbers.NOTHING
    label, n = max(summary.labels.items(), key=lambda pair: pair[1])
    return f"{label} {n / sum(summary.labels.values()):.0%}"


def note(summary: ScoreSummary, texts: Mapping[str, str]) -> str:
    """Return how many values a mean is over, and what is missing from it."""
    parts = [
        texts["n_line"].format(
            n=numbers.count(summary.n or sum(summary.labels.values())),
            examples=numbers.plural(summary.n_examples, texts["examples"]),
        ),
        texts["missing"].format(n=summary.n_missing) if summary.n_missing else "",
        texts["failed"].format(n=summary.n_errors) if summary.n_errors else "",
        texts["flaky_line"].format(n=len(summary.flaky)) if summary.flaky else "",
    ]
    return " · ".join(part for part in parts if part)


def noise(summary: ScoreSummary, texts: Mapping[str, str]) -> list[str]:
    """Return in sentences what a run can see and where its noise comes from."""
    lines = []
    if seen := _visible(summary, texts):
        lines.append(seen)
    split = summary.variance
    if split is not None and split.share_between is not None:
        lines.append(
            texts["split_line"].format(
                score=summary.name, share=f"{split.share_between:.0%}"
            )
        )
    k = round(summary.n / summary.n_examples) if summary.n_examples else 0
    if summary.type == "bool" and k > 1:
        at, hat = summary.pass_at(k).mean, summary.pass_hat(k).mean
        lines.append(
            texts["pass_line"].format(
                score=summary.name,
                k=k,
                at=numbers.percent(at),
                hat=numbers.percent(hat),
            )
        )
    return lines


def _visible(summary: ScoreSummary, texts: Mapping[str, str]) -> str | None:
    """Return what a run can show of one score; shares differ by 100 points at most."""
    seen, name = summary.detectable_difference, summary.name
    if seen is None:
        return None
    if summary.type != "bool":
        return texts["sees_line"].format(score=name, difference=numbers.figure(seen))
    if seen > 1:
        return texts["sees_nothing_line"].format(score=name)
    return texts["sees_share_line"].format(score=name, points=f"{seen * 100:.1f}")


def trials(run: Row) -> str:
    """Return the trials of an example (``3``; ``2.5`` where they differ)."""
    if not run["n_examples"]:
        return numbers.NOTHING
    return f"{run['n_predictions'] / run['n_examples']:.2g}"


def _mean(summary: ScoreSummary, texts: Mapping[str, str]) -> Cell:
    if summary.mean is None:
        return None
    examples = numbers.plural(summary.n_examples, texts["examples"])
    title = f"n {summary.n} · {examples} · 95% {bounds(summary)}"
    return cells.words(_mean_and_ends(summary), title=title)


def _mean_and_ends(summary: ScoreSummary) -> str:
    number = summary.mean or 0.0
    is_large = summary.type == "number" and abs(number) >= 10_000
    mean = numbers.compact(number) if is_large else value(summary.type, summary.mean)
    if summary.ci95 is None:
        return mean
    low, high = (_end(summary.type, end) for end in summary.ci95)
    return f"{mean} [{low}, {high}]"


def _end(kind: str, end: float) -> str:
    if kind == "bool":
        return f"{end * 100:.0f}"
    return numbers.compact(end) if abs(end) >= 1000 else f"{end:.3g}"


def _more(summaries: Sequence[ScoreSummary], texts: Mapping[str, str]) -> Cell:
    if not summaries:
        return None
    lines = [f"{summary.name} {_mean_and_ends(summary)}" for summary in summaries]
    shown = texts["more_scores"].format(n=len(lines))
    return cells.words(shown, title="\n".join(lines), soft=True)


def run_facts(run: Row, texts: Mapping[str, str]) -> list[tuple[str, Cell]]:
    """Return what is known of a run, label and value; unknown things left out."""
    ends = (run["latency_p50_ms"], run["latency_p95_ms"])
    latency = [numbers.duration(end) for end in ends]
    version = f" · {run['dataset_version']}" if run["dataset_version"] else ""
    pairs: list[tuple[str, Cell]] = [
        (texts["model"], cells.words(run["model"])),
        (
            texts["dataset"],
            cells.words(f"{run['dataset']}{version}" if run["dataset"] else None),
        ),
        (texts["examples"], f"{run['n_examples']} × {trials(run)}"),
        (texts["errors"], cells.words(run["n_errors"] or None, tone="bad")),
        (texts["start"], cells.time(run["start_ns"])),
        (texts["latency"], " / ".join(latency)),
        (texts["cost"], numbers.money(run["cost_usd"])),
        (
            texts["judge_cost"],
            numbers.money(run["judge_cost_usd"]) if run["judge_cost_usd"] else None,
        ),
        *(
            (key, cells.words(one_line(pretty(item))))
            for key, item in (run["metadata"] or {}).items()
        ),
    ]
    return [(label, shown) for label, shown in pairs if shown is not None]
