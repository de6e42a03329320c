"""The part of `Client` about quality: scores, and runs that are made of them."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from tracer import _setup
from tracer._client.api import in_path, moment
from tracer._client.asking import Asking, Time, Where, window
from tracer._client.records import EvaluationRun, Row
from tracer._client.rows import Rows, typed

if TYPE_CHECKING:
    from tracer.stats import RankedRun, RunPair, ScoreComparison, Slice


class Judgements(Asking):
    """What people, code and models said of calls. Lists come newest first."""

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
            **window(project, since, until, where),
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
            interval: ``day``, ``week``, ``hour``, ``quarter`` (of one) or ``total``.
            by: ``model``, ``evaluation``, ``prompt_name``, ``prompt_version``,
                ``environment``, ``release``, ``service``, ``tags``, ``author`` or
                ``source``.
            origin: ``production``, ``evaluation`` or ``all``.
        """
        return self._list(
            "scores/trend",
            **window(project, since, until, where),
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
                ``label explanation source author repeat metadata scale deleted``.
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
        """Return evaluation runs with their status, counts and mean scores.

        What this process logged before is sent first, so that its own runs are there.
        """
        self._send_own_runs()
        return self._api.rows(
            "evaluations",
            **window(project, since, until, where),
            limit=limit,
            cursor=cursor,
        )

    def evaluation(self, id: str, *, project: str | None = None) -> EvaluationRun:
        """Return one run: `row`, `summary`, `predictions()`, `scores()`.

        What this process logged before is sent first, so that its own run is whole.

        Raises:
            NotFoundError: There is no such run.
        """
        self._send_own_runs()
        found = self._api.get(f"evaluations/{in_path(id)}", project=project)
        return EvaluationRun(typed(found["evaluation"]), found["sums"], self._api)

    def _send_own_runs(self) -> None:
        """Send what waits in this process for the collector that is about to be read.

        A run that is read as soon as its loop ends would else lack its last rows, and
        nothing in the answer would tell.
        """
        if _setup.settings().endpoint.rstrip("/") == self._api.endpoint:
            _setup.flush()

    def compare(
        self,
        baseline: str,
        candidate: str,
        *,
        method: str = "t",
        scores: Collection[str] | None = None,
    ) -> "list[ScoreComparison]":
        """Compare two runs score by score, paired by example.

        Args:
            baseline: Id of the run that is measured against.
            candidate: Id of the other.
            method: As for `tracer.stats.compare`.
            scores: As for `tracer.stats.compare`: all but what stands beside another.
        """
        from tracer.stats import compare

        old, new = self.evaluation(baseline), self.evaluation(candidate)
        lower = old.lower_is_better | new.lower_is_better
        return compare(
            old.sums, new.sums, method=method, lower_is_better=lower, scores=scores
        )

    def compare_measures(
        self, baseline: str, candidate: str, *, percentiles: Sequence[int] = ()
    ) -> "list[ScoreComparison]":
        """Compare what two runs took: latency, tokens, cost, failures.

        Args:
            baseline: Id of the run that is measured against.
            candidate: Id of the other.
            percentiles: Of latency, as ``(50, 95)``.
        """
        from tracer.stats import compare_measures

        old, new = self.evaluation(baseline), self.evaluation(candidate)
        return compare_measures(old.examples, new.examples, percentiles=percentiles)

    def compare_runs(
        self,
        *runs: str,
        baseline: str | None = None,
        method: str = "t",
        scores: Collection[str] | None = None,
    ) -> "list[RunPair]":
        """Compare two runs or more, each pair by the examples that both have.

        Args:
            runs: Ids of the runs.
            baseline: Id of the one to compare against; else every run with every
                later one.
            method: As for `tracer.stats.compare`.
            scores: As for `tracer.stats.compare`: all but what stands beside another.
        """
        from tracer.stats import compare_runs

        wanted = list(dict.fromkeys([*([baseline] if baseline else ()), *runs]))
        found = {id: self.evaluation(id) for id in wanted}
        lower = [run.lower_is_better for run in found.values()]
        return compare_runs(
            {id: run.sums for id, run in found.items()},
            baseline=baseline,
            method=method,
            lower_is_better=frozenset().union(*lower),
            scores=scores,
        )

    def leaderboard(
        self,
        dataset: str,
        score: str,
        *,
        project: str | None = None,
        since: Time | None = None,
        limit: int = 50,
    ) -> "list[RankedRun]":
        """Rank the newest runs of a dataset by one score; `name` is a run's id.

        Args:
            dataset: Name of the dataset; its versions are not told apart.
            score: Name of the score.
            project: Only runs of this project.
            since: First start time.
            limit: The most runs that are ranked.
        """
        from tracer.stats import rank_runs

        found = self.evaluations(
            project=project,
            since=since,
            where=[("dataset", "=", dataset)],
            limit=limit,
        )
        runs = {row["id"]: self.evaluation(row["id"]) for row in found}
        lower = [run.lower_is_better for run in runs.values()]
        return rank_runs(
            {id: run.sums for id, run in runs.items()},
            score,
            lower_is_better=frozenset().union(*lower),
        )

    def compare_slices(
        self,
        baseline: str,
        candidate: str,
        *,
        by: str,
        method: str = "t",
        scores: Collection[str] | None = None,
    ) -> "list[Slice]":
        """Compare two runs within each group of examples that share a metadata value.

        Args:
            baseline: Id of the run that is measured against.
            candidate: Id of the other.
            by: Key of the examples' metadata, as ``language``.
            method: As for `tracer.stats.compare`.
            scores: As for `tracer.stats.compare`: all but what stands beside another.
        """
        from tracer.stats import compare_slices

        runs = [self.evaluation(baseline), self.evaluation(candidate)]
        slices = {
            row["example_id"]: row["metadata"].get(by)
            for run in runs
            for row in run.examples
        }
        return compare_slices(
            runs[0].sums,
            runs[1].sums,
            slices,
            method=method,
            lower_is_better=runs[0].lower_is_better | runs[1].lower_is_better,
            scores=scores,
        )
