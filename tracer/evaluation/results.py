"""What a run found: a summary for people, and every row for those who look closer."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tracer._aligned import Readable, run_head
from tracer._extras import require
from tracer._setup import flush
from tracer.stats import (
    Measures,
    ScoreComparison,
    Summaries,
    compare,
    summarize_measures,
)

_MOST_CAUSES: Final = 3
_MOST_LETTERS: Final = 300
_PATIENCE_S: Final = 2.0  # for a collector that does not answer as a result is printed


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One prediction of a run."""

    example_id: str
    """Which example."""

    trial: int
    """Which trial of it, from 0."""

    inputs: Mapping[str, Any]
    """What the model was asked."""

    expected: Any
    """The reference answer; None if there is none."""

    output: Any
    """What the model answered; None if it failed."""

    scores: Mapping[str, Any]
    """Answer of each scorer that gave one, by its name."""

    errors: Mapping[str, str]
    """What went wrong, by scorer; under ``model`` if the model failed."""

    duration_ms: float | None
    """How long the model took, retries included; None of a stored output."""

    trace_id: str
    """Where to look closer."""


@dataclass(frozen=True, kw_only=True)
class EvaluationResult(Readable):
    """A finished run."""

    evaluation_id: str
    """Id of the run."""

    name: str
    """Name of the run, for people."""

    model: str
    """Name of what was evaluated."""

    summary: Summaries
    """What the run says about each score, by its name."""

    rows: Sequence[ResultRow] = field(repr=False)
    """Every prediction, in the order in which they were planned."""

    ui_url: str = ""
    """Address of the run in the dashboard."""

    lower_is_better: frozenset[str] = frozenset()
    """Scores whose scorers say that a lower value is better."""

    @property
    def n_failed(self) -> int:
        """Predictions in which the model failed."""
        return sum("model" in row.errors for row in self.rows)

    @property
    def measures(self) -> Measures:
        """``latency_ms`` and ``failed``; tokens and cost are on the stored run."""
        examples: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            nothing = {"example_id": row.example_id, "latency_ms": [], "failed": []}
            example = examples.setdefault(row.example_id, nothing)
            example["latency_ms"].append(row.duration_ms)
            example["failed"].append(int("model" in row.errors))
        return summarize_measures(examples.values())

    def compare(self, baseline: "EvaluationResult") -> list[ScoreComparison]:
        """Compare with a baseline, paired by example; see `tracer.stats.compare`."""
        lower = self.lower_is_better | baseline.lower_is_better
        return compare(_sums(baseline), _sums(self), lower_is_better=lower)

    def to_pandas(self) -> Any:
        """Return a DataFrame with one row a prediction and one column a score.

        An input or a score that is called as another column is ``inputs.NAME`` or
        ``scores.NAME``.
        """
        pandas = require("pandas", extra="dashboard", purpose="a DataFrame")
        return pandas.DataFrame(map(_flat, self.rows))

    def __str__(self) -> str:
        head = run_head(
            name=self.name,
            model=self.model,
            n_predictions=len(self.rows),
            n_failed=self.n_failed,
        )
        table = str(self.summary) if self.summary else "no scores"
        failures = _failures(self.rows)
        return "\n".join(filter(None, (head, table, *failures, self._link())))

    def _link(self) -> str:
        """Return the run's address, and beside it whether it leads anywhere yet."""
        if not self.ui_url:
            return ""
        report = flush(_PATIENCE_S)
        if not (waiting := report.pending + report.spooled):
            return self.ui_url
        why = f" ({report.errors[-1]})" if report.errors else ""
        return f"{self.ui_url}\nnot sent yet: {waiting:,} records wait{why}"


def _flat(row: ResultRow) -> dict[str, Any]:
    """Return a prediction's columns: where two are called alike, each by its whole."""
    first = {"example_id": row.example_id, "trial": row.trial}
    answered = {"expected": row.expected, "output": row.output}
    last = {
        "error": "; ".join(row.errors.values()) or None,
        "duration_ms": row.duration_ms,
        "trace_id": row.trace_id,
    }
    own = first.keys() | answered.keys() | last.keys()
    taken = own | row.inputs.keys()
    inputs = {_free(name, "inputs", own): value for name, value in row.inputs.items()}
    scores = {_free(name, "scores", taken): some for name, some in row.scores.items()}
    return first | inputs | answered | scores | last


def _free(name: str, what: str, taken: Container[str]) -> str:
    return f"{what}.{name}" if name in taken else name


def _sums(result: EvaluationResult) -> list[dict[str, Any]]:
    """Return the run as rows of ``sums`` (docs/api.md)."""
    return [row for one in result.summary.values() for row in one.sums.rows()]


def _failures(rows: Sequence[ResultRow]) -> list[str]:
    """Return what went wrong most often, by whom, a line each."""
    causes = Counter(
        (name, " ".join(cause.split()))
        for row in rows
        for name, cause in row.errors.items()
    )
    lines = [
        f"{name} failed {n} times: {cause[:_MOST_LETTERS]}"
        for (name, cause), n in causes.most_common(_MOST_CAUSES)
    ]
    others = len(causes) - len(lines)
    return [*lines, f"and {others} other causes"] if others else lines
