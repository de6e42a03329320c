"""The list of evaluation runs: what each was, its scores, what it took."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.runs.evaluations import bounds, mean_and_ends, short_name, trials
from dashboard.shaping.runs.listed import ListedScore
from tracer.stats import LOWER_IS_BETTER, higher_is_better

Row = Mapping[str, Any]

USUAL_SCORES: Final = 2
"""Scores that have columns of their own unless others are asked for."""
MOST_SCORES: Final = 5
"""Scores that may be asked for: a page is not wider."""
_LOWER: Final = " ↓"
"""Behind the name of a score of which lower is better."""


def run_columns(
    texts: Mapping[str, str],
    shown: Sequence[str],
    others: Sequence[str] = (),
    *,
    lower: Container[str] = (),
) -> list[Column]:
    """Return the columns of the list of runs.

    Args:
        texts: Headings.
        shown: Scores that have columns of their own.
        others: Scores that share one.
        lower: Scores of which the runs say that lower is better.
    """
    scores = [
        Column(
            f"score:{name}",
            heading(name, lower=lower),
            "max-content",
            end=True,
            help=f"{name}: {texts['score_help']}",
        )
        for name in shown
    ]
    return [
        Column("status", texts["status"], "max-content"),
        Column("name", texts["name"], "minmax(110px, 1.6fr)"),
        Column("model", texts["model"], "minmax(70px, max-content)", from_px=900),
        Column("dataset", texts["dataset"], "minmax(60px, 1fr)", from_px=800),
        Column("n", texts["n"], "max-content", end=True, help=texts["n_help"]),
        *scores,
        *_more_column(others, texts),
        Column(
            "errors",
            texts["errors"],
            "max-content",
            end=True,
            help=texts["errors_help"],
        ),
        Column("latency", texts["latency"], "max-content", end=True, from_px=820),
        Column("cost", texts["cost"], "max-content", end=True),
        Column("start", texts["start"], "max-content"),
    ]


def heading(name: str, *, lower: Container[str] = (), most: int = 22) -> str:
    """Return a score's name, marked if lower is better, for the head of a column.

    In a cell that has room it may be longer: `most` characters.
    """
    shown = cells.middle_cut(name, most=most) or name
    return shown if higher_is_better(name, lower=lower) else shown + _LOWER


def better_low(runs: Iterable[Row]) -> frozenset[str]:
    """Return the scores of which some run says that lower is better."""
    said = ((run["metadata"] or {}).get(LOWER_IS_BETTER) or () for run in runs)
    names = ([one] if isinstance(one, str) else one for one in said)
    return frozenset(str(name) for found in names for name in found)


def _more_column(names: Sequence[str], texts: Mapping[str, str]) -> list[Column]:
    if not names:
        return []
    return [
        Column("more", texts["more"], "max-content", help=", ".join(names), from_px=900)
    ]


def run_rows(
    runs: Iterable[Row],
    scores: Mapping[str, Mapping[str, ListedScore]],
    texts: Mapping[str, str],
    *,
    shown: Sequence[str],
    others: Sequence[str] = (),
    statuses: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return the list of runs; `scores` by run id and name bring means and intervals.

    The scores shown have columns of their own, the others share one. Statuses are
    called what `statuses` calls them.
    """
    return [
        cells.row(
            run["id"],
            status=_status(run, statuses),
            **_run_cells(run, texts),
            **_score_cells(scores.get(run["id"], {}), texts, shown, others),
        )
        for run in runs
    ]


def _status(run: Row, statuses: Mapping[str, str]) -> Cell:
    """Return a run's status; how far it is if it is not at its end."""
    drawn = cells.status_badge(run["status"], statuses)
    if run["status"] != "done" and (share := progress(run)) is not None:
        drawn["text"] += f" {share:.0%}"
    return {"badge": drawn}


def progress(run: Row) -> float | None:
    """Return how much of what was planned is made; None if nobody knows the plan."""
    if not run["n_planned"]:
        return None
    return min(1.0, float(run["n_predictions"] / run["n_planned"]))


def _run_cells(run: Row, texts: Mapping[str, str]) -> dict[str, Cell]:
    made, planned = run["n_predictions"], run["n_planned"]
    said = texts["made_of" if planned else "made"]
    name = run["display_name"] or run["name"]
    dataset = " · ".join(filter(None, (run["dataset"], run["dataset_version"])))
    return dict(
        name=cells.words(short_name(run), title=f"{name}\n{run['id']}"),
        model=cells.words(
            cells.middle_cut(run["model"], most=22), title=run["model"], soft=True
        ),
        dataset=cells.words(run["dataset"], title=dataset, soft=True),
        n=cells.words(
            f"{run['n_examples']} × {trials(run)}",
            title=said.format(made=made, planned=planned),
        ),
        errors=failed(run, texts),
        latency=numbers.duration(run["latency_p50_ms"]),
        cost=numbers.money(run["cost_usd"]),
        start=cells.time(run["start_ns"], short=True),
    )


def failed(run: Row, texts: Mapping[str, str]) -> Cell:
    """Return how many predictions failed, and how many scorings of the others."""
    n, n_scores = run["n_errors"], run["n_score_errors"]
    shown = numbers.count(n) + (f" + {numbers.count(n_scores)}" if n_scores else "")
    return cells.words(
        shown,
        title=texts["failed_both"].format(n=n, scores=n_scores),
        tone="bad" if n or n_scores else None,
        soft=not (n or n_scores),
    )


def _score_cells(
    scores: Mapping[str, ListedScore],
    texts: Mapping[str, str],
    shown: Sequence[str],
    others: Sequence[str],
) -> dict[str, Cell]:
    own = {f"score:{name}": _mean(scores.get(name), texts) for name in shown}
    return own | {
        "more": _more([scores[name] for name in others if name in scores], texts)
    }


def _mean(summary: ListedScore | None, texts: Mapping[str, str]) -> Cell:
    if summary is None or summary.mean is None:
        return None
    examples = numbers.plural(summary.n_examples, texts["examples"])
    title = f"n {summary.n} · {examples} · 95% {bounds(summary)}"
    return cells.words(mean_and_ends(summary), title=title)


def _more(summaries: Sequence[ListedScore], texts: Mapping[str, str]) -> Cell:
    if not summaries:
        return None
    lines = [f"{summary.name} {mean_and_ends(summary)}" for summary in summaries]
    told = texts["more_scores"].format(n=len(lines))
    return cells.words(told, title="\n".join(lines), soft=True)
