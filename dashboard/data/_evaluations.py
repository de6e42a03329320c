"""Evaluation runs: their rows, their sums, their statistics."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dashboard.data._reading import (
    FRESH_S,
    PAGE_ROWS,
    RUN_ROWS,
    STEADY_S,
    ListPage,
    Row,
    cached,
    client,
    kept,
    together,
)
from dashboard.shaping.conditions import Condition
from dashboard.shaping.windows import Window
from tracer._client.records import EvaluationRun
from tracer.errors import NotFoundError
from tracer.stats import (
    RankedRun,
    RunPair,
    RunSlice,
    ScoreComparison,
    ScoreSummary,
    Slice,
    compare_measures,
    compare_runs,
    compare_slices,
    rank_runs,
)

MOST_CAUSES: Final = 20
PERCENTILES: Final = (50, 95)
_GIVEN: Final = """
SELECT name, source, author, count() AS n, countIf(error != '') AS n_errors,
    countIf(isNull(value) AND label = '' AND error = '') AS n_missing,
    countIf({finished:Int64} > 0
        AND at > fromUnixTimestamp64Nano({finished:Int64})) AS n_late,
    max(at) AS last
FROM scores
WHERE evaluation_id = {run:String}
GROUP BY name, source, author
ORDER BY name, author
LIMIT 200
"""
"""Who gave a run's scores, and how many of them after it had finished?"""

_CAUSES: Final = """
SELECT score, cause, n, trace
FROM
(
SELECT '' AS score, status_message AS cause, count() AS n, any(trace_id) AS trace
FROM spans
WHERE evaluation_id = {run:String} AND kind = 'prediction' AND status = 'error'
GROUP BY cause
UNION ALL
SELECT name AS score, multiIf(
    explanation = '', error,
    startsWith(explanation, error), explanation,
    concat(error, ': ', explanation)
) AS cause, count() AS n, any(trace_id) AS trace
FROM scores
WHERE evaluation_id = {run:String} AND error != ''
GROUP BY score, cause
)
ORDER BY n DESC
LIMIT {most:UInt32}
"""
"""Why did predictions and scorers of a run fail, the commonest causes first?"""


_FACETS: Final = """
SELECT dataset, model, name, count() AS n
FROM evaluations
WHERE start >= fromUnixTimestamp64Nano({since:Int64})
GROUP BY dataset, model, name
ORDER BY n DESC
LIMIT 500
"""
"""Of which datasets, models and names are there runs?"""


@cached
def run_facets(project: str | None, window: Window) -> list[Row]:
    """Return what the runs of a period are of: rows of ``dataset model name n``."""
    since_ns = int(window.since.timestamp() * 1e9)
    return list(client().sql(_FACETS, {"since": since_ns}, project=project))


@cached
def evaluations(
    project: str | None,
    window: Window,
    *,
    where: Sequence[Condition] = (),
    cursor: str | None = None,
) -> ListPage:
    """Return one page of evaluation runs, newest first."""
    found = client().evaluations(
        project=project,
        since=window.since,
        until=window.until,
        where=where,
        limit=RUN_ROWS,
        cursor=cursor,
    )
    return ListPage(list(found), found.next)


@kept(ttl_s=FRESH_S, max_entries=200)
def evaluation(evaluation_id: str) -> EvaluationRun:
    """Return one run; what it says is counted once and kept with it.

    Raises:
        NotFoundError: There is no such run.
    """
    return client().evaluation(evaluation_id)


def opened(*evaluation_ids: str) -> list[EvaluationRun]:
    """Return runs whose figures are read already, all at the same time.

    Raises:
        NotFoundError: There is no such run.
    """
    runs = together(evaluation, evaluation_ids)
    figures = [(run, name) for run in runs for name in ("sums", "examples")]
    together(lambda one: getattr(*one), figures)
    return runs


def summaries_of(runs: Sequence[Row]) -> dict[str, dict[str, ScoreSummary]]:
    """Return the scores of several runs by run id, each read anew once it changed.

    A run that was deleted meanwhile has none.
    """
    found = together(
        lambda run: _summary_of(run["id"], run["status"], run["last_ns"]), runs
    )
    return {run["id"]: scores for run, scores in zip(runs, found, strict=True)}


@kept(ttl_s=STEADY_S, max_entries=500)
def _summary_of(
    evaluation_id: str, status: str, last_ns: int
) -> dict[str, ScoreSummary]:
    """Return one run's scores; how it stands and when it was last heard of tell it."""
    try:
        return dict(client().evaluation(evaluation_id).summary)
    except NotFoundError:
        return {}


@cached
def comparable(run: Row) -> list[Row]:
    """Return the runs of a run's dataset, else of its name: what it compares with."""
    field = "dataset" if run["dataset"] else "name"
    found = runs_alike(run["project"], field, run[field])
    return [row for row in found if row["id"] != run["id"]]


@cached
def runs_alike(
    project: str | None, field: str, value: str, *, window: Window | None = None
) -> list[Row]:
    """Return the newest runs of which a field has a value: a page of them."""
    found = client().evaluations(
        project=project,
        where=[(field, "=", value)],
        since=window.since if window else None,
        until=window.until if window else None,
        limit=PAGE_ROWS,
    )
    return list(found)


def ranked(runs: Sequence[Row], score: str, lower: frozenset[str]) -> list[RankedRun]:
    """Return runs by the mean of one score, the best first; names are their ids."""
    sums = {
        id: list(scores[score].sums.rows())
        for id, scores in summaries_of(runs).items()
        if score in scores
    }
    return rank_runs(sums, score, lower_is_better=lower)


@cached
def views(evaluation_id: str) -> list[Row]:
    """Return a run's own views, in the order in which they were set."""
    return list(evaluation(evaluation_id).views())


@cached
def predictions(evaluation_id: str, example_ids: tuple[str, ...]) -> list[Row]:
    """Return a run's predictions of some examples, by example and trial."""
    if not example_ids:
        return []
    where = [("example_id", "in", list(example_ids))]
    return list(evaluation(evaluation_id).predictions(where=where))


@kept(ttl_s=STEADY_S, max_entries=50)
def slices(evaluation_id: str, by: str, last_ns: int) -> list[RunSlice]:
    """Return a run by groups of examples that share a metadata value.

    `last_ns` is when the run was last heard of: it is read anew after that.
    """
    return evaluation(evaluation_id).slices(by)


@kept(ttl_s=FRESH_S, max_entries=50)
def compared(baseline: str, candidates: tuple[str, ...]) -> list[RunPair]:
    """Return each candidate against the baseline, corrected over all of them.

    Scores come in the order in which the runs declare them.
    """
    runs = {id: evaluation(id) for id in (baseline, *candidates)}
    lower = [run.lower_is_better for run in runs.values()]
    pairs = compare_runs(
        {id: run.sums for id, run in runs.items()},
        baseline=baseline,
        lower_is_better=frozenset().union(*lower),
    )
    declared = [name for run in runs.values() for name in run.summary]
    places = {name: place for place, name in enumerate(dict.fromkeys(declared))}
    return [
        replace(pair, scores=sorted(pair.scores, key=lambda one: places[one.name]))
        for pair in pairs
    ]


@kept(ttl_s=FRESH_S, max_entries=50)
def compared_measures(baseline: str, candidate: str) -> list[ScoreComparison]:
    """Return what two runs took, compared, with percentiles of latency."""
    old, new = evaluation(baseline), evaluation(candidate)
    return compare_measures(old.examples, new.examples, percentiles=PERCENTILES)


@kept(ttl_s=FRESH_S, max_entries=50)
def compared_slices(baseline: str, candidate: str, by: str) -> list[Slice]:
    """Return two runs compared within each group of examples."""
    old, new = evaluation(baseline), evaluation(candidate)
    examples = (*old.examples, *new.examples)
    return compare_slices(
        old.sums,
        new.sums,
        {row["example_id"]: row["metadata"].get(by) for row in examples},
        lower_is_better=old.lower_is_better | new.lower_is_better,
    )


@cached
def given_scores(run: Row) -> list[Row]:
    """Return who gave a run's scores: rows of ``name source author n …``."""
    finished = {"run": run["id"], "finished": run["finished_ns"] or 0}
    return list(client().sql(_GIVEN, finished, project=run["project"]))


@cached
def causes(run: Row) -> list[Row]:
    """Return why predictions and scorers failed: rows of ``score cause n trace``."""
    asked = {"run": run["id"], "most": MOST_CAUSES}
    return list(client().sql(_CAUSES, asked, project=run["project"]))
