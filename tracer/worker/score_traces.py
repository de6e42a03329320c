"""The job `score_traces`: metrics and judges over traffic, scores on its traces."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

import tracer
from tracer._client.records import Row
from tracer.client import Client
from tracer.errors import NotFoundError
from tracer.evaluation._outcomes import Outcome
from tracer.evaluation.scorers import named_scorers
from tracer.online.delivering import deliver_scores
from tracer.online.scoring import is_scored, score_trace
from tracer.worker.desk import Desk, Job
from tracer.worker.grading import LIMIT_REACHED, Grader
from tracer.worker.score_dataset import worked_off

MOST_TRACES: Final = 1000
"""How many traces a job takes that does not say how many."""

IDS_AT_ONCE: Final = 200
"""Ids in one read: they stand in its address."""


def score_traces(
    client: Client, job: Job, desk: Desk, *, judge_cache: str | None = None
) -> dict[str, Any]:
    """Score the traces that a filter lets through, the newest first.

    Parameters of the job: ``where since until origin`` as lists take them, or
    ``trace_ids``; ``limit`` (traces), ``metrics``, ``judges``, ``spending_limit_usd``.
    A trace that has an answer of every scorer is left alone unless ``again`` is true,
    one without output is too. What judges call is in no production list.

    Returns:
        ``{"n_traces", "n_scored", "n_skipped", "scores", "errors", "causes",
        "failures"}``; with judges also ``judge_requests`` and ``judge_cost_usd``;
        ``stopped`` and ``n_left`` where the limit was reached.

    Raises:
        ConfigurationError: A metric or a setting is unknown, nothing is named to score
            by, or there is a limit and a judge without a price.
        CollectorError: The filter is none, or scores did not arrive.
    """
    tracer.configure(endpoint=client.endpoint, project=job["project"])
    work = _Work(client, job, Grader(client, job, cache=judge_cache))
    rows = list(wanted_traces(client, job["params"], project=job["project"]))
    steps = worked_off(work.score, work.until_limit(rows), work.grader.at_once)
    try:
        with closing(steps):
            for n_done in steps:
                done = n_done - len(work.grader.stopped)
                desk.report(done, len(rows), **work.grader.said())
    finally:
        deliver_scores()
    if not work.grader.budget.is_reached:
        desk.report(len(rows), len(rows), **work.grader.said())
    return {
        "n_traces": len(rows),
        "n_scored": len(work.scored),
        "n_skipped": len(work.skipped),
        "scores": work.grader.names,
        **work.grader.ended(len(work.scored) + len(work.skipped), len(rows)),
    }


def wanted_traces(
    client: Client, params: Mapping[str, Any], *, project: str
) -> Iterator[Row]:
    """Yield the traces that a job is about, the newest first."""
    if (ids := params.get("trace_ids")) is not None:
        for start in range(0, len(ids), IDS_AT_ONCE):
            yield from _named(client, ids[start : start + IDS_AT_ONCE], project=project)
        return
    yield from client.traces(
        project=project,
        since=params.get("since"),
        until=params.get("until"),
        where=params.get("where") or [],
        origin=params.get("origin") or "production",
        limit=params.get("limit") or MOST_TRACES,
    )


def _named(client: Client, ids: Sequence[str], *, project: str) -> Iterator[Row]:
    """Yield the traces of these ids in their order, without those deleted since."""
    found = client.traces(
        project=project,
        since=0,
        where=[("trace_id", "in", list(ids))],
        origin="all",
        limit=None,
    )
    rows = {row["trace_id"]: row for row in found}
    yield from (dict(rows[one]) for one in ids if one in rows)


class _Work:
    """One job's way through traces; `score` runs in several threads."""

    def __init__(self, client: Client, job: Job, grader: Grader) -> None:
        self.grader = grader
        self.scored: list[str] = []
        self.skipped: list[str] = []
        self._client = client
        self._job = job
        self._scorers = named_scorers([*grader.judges])
        self._scorers = [*grader.metrics, *self._scorers]

    def until_limit(self, rows: list[Row]) -> Iterator[Row]:
        """Yield what is to be scored until the job's limit is reached."""
        for row in rows:
            if self.grader.budget.is_reached:
                return
            yield row

    def score(self, row: Row) -> None:
        """Score one trace, or leave it alone."""
        trace_id = row["trace_id"]
        again = self._job["params"].get("again", False)
        if not again and is_scored(row, self._scorers):
            self.skipped.append(trace_id)
            return
        try:
            trace = self._client.trace(trace_id, project=self._job["project"])
        except NotFoundError:  # deleted since it was listed
            self.skipped.append(trace_id)
            return
        if trace.spans[0]["output"] is None:
            self.skipped.append(trace_id)
            return
        failures = score_trace(
            trace,
            self._scorers,
            evaluation_id=f"job:{self._job['id']}",
            facts={"job": self._job["id"]},
            drops=self._is_stopped,
        )
        if any(self.grader.is_at_limit(said) for _, said in failures):
            self.grader.stop(trace_id)
            return
        for name, said in failures:
            self.grader.faults.add(name, said, trace_id=trace_id)
        self.scored.append(trace_id)

    def _is_stopped(self, outcome: Outcome) -> bool:
        return self.grader.budget.is_reached and LIMIT_REACHED in (outcome.error or "")
