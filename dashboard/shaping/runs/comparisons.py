"""Runs side by side: the difference of each score, and of what the runs took."""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column, Tone
from dashboard.shaping.runs.evaluations import value
from dashboard.shaping.runs.listing import heading
from dashboard.shaping.runs.scores import measure_text
from tracer.stats import MEASURES, RunPair, ScoreComparison, ScoreSummary

Row = Mapping[str, Any]

LATENCY: Final = "latency_ms"
_PERCENTILE: Final = re.compile(r"latency_p\d\d_ms")
_TONES: Final[Mapping[str, Tone]] = {"better": "good", "worse": "bad"}


def columns(texts: Mapping[str, str], *, several: bool = False) -> list[Column]:
    """Return the columns of a comparison; of several candidates one says which."""
    candidates = [Column("run", texts["candidate"], "minmax(90px, 1fr)")] * several
    return [
        Column("score", texts["score"], "minmax(90px, 1fr)"),
        *candidates,
        Column("baseline", texts["baseline"], "max-content", end=True),
        Column(
            "candidate",
            texts["mean" if several else "candidate"],
            "max-content",
            end=True,
        ),
        Column(
            "difference",
            texts["difference"],
            "max-content",
            end=True,
            help=texts["difference_help"],
        ),
        Column(
            "interval",
            texts["interval"],
            "minmax(100px, 1.4fr)",
            help=texts["interval_help"],
            from_px=820,  # it draws what the difference says
        ),
        Column("p", texts["p"], "max-content", end=True, help=texts["p_help"]),
        Column("verdict", texts["verdict"], "max-content"),
        Column(
            "examples",
            texts["won"],
            "max-content",
            end=True,
            help=texts["won_help"],
        ),
        Column("n", texts["n"], "max-content", end=True, help=texts["n_help"]),
    ]


def rows(
    compared: Iterable[ScoreComparison],
    verdicts: Mapping[str, str],
    *,
    points: str,
    names: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return one row for each score, its interval on a scale around zero.

    All rows of one score share a scale, and so do the mean and percentiles of latency.

    Args:
        compared: The scores, in order.
        verdicts: What people read for each verdict.
        points: Unit of differences of shares, percentage points.
        names: What people call measures; None for scores, which have names.
    """
    ordered = sorted(compared, key=lambda score: score.difference is None)
    reaches = _reaches(ordered)
    return [
        _row(score, verdicts, points, names, reach=reaches[_scale_of(score)])
        for score in ordered
    ]


def _reaches(compared: Iterable[ScoreComparison]) -> dict[str, float]:
    """Return how far the differences of each scale lie from zero, at most."""
    found: dict[str, float] = {}
    for score in compared:
        ends = (score.difference or 0.0, *(score.ci95 or ()))
        reach = max((abs(end) for end in ends if isfinite(end)), default=0.0)
        scale = _scale_of(score)
        found[scale] = max(found.get(scale, 0.0), reach)
    return found


def _scale_of(score: ScoreComparison) -> str:
    return LATENCY if is_latency(score.name) else score.name


def is_latency(name: str) -> bool:
    """Return whether a measure is a latency: its mean, or a percentile."""
    return name == LATENCY or bool(_PERCENTILE.fullmatch(name))


def pair_rows(
    pairs: Sequence[RunPair],
    runs: Mapping[str, str],
    verdicts: Mapping[str, str],
    *,
    points: str,
) -> list[dict[str, Any]]:
    """Return every score of every candidate against one baseline, score by score.

    Args:
        pairs: One a candidate; scores that none is compared by are left out.
        runs: What people call each run.
        verdicts: What people read for each verdict.
        points: Unit of differences of shares.
    """
    names = dict.fromkeys(
        score.name
        for pair in pairs
        for score in pair.scores
        if score.difference is not None
    )
    found = []
    for name in names:
        alike = [
            (pair.candidate, score)
            for pair in pairs
            for score in pair.scores
            if score.name == name
        ]
        alike.sort(key=lambda one: one[1].difference is None)
        drawn = rows([score for _, score in alike], verdicts, points=points)
        for (candidate, _), row in zip(alike, drawn, strict=True):
            run = {"run": cells.words(runs[candidate], soft=True)}
            found.append({"id": f"{candidate}|{name}", "cells": row["cells"] | run})
    return found


def uncompared(pairs: Iterable[RunPair]) -> list[str]:
    """Return the scores that no candidate can be compared by, labels above all."""
    found: dict[str, bool] = {}
    for pair in pairs:
        for score in pair.scores:
            is_compared = score.difference is not None
            found[score.name] = found.get(score.name, False) or is_compared
    return [name for name, is_compared in found.items() if not is_compared]


def beside(summaries: Iterable[Mapping[str, ScoreSummary]]) -> list[str]:
    """Return the scores that stand beside others, by people or by later scorers."""
    found = dict.fromkeys(
        name
        for scores in summaries
        for name, summary in scores.items()
        if summary.beside
    )
    return list(found)


def left_out(
    compared: Sequence[ScoreComparison],
    old: Mapping[str, ScoreSummary],
    new: Mapping[str, ScoreSummary],
    texts: Mapping[str, str],
) -> list[str]:
    """Return in sentences what has no part in the comparison; scores alike share one.

    Args:
        compared: The scores of both runs.
        old: Summaries of the baseline by score, with their missing and failed values.
        new: Those of the candidate.
        texts: The sentences.
    """
    alone: dict[int, list[str]] = {}
    lacking: dict[tuple[int, int], list[str]] = {}
    for score in compared:
        if score.paired:
            n_alone = score.n_baseline_only + score.n_candidate_only
            alone.setdefault(n_alone, []).append(score.name)
        lacks = (_lacking(old.get(score.name)), _lacking(new.get(score.name)))
        lacking.setdefault(lacks, []).append(score.name)
    return [
        *(
            texts["only"].format(scores=", ".join(names), n=numbers.count(n))
            for n, names in alone.items()
            if n
        ),
        *(
            texts["lacking"].format(scores=", ".join(names), old=lacks[0], new=lacks[1])
            for lacks, names in lacking.items()
            if any(lacks)
        ),
    ]


def unpaired(compared: Iterable[ScoreComparison]) -> list[str]:
    """Return the scores that could not be compared example by example."""
    return [
        score.name
        for score in compared
        if score.difference is not None and not score.paired
    ]


def _lacking(summary: ScoreSummary | None) -> int:
    return summary.n_missing + summary.n_errors if summary else 0


def _row(
    score: ScoreComparison,
    verdicts: Mapping[str, str],
    points: str,
    names: Mapping[str, str] | None,
    *,
    reach: float,
) -> dict[str, Any]:
    tone = tone_of(score)
    shown = heading(score.name, most=40) if names is None else names[score.name]
    if names is None and not score.higher_is_better and not shown.endswith("↓"):
        shown = f"{shown} ↓"
    return cells.row(
        score.name,
        score=cells.words(shown, title=f"{score.name}\n{score.method}"),
        baseline=_value(score, score.baseline_mean),
        candidate=_value(score, score.candidate_mean),
        difference=cells.words(difference(score, points), title=_method(score)),
        interval=_drawn(score, tone, reach=reach),
        p=p_text(score.p_adjusted),
        verdict=cells.badge(verdicts[verdict_of(score)], tone),
        examples=f"{score.wins} / {score.ties} / {score.losses}"
        if score.wins + score.ties + score.losses
        else None,
        n=numbers.count(score.n_examples or None),
    )


def _drawn(score: ScoreComparison, tone: Tone, *, reach: float) -> Cell:
    if score.difference is None:
        return None
    return cells.interval(
        score.difference,
        score.ci95,
        scale=(-reach or -1.0, reach or 1.0),
        zero=True,
        tone=tone,
        title=f"95% {_ends(score) or numbers.NOTHING}",
    )


def _method(score: ScoreComparison) -> str:
    if score.effect_size is None:
        return score.method
    size = numbers.signed(score.effect_size, numbers.two_decimals)
    return f"{score.method}; effect size {size}"


def tone_of(score: ScoreComparison) -> Tone:
    """Return the colour of a verdict: by what is better, not by what is higher."""
    return _TONES.get(score.outcome, "none")


def verdict_of(score: ScoreComparison) -> str:
    """Return which verdict it is, or why there is none."""
    if score.difference is not None:
        return score.outcome
    return "label" if score.type == "label" else "alone"


def _value(score: ScoreComparison, number: float | None) -> str:
    if _is_measure(score.name):
        return measure_text(score.name, number)
    return value(score.type, number)


def difference(score: ScoreComparison, points: str) -> str:
    """Return a difference with its interval (``+21.2 pp [+9.4, +33.0]``)."""
    if score.difference is None:
        return numbers.NOTHING
    is_share = score.type == "bool"
    shown = (
        numbers.points(score.difference, points)
        if is_share
        else _signed(score, score.difference)
    )
    ends = _ends(score)
    return f"{shown} [{ends}]" if ends else shown


def _ends(score: ScoreComparison) -> str:
    if score.ci95 is None:
        return ""
    if score.type == "bool":
        return ", ".join(numbers.points(end, "").rstrip() for end in score.ci95)
    return ", ".join(_signed(score, end) for end in score.ci95)


def _is_measure(name: str) -> bool:
    return name in MEASURES or is_latency(name)


def _signed(score: ScoreComparison, number: float) -> str:
    if not isfinite(number):
        return numbers.signed(number, lambda _: "∞")
    if not _is_measure(score.name):
        return numbers.signed(number)
    return numbers.signed(number, lambda size: measure_text(score.name, size))


def p_text(p: float | None) -> str:
    """Return a p-value in three decimals."""
    if p is None:
        return numbers.NOTHING
    return "<0.001" if p < 0.001 else f"{p:.3f}"
