"""Where Streamlit meets `tracer.Client`: every read is cached for a few seconds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from dashboard.shaping.conditions import Condition
from dashboard.shaping.windows import Interval, Window
from tracer.client import Client
from tracer.stats import ScoreSummary, summarize

P = ParamSpec("P")
R = TypeVar("R")
Row = dict[str, Any]

PAGE_ROWS: Final = 50
MOST_ROWS: Final = 1000
FRESH_S: Final = 10


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


@_cached
def stats(
    project: str | None,
    window: Window,
    *,
    interval: Interval | str = "total",
    by: str | None = None,
) -> list[Row]:
    """Return calls, errors, latency, tokens and cost by bucket and group."""
    return list(
        client().stats(
            project=project,
            since=window.since,
            until=window.until,
            interval=interval,
            by=by,
        )
    )


@_cached
def values(field: str, project: str | None, window: Window) -> list[str]:
    """Return the most frequent values of a field, most frequent first."""
    found = client().values(
        field, project=project, since=window.since, until=window.until, limit=50
    )
    return [str(row["value"]) for row in found if row["value"] not in (None, "")]


@_cached
def trend(
    project: str | None, window: Window, *, interval: str, by: str | None
) -> list[Row]:
    """Return the sums of every score by bucket and group."""
    return list(
        client().score_trend(
            project=project,
            since=window.since,
            until=window.until,
            interval=interval,
            by=by,
        )
    )


@_cached
def evaluations(
    project: str | None, window: Window, *, cursor: str | None = None
) -> ListPage:
    """Return one page of evaluation runs, newest first."""
    found = client().evaluations(
        project=project,
        since=window.since,
        until=window.until,
        limit=PAGE_ROWS,
        cursor=cursor,
    )
    return ListPage(list(found), found.next)


@_cached
def evaluation(evaluation_id: str) -> Evaluation:
    """Return one run.

    Raises:
        NotFoundError: There is no such run.
    """
    found = client().evaluation(evaluation_id)
    return Evaluation(dict(found.row), [dict(row) for row in found.sums])


def summaries(evaluation_id: str) -> dict[str, ScoreSummary]:
    """Return a run's scores with their intervals, by name."""
    return summarize(evaluation(evaluation_id).sums)


def comparable(run: Row) -> list[Row]:
    """Return the runs of a run's dataset, else of its name: what it compares with."""
    field = "dataset" if run["dataset"] else "name"
    found = client().evaluations(
        project=run["project"], where=[(field, "=", run[field])], limit=PAGE_ROWS
    )
    return [row for row in found if row["id"] != run["id"]]


@_cached
def predictions(evaluation_id: str, *, cursor: str | None = None) -> ListPage:
    """Return one page of a run's predictions, by example and trial."""
    found = (
        client().evaluation(evaluation_id).predictions(limit=MOST_ROWS, cursor=cursor)
    )
    return ListPage(list(found), found.next)


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
    saved = client().save_dataset(name, rows, project=project, append=True)
    st.cache_data.clear()
    return dict(saved)


def delete_dataset(name: str, project: str) -> None:
    """Take a dataset out of the lists."""
    client().delete_dataset(name, project=project)
    st.cache_data.clear()


def add_score(project: str, name: str, **score: Any) -> None:
    """Store a person's score."""
    client().add_score(name, project=project, source="human", **score)
    st.cache_data.clear()
