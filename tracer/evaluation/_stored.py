"""Predictions that the collector has already, read back to be scored once more."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from opentelemetry import trace as otel

from tracer._capture.spans import Span
from tracer.evaluation._caught import INTERRUPTIONS
from tracer.evaluation._outcomes import MISSING, Outcome
from tracer.evaluation._raters import ScoreKey
from tracer.evaluation.prediction import Prediction

if TYPE_CHECKING:
    from tracer._client.records import EvaluationRun

Row = Mapping[str, Any]
PAGE_ROWS = 500
MOST_ADDRESS_BYTES = 8_000

Replace = Callable[["StoredPrediction", ScoreKey, Outcome], None]


class StoredPrediction(Prediction):
    """A prediction of the collector's, open for late scores while its run is.

    It has its answer, which cannot be set any more; each score counts at once.
    """

    def __init__(
        self,
        row: Row,
        scores: Mapping[ScoreKey, Outcome],
        *,
        on_score: Replace,
        refuse: Callable[[str], None],
    ) -> None:
        super().__init__(
            _span_of(row["trace_id"], row["span_id"]),
            evaluation_id=row["evaluation_id"],
            example_id=row["example_id"] or "",
            trial=row["trial"] or 0,
            on_finish=lambda _: None,
        )
        self.row = row
        self.inputs, self.expected = row["input"], row["expected"]
        self.scores, self.failed = dict(scores), row["status"] == "error"
        self._output = row["output"]
        self._on_score = on_score
        self._refuse = refuse

    @property
    def output(self) -> Any:
        """What the model answered."""
        return self._output

    @output.setter
    def output(self, output: Any) -> None:
        raise ValueError(
            f"the prediction of example {self.example_id!r}, trial {self.trial}, is "
            "stored with its output; log another trial"
        )

    @property
    def was_interrupted(self) -> bool:
        """Whether the process left it before its end."""
        return self.row["error_type"] in INTERRUPTIONS

    def take(self, key: ScoreKey, outcome: Outcome) -> None:
        """Keep a score, in place of the one of the same key."""
        self._on_score(self, key, outcome)
        self.scores[key] = outcome

    def refuse_if_finished(self, what: str) -> None:
        """Raise ValueError if its run takes nothing more."""
        self._refuse(what)

    def finish(self, output: Any = None) -> None:
        """Do nothing: what it has scored counts already."""

    def fail(self, error: BaseException) -> None:
        """Do nothing: the prediction was made, whatever happens to its late scores."""


def read_predictions(
    run: "EvaluationRun", **functions: Any
) -> Iterator[StoredPrediction]:
    """Yield the predictions of a run by example and trial, with all their scores."""
    cursor = None
    while True:
        rows = run.predictions(limit=PAGE_ROWS, cursor=cursor)
        yield from with_scores(run, rows, **functions)
        cursor = rows.next
        if cursor is None:
            return


def with_scores(
    run: "EvaluationRun", rows: Iterable[Row], **functions: Any
) -> list[StoredPrediction]:
    """Return predictions of a run with all their scores."""
    rows = list(rows)
    scores = _scores(run, rows)
    return [
        StoredPrediction(row, scores[row["example_id"], row["trial"] or 0], **functions)
        for row in rows
    ]


def _scores(
    run: "EvaluationRun", rows: Iterable[Row]
) -> Mapping[tuple[str, int], dict[ScoreKey, Outcome]]:
    """Return (example, trial) to the scores of all authors."""
    found: defaultdict[tuple[str, int], dict[ScoreKey, Outcome]] = defaultdict(dict)
    examples = sorted({row["example_id"] for row in rows if row["example_id"]})
    for some in _in_addresses(examples):
        for score in run.scores(where=[("example_id", "in", some)]):
            place = score["example_id"], score["trial"] or 0
            author, repeat = score["author"] or "", score["repeat"]
            key = score["name"], score["source"], author, repeat
            found[place][key] = _outcome(score)
    return found


def _in_addresses(names: Iterable[str]) -> Iterator[list[str]]:
    """Yield names in groups that fit into the address of a request."""
    group: list[str] = []
    size = 0
    for name in names:
        size += len(quote(name)) + len("%22%22%2C")
        if group and size > MOST_ADDRESS_BYTES:
            yield group
            group, size = [], len(quote(name))
        group.append(name)
    if group:
        yield group


def _outcome(score: Row) -> Outcome:
    """Return a score of the collector's as it was given."""
    if score["error"]:
        return Outcome(error=score["error"], detail=score["explanation"])
    value, label = score["value"], score["label"]
    if value is None:
        return MISSING if label is None else Outcome("label", label=label)
    if score["type"] == "bool":
        return Outcome("bool", bool(value), label)
    low, high = score.get("scale_low"), score.get("scale_high")
    scale = None if low is None or high is None else (low, high)
    return Outcome("number", value, label, scale=scale)


def _span_of(trace_id: str, span_id: str) -> Span:
    """Return a handle on a span that ended long ago: calls may still go below it."""
    context = otel.SpanContext(
        int(trace_id, 16),
        int(span_id, 16),
        is_remote=True,
        trace_flags=otel.TraceFlags(otel.TraceFlags.SAMPLED),
    )
    return Span(otel.NonRecordingSpan(context), is_recording=False)
