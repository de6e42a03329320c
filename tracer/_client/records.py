"""One trace and one evaluation run, as `Client` returns them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tracer._aligned import Readable, run_head
from tracer._client.api import Api, conditions, in_path
from tracer._client.rows import Rows, typed

if TYPE_CHECKING:
    from tracer.stats import Measures, RunSlice, Summaries

Row = dict[str, Any]
"""One row of a list, as `docs/api.md` names its columns."""


@dataclass(frozen=True)
class Trace:
    """One trace with everything in it."""

    row: Row
    """The trace as lists show it."""

    spans: Rows = field(repr=False)
    """Its spans with content, parents first; ``depth`` is 0 for a root."""

    scores: Rows = field(repr=False)
    """The newest version of each of its scores."""

    truncated: bool = False
    """Whether it has more spans than are shown."""

    judge_usage: Row = field(default_factory=dict)
    """``input_tokens output_tokens cost_usd`` of the spans shown that judges used:
    evaluators and all below them. They are in the totals of `row`, too."""

    @property
    def trace_id(self) -> str:
        """Id in lower-case hex digits."""
        return str(self.row["trace_id"])


@dataclass(frozen=True)
class Session:
    """One conversation, turn by turn."""

    row: Row
    """The session as lists show it, at any time."""

    turns: Rows = field(repr=False)
    """Its traces, the first one first, each with ``input`` and ``output``."""

    @property
    def session_id(self) -> str:
        """Id, as the application gave it."""
        return str(self.row["session_id"])


@dataclass(frozen=True)
class EvaluationRun(Readable):
    """One run of an evaluation, read from the collector; printed, its scores."""

    row: Row
    """The run as lists show it."""

    sums: Sequence[Mapping[str, Any]] = field(repr=False)
    """Sums by score and example: what `summary` is made from."""

    api: Api = field(repr=False, compare=False)
    """Where more of it is read."""

    @property
    def id(self) -> str:
        """Id of the run."""
        return str(self.row["id"])

    @property
    def name(self) -> str:
        """Name of the evaluation, verbatim."""
        return str(self.row["name"])

    @property
    def status(self) -> str:
        """``running``, ``done``, ``failed`` or ``incomplete``."""
        return str(self.row["status"])

    @cached_property
    def summary(self) -> "Summaries":
        """What the run says about each score, by the score's name.

        A declared score that no prediction has is there too: all of it is missing.
        """
        from tracer.evaluation._tally import Tally

        tally = Tally(self.row["scorers"] or ())
        n_failed = self.row["n_errors"]
        n_done = self.row["n_predictions"] - n_failed
        tally.resume(self.sums, n_done=n_done, n_failed=n_failed)
        return tally.summary()

    @cached_property
    def examples(self) -> Rows:
        """What each example took, trial by trial, and its metadata (docs/api.md)."""
        return self._rows("measures", None, None, None)

    @cached_property
    def measures(self) -> "Measures":
        """Latency, tokens, cost and failures, by name; those unknown are left out."""
        from tracer.stats import summarize_measures

        return summarize_measures(self.examples)

    @property
    def lower_is_better(self) -> frozenset[str]:
        """Scores of which the run's metadata say that lower is better.

        Metrics of `tracer.metrics` and what predictions took are known without.
        """
        from tracer.stats import LOWER_IS_BETTER

        said = (self.row["metadata"] or {}).get(LOWER_IS_BETTER) or ()
        return frozenset((said,) if isinstance(said, str) else map(str, said))

    def slices(self, by: str) -> "list[RunSlice]":
        """Return the run by groups of examples that share a metadata value.

        Args:
            by: Key of the examples' metadata, as ``language``.
        """
        from tracer.stats import summarize_slices

        values = {row["example_id"]: row["metadata"].get(by) for row in self.examples}
        lower = self.lower_is_better
        return summarize_slices(self.sums, values, lower_is_better=lower)

    def predictions(
        self,
        *,
        where: Sequence[Sequence[Any]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Rows:
        """Return its predictions by example and trial, with their scores."""
        return self._rows("predictions", where, limit, cursor)

    def scores(
        self,
        *,
        where: Sequence[Sequence[Any]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Rows:
        """Return its scores, newest version of each: example x trial x score."""
        return self._rows("scores", where, limit, cursor)

    def views(self) -> Rows:
        """Return its views, in the order in which they were set.

        Rows of ``name media_type content metadata at``: `EvaluationLogger.set_view`.
        """
        path = f"evaluations/{in_path(self.id)}/views"
        found = self.api.get(path, project=self.row["project"])
        return Rows(typed(row) for row in found["rows"])

    def __repr__(self) -> str:
        name = self.row["display_name"] or self.row["name"]
        return f"EvaluationRun({name!r}, id={self.id!r}, {self.status})"

    def __str__(self) -> str:
        head = run_head(
            name=self.row["display_name"] or self.row["name"] or self.id,
            model=self.row["model"] or "",
            n_predictions=self.row["n_predictions"],
            n_failed=self.row["n_errors"],
            status=self.status,
        )
        return f"{head}\n{self.summary}"

    def _rows(
        self,
        what: str,
        where: Sequence[Sequence[Any]] | None,
        limit: int | None,
        cursor: str | None,
    ) -> Rows:
        path = f"evaluations/{in_path(self.id)}/{what}"
        asked = {"where": conditions(where), "project": self.row["project"]}
        return self.api.rows(path, limit=limit, cursor=cursor, **asked)
