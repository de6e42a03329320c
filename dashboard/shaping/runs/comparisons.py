"""Runs side by side: the difference of each score, and of what the runs took."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column, Tone
from dashboard.shaping.runs.evaluations import value
from dashboard.shaping.runs.listing import heading
from dashboard.shaping.runs.scores import measure_text
from tracer.stats import MEASURES, RunPair, ScoreComparison, ScoreSummary

Row = Mapping[str, Any]

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
    """Return one row for each score, its interval on a scale of its own around zero.

    Args:
        compared: The scores, in order.
        verdicts: What people read for each verdict.
        points: Unit of differences of shares, percentage points.
        names: What people call measures; None for scores, which have names.
    """
    ordered = sorted(compared, key=lambda score: score.difference is None)
    return [_row(score, verdicts, points, names) for score in ordered]


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
        for pair in pairs:
            alike = [score for score in pair.scores if score.name == name]
            for row in rows(alike, verdicts, points=points):
                run = {"run": cells.words(runs[pair.candidate], soft=True)}
                row_id = f"{pair.candidate}|{name}"
                found.append({"id": row_id, "cells": row["cells"] | run})
    return found


def uncompared(pairs: Iterable[RunPair]) -> list[str]:
    """Return the scores that no candidate can be compared by, labels above all."""
    found: dict[str, bool] = {}
    for pair in pairs:
        for score in pair.scores:
            is_compared = score.difference is not None
            found[score.name] = found.get(score.name, False) or is_compared
    return [name for name, is_compared in found.items() if not is_compared]


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
        interval=_drawn(score, tone),
        p=p_text(score.p_adjusted),
        verdict=cells.badge(verdicts[verdict_of(score)], tone),
        examples=f"{score.wins} / {score.ties} / {score.losses}"
        if score.n_examples
        else None,
        n=numbers.count(score.n_examples or None),
    )


def _drawn(score: ScoreComparison, tone: Tone) -> Cell:
    if score.difference is None:
        return None
    reach = max(abs(end) for end in (score.difference, *(score.ci95 or ())))
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
    return f"{score.method}; effect size {score.effect_size:+.2f}"


def tone_of(score: ScoreComparison) -> Tone:
    """Return the colour of a verdict: by what is better, not by what is higher."""
    return _TONES.get(score.outcome, "none")


def verdict_of(score: ScoreComparison) -> str:
    """Return which verdict it is, or why there is none."""
    if score.difference is not None:
        return score.outcome
    return "label" if score.type == "label" else "alone"


def _value(score: ScoreComparison, number: float | None) -> str:
    if score.name in MEASURES:
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


def _signed(score: ScoreComparison, number: float) -> str:
    if score.name not in MEASURES:
        return numbers.signed(number)
    return f"{'−' if number < 0 else '+'}{measure_text(score.name, abs(number))}"


def p_text(p: float | None) -> str:
    """Return a p-value in three decimals."""
    if p is None:
        return numbers.NOTHING
    return "<0.001" if p < 0.001 else f"{p:.3f}"
