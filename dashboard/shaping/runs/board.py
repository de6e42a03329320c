"""The leaderboard of a dataset as a table."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.runs import comparisons
from dashboard.shaping.runs.evaluations import bounds, mean_and_ends, short_name, trials
from tracer.stats import RankedRun, ScoreSummary

Row = Mapping[str, Any]


def columns(
    texts: Mapping[str, str],
    *,
    names: Sequence[str],
    words: Mapping[str, str],
    all_done: bool,
    has_versions: bool = True,
) -> list[Column]:
    """Return the columns of the leaderboard; a click on a score ranks by it.

    Args:
        texts: Headings that the list of runs has too.
        names: Scores shown, the one that ranks first.
        words: Headings of its own.
        all_done: Whether every run is at its end, so that none has to say so.
        has_versions: Whether a run names the version of its dataset.
    """
    return [
        Column("rank", "#", "max-content", end=True),
        Column("name", texts["name"], "minmax(110px, 1.6fr)"),
        Column("model", texts["model"], "minmax(70px, max-content)"),
        *([Column("version", words["version"], "max-content")] * has_versions),
        Column("drawn", words["interval"], "minmax(100px, 1.2fr)"),
        *(
            Column(
                f"score:{name}",
                cells.middle_cut(name, most=18) or name,
                "max-content",
                end=True,
                sort=name,
                help=f"{name}: {texts['score_help']}",
            )
            for name in names
        ),
        *([] if all_done else [Column("status", texts["status"], "max-content")]),
        Column("best", words["best"], "max-content", help=words["best_help"]),
        Column("n", texts["n"], "max-content", end=True, help=texts["n_help"]),
        Column("latency", texts["latency"], "max-content", end=True),
        Column("cost", texts["cost"], "max-content", end=True),
    ]


def rows(
    runs: Iterable[Row],
    ranked: Sequence[RankedRun],
    summaries: Mapping[str, Mapping[str, ScoreSummary]],
    words: Mapping[str, str],
    *,
    names: Sequence[str],
    points: str,
    statuses: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return ranked runs, the best first, their intervals drawn on one scale."""
    known = {run["id"]: run for run in runs}
    scale = _scale([one.summary for one in ranked])
    newest = newest_version(known.values())
    return [
        cells.row(
            one.name,
            rank=str(place),
            drawn=_drawn(one, scale),
            best=_against(one, words, points),
            status=_status(known[one.name], statuses),
            **_run_cells(known[one.name], newest),
            **{f"score:{name}": _mean(summaries[one.name].get(name)) for name in names},
        )
        for place, one in enumerate(ranked, start=1)
    ]


def _run_cells(run: Row, newest: str | None) -> dict[str, Cell]:
    version, model = run["dataset_version"], run["model"]
    is_newest = version == newest
    return dict(
        name=cells.words(short_name(run), title=f"{run['display_name']}\n{run['id']}"),
        model=cells.words(cells.middle_cut(model, most=22), title=model, soft=True),
        version=cells.words(
            (version or "")[:8],
            title=version,
            mono=True,
            soft=is_newest,
            tone=None if is_newest else "warn",
        ),
        n=f"{run['n_examples']} × {trials(run)}",
        latency=numbers.duration(run["latency_p50_ms"]),
        cost=numbers.money(run["cost_usd"]),
    )


def _status(run: Row, statuses: Mapping[str, str]) -> Cell:
    return None if run["status"] == "done" else cells.status(run["status"], statuses)


def _drawn(one: RankedRun, scale: tuple[float, float]) -> Cell:
    """Return a run's interval, coloured as long as it may be as good as the best."""
    return cells.interval(
        one.summary.mean or 0.0,
        one.summary.ci95,
        scale=scale,
        tone="none" if one.is_apart else "good",
        title=f"95% {bounds(one.summary)}",
    )


def _mean(summary: ScoreSummary | None) -> Cell:
    if summary is None or summary.mean is None:
        return None
    return cells.words(mean_and_ends(summary), title=f"n {summary.n}")


def _against(one: RankedRun, words: Mapping[str, str], points: str) -> Cell:
    found = one.against_best
    if found is None:
        return cells.badge(words["is_best"], "good")
    if one.is_apart:
        shown = comparisons.difference(found, points)
        return cells.words(shown, title=f"p {comparisons.p_text(found.p_adjusted)}")
    return cells.badge(words["as_good"], "info")


def _scale(found: Sequence[ScoreSummary]) -> tuple[float, float]:
    ends = [end for one in found for end in one.ci95 or (one.mean or 0.0,)]
    if not ends:
        return 0.0, 1.0
    low, high = min(ends), max(ends)
    room = (high - low) * 0.05 or 0.5
    return low - room, high + room


def newest_version(runs: Iterable[Row]) -> str | None:
    """Return the dataset's version that the newest of the runs, in order, has."""
    return next(
        (run["dataset_version"] for run in runs if run["dataset_version"]), None
    )


def versions(runs: Iterable[Row]) -> list[tuple[str, int]]:
    """Return each version of the dataset with how many of the runs have it."""
    found = Counter((run["dataset_version"] or "–")[:8] for run in runs)
    return found.most_common()
