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
    compared: Iterable[ScoreComparison], verdicts: Mapping[str, str], *, points: str
) -> list[dict[str, Any]]:
    """Return one row for each score, its interval on a scale of its own around zero.

    Args:
        compared: The scores, in order.
        verdicts: What people read for each verdict.
        points: Unit of differences of shares, percentage points.
    """
    return [_row(score, verdicts, points) for score in compared]


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


def _lacking(summary: ScoreSummary | None) -> int:
    return summary.n_missing + summary.n_errors if summary else 0


def _row(
    score: ScoreComparison, verdicts: Mapping[str, str], points: str
) -> dict[str, Any]:
    tone: cells.Tone = {"higher": "good", "lower": "bad"}.get(score.verdict, "none")  # type: ignore[assignment]
    drawn: Cell = None
    if score.difference is not None:
        reach = max(abs(end) for end in (score.difference, *(score.ci95 or ())))
        drawn = cells.interval(
            score.difference,
            score.ci95,
            scale=(-reach or -1.0, reach or 1.0),
            zero=True,
            tone=tone,
            title=f"95% {_ends(score) or numbers.NOTHING}",
        )
    return cells.row(
        score.name,
        score=cells.words(score.name, title=score.method),
        baseline=value(score.type, score.baseline_mean),
        candidate=value(score.type, score.candidate_mean),
        difference=cells.words(_difference(score, points), title=score.method),
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


def _difference(score: ScoreComparison, points: str) -> str:
    """Return a difference with its interval (``+21.2 pp [+9.4, +33.0]``)."""
    if score.difference is None:
        return numbers.NOTHING
    is_share = score.type == "bool"
    shown = (
        numbers.points(score.difference, points)
        if is_share
        else numbers.signed(score.difference)
    )
    ends = _ends(score)
    return f"{shown} [{ends}]" if ends else shown


def _ends(score: ScoreComparison) -> str:
    if score.ci95 is None:
        return ""
    if score.type == "bool":
        return ", ".join(numbers.points(end, "").rstrip() for end in score.ci95)
    return ", ".join(numbers.signed(end) for end in score.ci95)


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
        example=cells.example(example_id),
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
