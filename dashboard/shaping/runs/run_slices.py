"""Groups of examples: of one run, or of two runs side by side."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.runs import comparisons
from dashboard.shaping.runs.evaluations import mean_and_ends
from tracer.stats import RunSlice, ScoreComparison, Slice


def columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of one run by groups of its examples."""
    return [
        Column("slice", texts["slice"], "minmax(90px, 1fr)"),
        Column("examples", texts["examples"], "max-content", end=True),
        Column("mean", texts["mean"], "max-content", end=True),
        Column("drawn", texts["interval"], "minmax(120px, 1.4fr)"),
        Column(
            "difference",
            texts["against_rest"],
            "max-content",
            end=True,
            help=texts["against_rest_help"],
        ),
        Column("p", "p", "max-content", end=True, help=texts["p_help"]),
        Column("verdict", texts["verdict"], "max-content"),
    ]


def rows(
    slices: Sequence[RunSlice], score: str, verdicts: Mapping[str, str], *, points: str
) -> list[dict[str, Any]]:
    """Return one score of a run by groups of its examples, on one scale."""
    found = [one.summary[score] for one in slices if score in one.summary]
    ends = [
        end for one in found if one.mean is not None for end in one.ci95 or (one.mean,)
    ]
    scale = (min([0.0, *ends]), max([0.0, *ends]) or 1.0)
    if found and all(one.type == "bool" for one in found):
        scale = (0.0, 1.0)
    return [
        _row(one, score, verdicts, scale=scale, points=points)
        for one in slices
        if score in one.summary
    ]


def _row(
    one: RunSlice,
    score: str,
    verdicts: Mapping[str, str],
    *,
    scale: tuple[float, float],
    points: str,
) -> dict[str, Any]:
    summary = one.summary[score]
    against = next((found for found in one.scores if found.name == score), None)
    tone = comparisons.tone_of(against) if against else "none"
    drawn = None
    if summary.mean is not None:
        drawn = cells.interval(summary.mean, summary.ci95, scale=scale, tone=tone)
    return cells.row(
        one.value,
        slice=cells.words(one.value),
        examples=numbers.count(one.n_examples),
        mean=cells.words(mean_and_ends(summary), title=f"n {summary.n}")
        if summary.mean is not None
        else None,
        drawn=drawn,
        **(_against(against, verdicts, points) if against else {}),
    )


def _against(
    against: ScoreComparison, verdicts: Mapping[str, str], points: str
) -> dict[str, Cell]:
    tone = comparisons.tone_of(against)
    return dict(
        difference=cells.words(
            comparisons.difference(against, points), title=against.method
        ),
        p=comparisons.p_text(against.p_adjusted),
        verdict=cells.badge(verdicts[comparisons.verdict_of(against)], tone),
    )


def compared_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of two runs by groups of examples."""
    own = [
        Column("slice", texts["slice"], "minmax(90px, 1fr)"),
        Column("all", texts["examples"], "max-content", end=True),
    ]
    shared = comparisons.columns(texts)
    return own + [one for one in shared if one.key not in ("score", "n")]


def compared_rows(
    slices: Iterable[Slice],
    score: str,
    verdicts: Mapping[str, str],
    *,
    points: str,
) -> list[dict[str, Any]]:
    """Return one score of two runs by groups of examples, on one scale."""
    found = [
        (one, other) for one in slices for other in one.scores if other.name == score
    ]
    found.sort(key=lambda pair: pair[1].difference is None)
    drawn = comparisons.rows([other for _, other in found], verdicts, points=points)
    return [
        {
            "id": one.value,
            "cells": row["cells"]
            | {
                "slice": cells.words(one.value),
                "all": numbers.count(one.n_examples),
            },
        }
        for (one, _), row in zip(found, drawn, strict=True)
    ]
