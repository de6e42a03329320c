"""Two runs side by side: the difference of each score, and of each example."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.evaluations import value
from dashboard.shaping.grid import brief
from dashboard.shaping.messages import pretty
from dashboard.shaping.previews import one_line
from tracer.stats import ScoreComparison, ScoreSummary

Row = Mapping[str, Any]


def columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the comparison of all scores."""
    return [
        Column("score", texts["score"], "minmax(90px, 1fr)"),
        Column("baseline", texts["baseline"], "max-content", end=True),
        Column("candidate", texts["candidate"], "max-content", end=True),
        Column("difference", texts["difference"], "max-content", end=True),
        Column(
            "interval",
            texts["interval"],
            "minmax(120px, 1.6fr)",
            help=texts["interval_help"],
        ),
        Column("p", texts["p"], "max-content", end=True, help=texts["p_help"]),
        Column("verdict", texts["verdict"], "max-content"),
        Column(
            "examples", texts["examples"], "max-content", help=texts["examples_help"]
        ),
        Column("n", texts["n"], "max-content", end=True),
    ]


def rows(
    compared: Iterable[ScoreComparison], verdicts: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return one row for each score, its interval on a scale of its own around zero."""
    return [_row(score, verdicts) for score in compared]


def _row(score: ScoreComparison, verdicts: Mapping[str, str]) -> dict[str, Any]:
    tone: cells.Tone = {"higher": "good", "lower": "bad"}.get(score.verdict, "none")  # type: ignore[assignment]
    drawn: Cell = None
    if score.difference is not None:
        ends = (
            " to ".join(numbers.signed(end) for end in score.ci95)
            if score.ci95
            else numbers.NOTHING
        )
        reach = max(abs(end) for end in (score.difference, *(score.ci95 or ())))
        drawn = cells.interval(
            score.difference,
            score.ci95,
            scale=(-reach or -1.0, reach or 1.0),
            zero=True,
            tone=tone,
            title=f"95% {ends}",
        )
    return cells.row(
        score.name,
        score=cells.words(score.name, title=score.method),
        baseline=value(score.type, score.baseline_mean),
        candidate=value(score.type, score.candidate_mean),
        difference=cells.words(_difference(score), title=score.method),
        interval=drawn,
        p=_p(score.p_adjusted),
        verdict=cells.badge(verdicts[_verdict(score)], tone),
        examples=f"{score.wins} ↑  {score.ties} =  {score.losses} ↓"
        if score.n_examples
        else None,
        n=numbers.count(score.n_examples or None),
    )


def _verdict(score: ScoreComparison) -> str:
    if score.difference is not None:
        return score.verdict
    return "label" if score.type == "label" else "alone"


def _difference(score: ScoreComparison) -> str:
    if score.difference is None:
        return numbers.NOTHING
    if score.type == "bool":
        return f"{'−' if score.difference < 0 else '+'}{abs(score.difference):.1%}"
    return numbers.signed(score.difference)


def _p(p: float | None) -> str:
    if p is None:
        return numbers.NOTHING
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def example_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the comparison by example."""
    return [
        Column("example", texts["example"], "minmax(60px, max-content)"),
        Column("input", texts["input"], "minmax(140px, 2fr)"),
        Column("baseline", texts["baseline"], "max-content", end=True),
        Column("candidate", texts["candidate"], "max-content", end=True),
        Column("difference", texts["difference"], "130px"),
        Column("old", texts["old"], "minmax(110px, 1.3fr)"),
        Column("new", texts["new"], "minmax(110px, 1.3fr)"),
    ]


def example_rows(
    baseline: ScoreSummary,
    candidate: ScoreSummary,
    *,
    old: Sequence[Row],
    new: Sequence[Row],
) -> list[dict[str, Any]]:
    """Return the examples that both runs have, the largest loss first.

    Args:
        baseline: One score of the run compared against.
        candidate: The same score of the other run.
        old: Predictions of the baseline, for what was said.
        new: Predictions of the candidate; a click opens its first trace.
    """
    before, after = baseline.sums.by_example(), candidate.sums.by_example()
    said_before, said_after = _first(old), _first(new)
    differences = {
        id: after[id][1] / after[id][0] - before[id][1] / before[id][0]
        for id in before
        if id in after
    }
    largest = max((abs(change) for change in differences.values()), default=0) or 1.0
    return [
        _example(
            id,
            change,
            means=(before[id], after[id]),
            scale=(-largest, largest),
            kind=candidate.type,
            said=(said_before.get(id), said_after.get(id)),
        )
        for id, change in sorted(
            differences.items(), key=lambda pair: (pair[1], pair[0])
        )
    ]


def _example(
    example_id: str,
    change: float,
    *,
    means: tuple[tuple[float, float], tuple[float, float]],
    scale: tuple[float, float],
    kind: str,
    said: tuple[Row | None, Row | None],
) -> dict[str, Any]:
    (n_old, sum_old), (n_new, sum_new) = means
    old, new = said
    tone: cells.Tone = "bad" if change < 0 else "good" if change > 0 else "none"
    ends = (min(0.0, change), max(0.0, change))
    asked = (new or old or {}).get("input")
    return cells.row(
        new["trace_id"] if new else f"example:{example_id}",
        example=cells.words(example_id[:10], title=example_id, mono=True, soft=True),
        input=cells.words(one_line(brief(asked)), title=pretty(asked)),
        baseline=cells.words(value(kind, sum_old / n_old), title=f"n {n_old:.0f}"),
        candidate=cells.words(value(kind, sum_new / n_new), title=f"n {n_new:.0f}"),
        difference=cells.interval(
            change,
            ends,
            scale=scale,
            zero=True,
            tone=tone,
            title=numbers.signed(change),
        ),
        old=cells.words(one_line(brief(old["output"])) if old else None, soft=True),
        new=cells.words(one_line(brief(new["output"])) if new else None),
    )


def _first(predictions: Iterable[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for prediction in predictions:
        found.setdefault(prediction["example_id"], prediction)
    return found
