"""Evaluation runs: their rows, their sums, their statistics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.data._reading import (
    FRESH_S,
    MOST_PREDICTIONS,
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
from dashboard.shaping.windows import Window
from tracer._records import EvaluationRun
from tracer.stats import ScoreSummary


@dataclass(frozen=True)
class Evaluation:
    """One evaluation run with the sums that its statistics come from."""

    row: Row
    """The run as lists show it."""
    sums: list[Row]
    """Sums of each score by example."""


@cached
def evaluations(
    project: str | None, window: Window, *, cursor: str | None = None
) -> ListPage:
    """Return one page of evaluation runs, newest first."""
    found = client().evaluations(
        project=project,
        since=window.since,
        until=window.until,
        limit=RUN_ROWS,
        cursor=cursor,
    )
    return ListPage(list(found), found.next)


@kept(ttl_s=FRESH_S, max_entries=200)
def _run(evaluation_id: str) -> EvaluationRun:
    return client().evaluation(evaluation_id)


def evaluation(evaluation_id: str) -> Evaluation:
    """Return one run.

    Raises:
        NotFoundError: There is no such run.
    """
    found = _run(evaluation_id)
    return Evaluation(dict(found.row), [dict(row) for row in found.sums])


def summaries(evaluation_id: str) -> dict[str, ScoreSummary]:
    """Return a run's scores with their intervals, by name."""
    return dict(_run(evaluation_id).summary)


def summaries_of(runs: Sequence[Row]) -> dict[str, dict[str, ScoreSummary]]:
    """Return the scores of several runs by run id; those that are done are kept."""
    versions = {run["id"]: (run["status"], run["last_ns"]) for run in runs}
    return dict(_summaries_of(versions))


@kept(ttl_s=STEADY_S, max_entries=50)
def _summaries_of(
    versions: Mapping[str, tuple[str, int]],
) -> dict[str, dict[str, ScoreSummary]]:
    reader = client()

    def read(evaluation_id: str) -> dict[str, ScoreSummary]:
        return dict(reader.evaluation(evaluation_id).summary)

    return dict(zip(versions, together(read, versions), strict=True))


@cached
def comparable(run: Row) -> list[Row]:
    """Return the runs of a run's dataset, else of its name: what it compares with."""
    field = "dataset" if run["dataset"] else "name"
    found = _alike(run["project"], field, run[field])
    return [row for row in found if row["id"] != run["id"]]


@cached
def _alike(project: str, field: str, value: str) -> list[Row]:
    where = [(field, "=", value)]
    return list(client().evaluations(project=project, where=where, limit=PAGE_ROWS))


@cached
def views(evaluation_id: str) -> list[Row]:
    """Return a run's own views, in the order in which they were set."""
    return list(_run(evaluation_id).views())


@cached
def predictions(evaluation_id: str) -> list[Row]:
    """Return a run's predictions, by example and trial; `MOST_PREDICTIONS` at most."""
    return list(_run(evaluation_id).predictions(limit=MOST_PREDICTIONS))
