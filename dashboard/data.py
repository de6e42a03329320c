"""Where Streamlit meets `tracer.Client`: every read is cached for a few seconds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from dashboard.shaping.conditions import Condition
from dashboard.shaping.windows import Interval, Window
from tracer._records import EvaluationRun
from tracer.client import Client
from tracer.stats import ScoreSummary

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Row = dict[str, Any]

PAGE_ROWS: Final = 50
RUN_ROWS: Final = 20
"""Evaluation runs a page: the intervals of each are a read of its own."""
MOST_ROWS: Final = 1000
MOST_PREDICTIONS: Final = 5000
FRESH_S: Final = 10
STEADY_S: Final = 300
AT_ONCE: Final = 6
AUTHOR: Final = "dashboard"
"""Who saves datasets here: whoever holds the key has no other name."""


@dataclass(frozen=True)
class ListPage:
    """One page of a list."""

    rows: list[Row]
    """In the order asked for."""
    next: str | None
    """Cursor of the page after it; None at the end."""


@dataclass(frozen=True)
class Trace:
    """One trace with everything that is known of it."""

    row: Row
    """The trace as lists show it."""
    spans: list[Row]
    """Its steps with their content, parents first."""
    scores: list[Row]
    """The newest version of each of its scores."""
    truncated: bool
    """Whether it has more steps than these."""


@dataclass(frozen=True)
class Evaluation:
    """One evaluation run with the sums that its statistics come from."""

    row: Row
    """The run as lists show it."""
    sums: list[Row]
    """Sums of each score by example."""


@dataclass(frozen=True)
class Dataset:
    """One version of a dataset."""

    row: Row
    """The dataset as lists show it."""
    rows: list[Row]
    """Its examples, in order."""


@st.cache_resource
def client() -> Client:
    """Return the client that this process shares; `st.secrets` says where it reads."""
    collector = st.secrets["collector"]
    return Client(collector["url"], api_key=collector["api_key"])


def _cached(function: Callable[P, R]) -> Callable[P, R]:
    return st.cache_data(ttl=FRESH_S, max_entries=200, show_spinner=False)(function)


def _long_cached(function: Callable[P, R]) -> Callable[P, R]:
    return st.cache_data(ttl=STEADY_S, max_entries=400, show_spinner=False)(function)


def forget() -> None:
    """Read everything anew from here on."""
    st.cache_data.clear()
    _run.clear()
    _summaries_of.clear()


def _together(read: Callable[[T], R], asked: Iterable[T]) -> list[R]:
    """Return what each read answers, in order; several wait at the same time."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(read, asked))


@_cached
def projects() -> list[Row]:
    """Return all projects that the key may read."""
    return list(client().projects())


@_cached
def traces(
    project: str | None,
    window: Window,
    *,
    where: Sequence[Condition] = (),
    order: str = "-start",
    limit: int = PAGE_ROWS,
    cursor: str | None = None,
    origin: str = "production",
) -> ListPage:
    """Return one page of traces."""
    found = client().traces(
        project=project,
        since=window.since,
        until=window.until,
        where=where,
        order=order,
        limit=limit,
        cursor=cursor,
        origin=origin,
    )
    return ListPage(list(found), found.next)


@_cached
def trace(trace_id: str) -> Trace:
    """Return one trace.

    Raises:
        NotFoundError: No span of it is stored.
    """
    found = client().trace(trace_id)
    return Trace(
        dict(found.row), list(found.spans), list(found.scores), found.truncated
    )


def entry_span(trace_id: str) -> Row:
    """Return the entry span of a trace with its content."""
    found = trace(trace_id)
    entry = (span for span in found.spans if span["span_id"] == found.row["span_id"])
    return next(entry, found.spans[0])


def trace_ids(
    project: str | None,
    window: Window,
    *,
    where: Sequence[Condition],
    origin: str,
    most: int,
) -> list[str]:
    """Return the ids of the newest traces that match, `most` at most."""
    found: list[str] = []
    cursor = None
    while len(found) < most:
        page = traces(
            project,
            window,
            where=where,
            origin=origin,
            limit=min(most - len(found), MOST_ROWS),
            cursor=cursor,
        )
        found += [row["trace_id"] for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    return found


@dataclass(frozen=True)
class Overview:
    """How a period went, and the one before it."""

    total: list[Row]
    """One row over everything, none without calls."""
    before: list[Row]
    """The same of the period before."""
    series: list[Row]
    """By bucket."""
    models: list[Row]
    """By model."""
    model_series: list[Row]
    """By bucket and model."""
    errors: list[Row]
    """The newest failed traces."""
    slowest: list[Row]
    """The traces that took longest."""


@_cached
def overview(
    project: str | None,
    window: Window,
    before: Window,
    *,
    interval: Interval,
    most_traces: int,
) -> Overview:
    """Return how a period went; everything is read at the same time."""
    reader = client()

    def stats(period: Window, bucket: str, by: str | None = None) -> list[Row]:
        since, until = period.since, period.until
        return list(
            reader.stats(
                project=project, since=since, until=until, interval=bucket, by=by
            )
        )

    def most(order: str, *where: Condition) -> list[Row]:
        found = reader.traces(
            project=project,
            since=window.since,
            until=window.until,
            where=where,
            order=order,
            limit=most_traces,
        )
        return list(found)

    reads: list[Callable[[], list[Row]]] = [
        lambda: stats(window, "total"),
        lambda: stats(before, "total"),
        lambda: stats(window, interval),
        lambda: stats(window, "total", "model"),
        lambda: stats(window, interval, "model"),
        lambda: most("-start", ("status", "=", "error")),
        lambda: most("-duration_ms"),
    ]
    return Overview(*_together(lambda read: read(), reads))


@_long_cached
def values(
    fields: Sequence[str], project: str | None, window: Window
) -> dict[str, list[str]]:
    """Return the most frequent values of each field, most frequent first."""
    reader = client()

    def read(field: str) -> list[str]:
        found = reader.values(
            field, project=project, since=window.since, until=window.until, limit=50
        )
        return [str(row["value"]) for row in found if row["value"] not in (None, "")]

    return dict(zip(fields, _together(read, fields), strict=True))


@_cached
def trend(
    project: str | None, window: Window, *, interval: str, by: str | None
) -> tuple[list[Row], bool]:
    """Return the sums of every score by bucket and group, and whether some are cut."""
    found = client().score_trend(
        project=project,
        since=window.since,
        until=window.until,
        interval=interval,
        by=by,
    )
    return list(found), found.truncated


@_cached
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


@st.cache_resource(ttl=FRESH_S, max_entries=200, show_spinner=False)
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


@st.cache_resource(ttl=STEADY_S, max_entries=50, show_spinner=False)
def _summaries_of(
    versions: Mapping[str, tuple[str, int]],
) -> dict[str, dict[str, ScoreSummary]]:
    reader = client()

    def read(evaluation_id: str) -> dict[str, ScoreSummary]:
        return dict(reader.evaluation(evaluation_id).summary)

    return dict(zip(versions, _together(read, versions), strict=True))


@_cached
def comparable(run: Row) -> list[Row]:
    """Return the runs of a run's dataset, else of its name: what it compares with."""
    field = "dataset" if run["dataset"] else "name"
    found = _alike(run["project"], field, run[field])
    return [row for row in found if row["id"] != run["id"]]


@_cached
def _alike(project: str, field: str, value: str) -> list[Row]:
    where = [(field, "=", value)]
    return list(client().evaluations(project=project, where=where, limit=PAGE_ROWS))


@_cached
def views(evaluation_id: str) -> list[Row]:
    """Return a run's own views, in the order in which they were set."""
    return list(_run(evaluation_id).views())


@_cached
def predictions(evaluation_id: str) -> list[Row]:
    """Return a run's predictions, by example and trial; `MOST_PREDICTIONS` at most."""
    return list(_run(evaluation_id).predictions(limit=MOST_PREDICTIONS))


@_cached
def datasets(project: str | None) -> list[Row]:
    """Return all datasets."""
    return list(client().datasets(project=project))


@_cached
def dataset(name: str, project: str, *, version: str | None = None) -> Dataset:
    """Return one version of a dataset, the newest unless told.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    found = client().dataset(name, project=project, version=version)
    return Dataset(dict(found.row), list(found.rows))


@_cached
def dataset_versions(name: str, project: str) -> list[Row]:
    """Return a dataset's versions, newest first."""
    return list(client().dataset_versions(name, project=project))


def add_rows(name: str, project: str, rows: Sequence[Mapping[str, Any]]) -> Row:
    """Append rows to a dataset, making it if need be; return it as lists show it."""
    saved = client().save_dataset(
        name, rows, project=project, append=True, author=AUTHOR
    )
    forget()
    return dict(saved)


def delete_dataset(name: str, project: str) -> None:
    """Take a dataset out of the lists."""
    client().delete_dataset(name, project=project)
    forget()


def add_score(project: str, name: str, **score: Any) -> None:
    """Store a person's score."""
    client().add_score(name, project=project, source="human", **score)
    forget()
