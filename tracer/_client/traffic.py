"""The part of `Client` that reads what was recorded: calls, and figures of them."""

from tracer._client.api import in_path
from tracer._client.asking import Asking, Time, Where, window
from tracer._client.records import Row, Session, Trace
from tracer._client.rows import Rows, typed


class Traffic(Asking):
    """What applications did. Lists come newest first."""

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
            **window(project, since, until, where),
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
            **window(project, since, until, where),
            order=order,
            limit=limit,
            cursor=cursor,
            origin=origin,
        )

    def entry_spans(
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
        """Return entry spans of traces with their content; arguments as for `traces`.

        Each is as `span` has it, with the ``retrievers`` of its trace beside it, 20 at
        most, the earliest first. A hundred are read at once: for many traces it takes
        few reads where `trace` takes one each.
        """
        return self._api.rows(
            "entry-spans",
            **window(project, since, until, where),
            order=order,
            limit=limit,
            cursor=cursor,
            origin=origin,
        )

    def trace(
        self, trace_id: str, *, project: str | None = None, content: bool = True
    ) -> Trace:
        """Return one trace: its spans with content, parents first, and its scores.

        Args:
            trace_id: Which trace.
            project: Only what of it is in this project.
            content: Whether spans come with what they say and carry; without they are
                steps in time (docs/api.md), ten thousand of them in a second. `span`
                has the rest of one.

        Raises:
            NotFoundError: No span of it is stored (yet).
        """
        found = self._api.get(
            f"traces/{in_path(trace_id)}",
            project=project,
            content=None if content else 0,
        )
        return Trace(
            row=typed(found["trace"]),
            spans=Rows(typed(span) for span in found["spans"]),
            scores=Rows(typed(score) for score in found["scores"]),
            truncated=found["truncated"],
            judge_usage=found["judge_usage"],
        )

    def span(self, trace_id: str, span_id: str, *, project: str | None = None) -> Row:
        """Return one span of a trace with its content.

        Raises:
            NotFoundError: It is not stored (yet).
        """
        path = f"traces/{in_path(trace_id)}/spans/{in_path(span_id)}"
        return typed(self._api.get(path, project=project))

    def sessions(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        order: str = "-start",
        limit: int | None = 100,
        cursor: str | None = None,
    ) -> Rows:
        """Return sessions: their traces, errors, latency, tokens, cost and scores.

        Conditions are those of `spans`: some span of the session meets them all.

        Args:
            project: Only this project.
            since: First start time of the spans that count.
            until: First start time that is no longer wanted.
            where: Conditions, as ``[("user_id", "=", "u1")]``.
            order: ``-start``, ``start``, or ``-last``, the latest active first.
            limit: The most rows wanted; None for all.
            cursor: ``.next`` of rows read before, to go on from there.
        """
        return self._api.rows(
            "sessions",
            **window(project, since, until, where),
            order=order,
            limit=limit,
            cursor=cursor,
        )

    def session(
        self,
        session_id: str,
        *,
        project: str | None = None,
        limit: int | None = 100,
        cursor: str | None = None,
    ) -> Session:
        """Return one session and its turns, the first one first.

        Args:
            session_id: As the application gave it.
            project: Only what it did in this project.
            limit: The most turns wanted; None for all.
            cursor: ``.turns.next`` of turns read before, to go on from there.

        Raises:
            NotFoundError: No span names it (yet).
        """
        path = f"sessions/{in_path(session_id)}"
        turns, row = Rows(), {}
        pages = self._api.pages(path, limit=limit, project=project, cursor=cursor)
        for page in pages:
            row, turns.next = typed(page["session"]), page["next"]
            turns.extend(typed(turn) for turn in page["rows"])
        return Session(row, turns)

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
        limit: int | None = None,
        origin: str = "production",
    ) -> Rows:
        """Return calls, errors, latency percentiles, tokens and cost.

        Args:
            project: Only this project.
            since: First start time.
            until: First start time that is no longer wanted.
            where: Conditions that the calls meet.
            interval: ``total``, ``minute``, ``quarter`` (of an hour), ``hour``, ``day``
                or ``week``: one row for each.
            by: A field to group by, as ``model``, ``tags``, ``metadata.department``.
            unit: ``calls`` counts entry spans, ``spans`` all, ``streams`` those whose
                first token was timed: their percentiles are of the time to it.
            limit: The most rows wanted, of a total those with most calls.
            origin: ``production``, ``evaluation`` or ``all``.
        """
        return self._list(
            "stats",
            **window(project, since, until, where),
            interval=interval,
            by=by,
            unit=unit,
            limit=limit,
            origin=origin,
        )

    def latency(
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
        """Return median and 95th percentile of latency with their 95 % intervals.

        Arguments as for `stats`. An end is None where too few calls tell.
        """
        return self._list(
            "stats/latency",
            **window(project, since, until, where),
            interval=interval,
            by=by,
            unit=unit,
            origin=origin,
        )

    def errors(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        where: Where | None = None,
        limit: int = 100,
        origin: str = "production",
    ) -> Rows:
        """Return why calls failed, the newest reason first, each with its number.

        Messages that differ only in numbers and ids are one reason.
        """
        return self._list(
            "errors",
            **window(project, since, until, where),
            limit=limit,
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
        """Return the most frequent values of a field: ``value n first_ns last_ns``."""
        return self._list(
            "values",
            **window(project, since, until, None),
            field=field,
            limit=limit,
            origin=origin,
        )
