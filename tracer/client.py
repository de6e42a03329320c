"""Reading and editing what a collector holds, from anywhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracer import _setup
from tracer._api import Api, conditions, in_path, moment
from tracer._client_documents import Documents
from tracer._config import from_environment
from tracer._records import EvaluationRun, Row, Trace
from tracer._rows import Rows, typed

if TYPE_CHECKING:
    from tracer.stats import ScoreComparison

Time = datetime | str | int
"""An aware or local datetime, ISO 8601 text, nanoseconds since 1970, or ``7d``."""

Where = Sequence[Sequence[Any]]
"""Conditions ``(field, op, value)`` that must all hold; docs/api.md lists them."""


class Client(Documents):
    """A collector's data; the dashboard uses nothing else.

    Lists come newest first as `Rows` and ask for further pages as they are needed, up
    to ``limit`` rows, all of them with ``limit=None``. Without ``since``, lists cover
    the last 30 days.

    Args:
        endpoint: Address of the collector; by default what `tracer.configure` was
            told, else the environment (``TRACER_ENDPOINT``), else
            ``http://127.0.0.1:4318``.
        api_key: The collector's key, if it wants one; found in the same places.
        timeout_s: Longest wait for one answer.

    Raises:
        CollectorError: From every method: the collector is away, or refused. Its
            ``hint`` says what to do. `NotFoundError` and `ConflictError` are such.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = 60.0,
    ) -> None:
        if endpoint is None or api_key is None:
            settings = (
                _setup.settings() if _setup.is_configured() else from_environment()
            )
            endpoint = settings.endpoint if endpoint is None else endpoint
            api_key = settings.api_key if api_key is None else api_key
        super().__init__(Api(endpoint, api_key, timeout_s=timeout_s))

    @property
    def endpoint(self) -> str:
        """Address of the collector."""
        return self._api.endpoint

    def __repr__(self) -> str:
        return f"Client({self.endpoint!r})"

    def projects(self) -> Rows:
        """Return every project with its size and times, the latest active first."""
        return self._api.rows("projects", limit=None)

    def traces(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        order: str = "-start",
        limit: int | None = 100,
        cursor: str | None = None,
        origin: str = "production",
    ) -> Rows:
        """Return traces: entry span, totals, newest scores.

        Args:
            project: Only this project.
            since: First start time.
            until: First start time that is no longer wanted.
            where: Conditions, as ``[("metadata.department", "=", "accounting")]``.
            order: ``-start``, ``start``, ``-duration_ms``, ``-cost_usd`` or
                ``-total_tokens``.
            limit: The most rows wanted; None for all.
            cursor: ``.next`` of rows read before, to go on from there.
            origin: ``production``, ``evaluation`` or ``all``.
        """
        return self._api.rows(
            "traces",
            **_window(project, since, until, where),
            order=order,
            limit=limit,
            cursor=cursor,
            origin=origin,
        )

    def spans(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        order: str = "-start",
        limit: int | None = 100,
        cursor: str | None = None,
        origin: str = "production",
    ) -> Rows:
        """Return spans without their content; arguments as for `traces`."""
        return self._api.rows(
            "spans",
            **_window(project, since, until, where),
            order=order,
            limit=limit,
            cursor=cursor,
            origin=origin,
        )

    def trace(self, trace_id: str, *, project: str | None = None) -> Trace:
        """Return one trace: its spans with content, parents first, and its scores.

        Raises:
            NotFoundError: No span of it is stored (yet).
        """
        found = self._api.get(f"traces/{in_path(trace_id)}", project=project)
        return Trace(
            row=typed(found["trace"]),
            spans=Rows(typed(span) for span in found["spans"]),
            scores=Rows(typed(score) for score in found["scores"]),
            truncated=found["truncated"],
        )

    def sessions(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        limit: int | None = 100,
        cursor: str | None = None,
    ) -> Rows:
        """Return sessions: traces, errors, tokens; first input and last output."""
        return self._api.rows(
            "sessions",
            **_window(project, since, until, where),
            limit=limit,
            cursor=cursor,
        )

    def stats(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        interval: str = "total",
        by: str | None = None,
        unit: str = "calls",
        origin: str = "production",
    ) -> Rows:
        """Return calls, errors, latency percentiles, tokens and cost.

        Args:
            project: Only this project.
            since: First start time.
            until: First start time that is no longer wanted.
            where: Conditions that the calls meet.
            interval: ``total``, ``minute``, ``hour`` or ``day``: one row for each.
            by: A field to group by, as ``model`` or ``metadata.department``.
            unit: ``calls`` counts entry spans, ``spans`` all.
            origin: ``production``, ``evaluation`` or ``all``.
        """
        return self._list(
            "stats",
            **_window(project, since, until, where),
            interval=interval,
            by=by,
            unit=unit,
            origin=origin,
        )

    def values(
        self,
        field: str,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        limit: int = 100,
        origin: str = "production",
    ) -> Rows:
        """Return the most frequent values of a field, as rows of ``value n``."""
        return self._list(
            "values",
            **_window(project, since, until, None),
            field=field,
            limit=limit,
            origin=origin,
        )

    def scores(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        limit: int | None = 100,
        cursor: str | None = None,
        origin: str = "all",
        as_of: Time | None = None,
        deleted: bool = False,
        versions: bool = False,
    ) -> Rows:
        """Return scores, the newest version of each.

        Args:
            project: Only this project.
            since: First time.
            until: First time that is no longer wanted.
            where: Conditions, as ``[("name", "=", "helpful"), ("value", "<", 1)]``.
            limit: The most rows wanted; None for all.
            cursor: ``.next`` of rows read before.
            origin: ``production``, ``evaluation`` or ``all``.
            as_of: Answer as it was at this time.
            deleted: Whether scores that were taken back are shown too.
            versions: Whether every version is a row.
        """
        return self._api.rows(
            "scores",
            **_window(project, since, until, where),
            limit=limit,
            cursor=cursor,
            origin=origin,
            as_of=moment(as_of),
            deleted=1 if deleted else None,
            versions=1 if versions else None,
        )

    def score_trend(
        self,
        *names: str,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        interval: str = "day",
        by: str | None = None,
        origin: str = "all",
    ) -> Rows:
        """Return sums of scores by time: what `tracer.stats` makes intervals from.

        Args:
            names: Only these scores; all without.
            project: Only this project.
            since: First time.
            until: First time that is no longer wanted.
            where: Conditions that the scores meet.
            interval: ``day`` or ``hour``.
            by: ``model``, ``evaluation``, ``prompt_version``, ``author`` or ``source``.
            origin: ``production``, ``evaluation`` or ``all``.
        """
        return self._list(
            "scores/trend",
            **_window(project, since, until, where),
            name=list(names) or None,
            interval=interval,
            by=by,
            origin=origin,
        )

    def add_score(
        self,
        name: str,
        value: float | bool | None = None,
        *,
        project: str,
        **fields: Any,
    ) -> Row:
        """Store a score at once and return it; the same target and name versions it.

        Args:
            name: What was judged.
            value: The judgement; a bool stays one. None where `fields` has a label.
            project: Project of what was judged.
            fields: ``trace_id span_id`` or ``evaluation_id example_id trial``;
                ``label explanation source author repeat metadata deleted``.
        """
        body = {"project": project, "name": name, "value": value, **fields}
        return typed(self._api.send("POST", "scores", body))

    def evaluations(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        limit: int | None = 100,
        cursor: str | None = None,
    ) -> Rows:
        """Return evaluation runs with their status, counts and mean scores."""
        return self._api.rows(
            "evaluations",
            **_window(project, since, until, where),
            limit=limit,
            cursor=cursor,
        )

    def evaluation(self, id: str, *, project: str | None = None) -> EvaluationRun:
        """Return one run: `row`, `summary`, `predictions()`, `scores()`.

        Raises:
            NotFoundError: There is no such run.
        """
        found = self._api.get(f"evaluations/{in_path(id)}", project=project)
        return EvaluationRun(typed(found["evaluation"]), found["sums"], self._api)

    def compare(
        self, baseline: str, candidate: str, *, method: str = "t"
    ) -> "list[ScoreComparison]":
        """Compare two runs score by score, paired by example.

        Args:
            baseline: Id of the run that is measured against.
            candidate: Id of the other.
            method: As for `tracer.stats.compare`.
        """
        from tracer.stats import compare

        runs = [self.evaluation(baseline), self.evaluation(candidate)]
        return compare(runs[0].sums, runs[1].sums, method=method)

    def sql(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        project: str | None = None,
    ) -> Rows:
        """Return the rows of one SELECT over ``spans``, ``scores``, ``evaluations``.

        docs/sql.md tells their columns. ``truncated`` says that there were more rows.

        Args:
            query: ClickHouse SQL, with placeholders as ``{name:String}``.
            parameters: Values of the placeholders.
            project: Only rows of this project.
        """
        asked = {"query": query, "parameters": dict(parameters or {})}
        return _rows_of(self._api.ask("sql", asked | {"project": project}))

    def ledger(
        self, *, project: str | None = None, since: Time | None = None, limit: int = 100
    ) -> Rows:
        """Return what each process sent and what is stored of it, the latest first.

        ``since``: processes that sent something since then, in the last day if None.
        docs/delivery.md explains the columns, and what ``verdict`` cannot know.
        """
        asked = {"project": project, "since": moment(since), "limit": limit}
        return self._list("ledger", **asked)

    def health(self) -> Row:
        """Return what the collector says about itself: versions, sizes, queue."""
        found: Row = self._api.get("health")
        return found

    def _list(self, path: str, **parameters: Any) -> Rows:
        return _rows_of(self._api.get(path, **parameters))


def _rows_of(answer: Mapping[str, Any]) -> Rows:
    rows = (typed(row) for row in answer["rows"])
    return Rows(rows, truncated=answer.get("truncated", False))


def _window(
    project: str | None,
    since: Time | None,
    until: Time | None,
    where: Where | None,
) -> dict[str, Any]:
    return {
        "project": project,
        "since": moment(since),
        "until": moment(until),
        "where": conditions(where),
    }
