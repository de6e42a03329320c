"""Evaluation runs: the list of them, and one run as a grid of examples and trials."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Final, Protocol

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell
from dashboard.shaping.conversation.messages import pretty
from dashboard.shaping.conversation.previews import one_line
from tracer.stats import LOWER_IS_BETTER, Interval, ScoreSummary

Row = Mapping[str, Any]
Summaries = Mapping[str, Mapping[str, ScoreSummary]]
"""Run id to score to what the run says about it."""

SUMS: Final = (".total", ".share")
"""How the names of scores end in which judges sum up their others."""

MOST_FACTS: Final = 4
"""Of a run's metadata in its head; all stand in its section."""

_START: Final = "%Y-%m-%d %H:%M:%S"
_DATE: Final = re.compile(r"-\d{4}-\d{2}-\d{2}-")
"""In a name that a run was given; its start stands in a column beside."""


def value(kind: str, number: float | None) -> str:
    """Return a score or a mean: yes/no as per cent, numbers as they are."""
    return numbers.percent(number) if kind == "bool" else numbers.figure(number)


class Meant(Protocol):
    """A score with its mean and interval, of a list or of a run that was read."""

    @property
    def type(self) -> str:
        """``bool``, ``number`` or ``label``."""

    @property
    def mean(self) -> float | None:
        """Mean over all values; None for labels."""

    @property
    def ci95(self) -> Interval | None:
        """95 % interval of the mean."""


def bounds(summary: Meant) -> str:
    """Return the 95 % interval of a mean in words, a dash where there is none."""
    if summary.ci95 is None:
        return numbers.NOTHING
    low, high = (value(summary.type, end) for end in summary.ci95)
    return f"{low} – {high}"


def interval_words(summary: ScoreSummary, texts: Mapping[str, str]) -> str:
    """Return the interval of a mean and why it says little, whichever there is."""
    if summary.caution is None:
        return bounds(summary)
    ends = [bounds(summary)] if summary.ci95 else []
    told = texts[caution_key(summary.caution)].format(n=summary.n_examples)
    return " · ".join([*ends, told])


def interval_line(summary: ScoreSummary, texts: Mapping[str, str]) -> str:
    """Return the interval of a mean for a narrow tile, or why there is none."""
    if summary.ci95 is None and summary.caution is not None:
        return interval_words(summary, texts)
    return f"95%  {bounds(summary)}"


def caution_key(caution: str) -> str:
    """Return the name in the catalogue of why an interval says little."""
    return f"caution_{caution.replace(' ', '_')}"


def score_names(summaries: Iterable[Mapping[str, Meant]]) -> list[str]:
    """Return the scores of runs that have a mean, commonest first, else as declared."""
    seen = Counter(
        name
        for scores in summaries
        for name, summary in scores.items()
        if summary.mean is not None
    )
    return [name for name, _ in seen.most_common()]


def first_shown(scores: Mapping[str, ScoreSummary]) -> str:
    """Return the score that a run opens on: the first that is no label."""
    measured = (name for name, found in scores.items() if found.type != "label")
    return next(measured, next(iter(scores)))


def short_name(run: Row) -> str | None:
    """Return a run's name in little room; runs of one day differ at their ends."""
    name = run["display_name"] or run["name"]
    return cells.middle_cut(_DATE.sub("…", name, count=1)) if name else None


def run_name(run: Row, zone: tzinfo) -> str:
    """Return a run in one line, for a list to choose from; its start in a zone."""
    start = datetime.fromisoformat(str(run["start"])).astimezone(zone)
    parts = [run["display_name"] or run["name"], run["model"], f"{start:{_START}}"]
    return " · ".join(str(part) for part in parts if part)


def foremost(summaries: Iterable[ScoreSummary]) -> list[ScoreSummary]:
    """Return scores as they are shown where there is room for few.

    A judge's sum of its parts goes before them; what stands beside a score is last.
    """
    return sorted(
        summaries, key=lambda one: (bool(one.beside), not one.name.endswith(SUMS))
    )


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
    return f"{run['n_predictions'] / run['n_examples']:.1f}".removesuffix(".0")


def mean_and_ends(summary: Meant) -> str:
    """Return a mean with its interval in little room (``75.3% [68, 81]``)."""
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
    return (numbers.compact if abs(end) >= 1000 else numbers.three_digits)(end)


def run_facts(run: Row, texts: Mapping[str, str]) -> list[tuple[str, Cell]]:
    """Return what is known of a run, label and value; unknown things left out."""
    ends = (run["latency_p50_ms"], run["latency_p95_ms"])
    latency = [numbers.duration(end) for end in ends]
    pairs: list[tuple[str, Cell]] = [
        (texts["model"], cells.words(run["model"])),
        (texts["dataset"], _dataset(run)),
        (texts["examples"], f"{run['n_examples']} × {trials(run)}"),
        (texts["errors"], cells.words(run["n_errors"] or None, tone="bad")),
        (
            texts["score_errors"],
            cells.words(run["n_score_errors"] or None, tone="bad"),
        ),
        (texts["start"], cells.time(run["start_ns"])),
        (texts["latency"], " / ".join(latency)),
        (texts["cost"], numbers.money(run["cost_usd"])),
        (
            texts["judge_cost"],
            numbers.money(run["judge_cost_usd"]) if run["judge_cost_usd"] else None,
        ),
        *metadata_facts(run)[:MOST_FACTS],
    ]
    return [(label, shown) for label, shown in pairs if shown is not None]


def _dataset(run: Row) -> Cell:
    name, version = run["dataset"], run["dataset_version"]
    if not name or not version:
        return cells.words(name or None)
    shown = f"{name} · {cells.short_version(version)}"
    return cells.words(shown, title=f"{name} · {version}")


def metadata_facts(
    run: Row, texts: Mapping[str, str] | None = None
) -> list[tuple[str, Cell]]:
    """Return a run's metadata, label and value; with `texts` its ids and times too."""
    facts: list[tuple[str, Cell]] = []
    if texts is not None:
        facts = [
            (texts["id"], cells.words(run["id"], mono=True)),
            (texts["name"], cells.words(run["name"])),
            (texts["finished"], cells.time(run["finished_ns"])),
        ]
    return facts + [
        (key, cells.words(one_line(pretty(item))))
        for key, item in (run["metadata"] or {}).items()
        if key != LOWER_IS_BETTER
    ]


def lacking(scores: Mapping[str, ScoreSummary], texts: Mapping[str, str]) -> list[str]:
    """Return in sentences what each score lacks; scores alike share one."""
    alike: dict[tuple[int, int], list[str]] = {}
    for name, one in scores.items():
        alike.setdefault((one.n_missing, one.n_errors), []).append(name)
    return [
        texts["lacking"].format(
            scores=", ".join(names),
            missing=numbers.count(missing),
            failed=numbers.count(errors),
        )
        for (missing, errors), names in alike.items()
        if missing or errors
    ]
