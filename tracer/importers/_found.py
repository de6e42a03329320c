"""What an importer found, in our terms, before anything of it is stored."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tracer.evaluation._outcomes import Outcome
from tracer.evaluation.dataset import Dataset


@dataclass(frozen=True, kw_only=True)
class ImportedScore:
    """One judgement."""

    name: str
    """What was judged, verbatim."""

    value: bool | float | None = None
    """The judgement; None where there is only a label, or it failed."""

    label: str | None = None
    """The judgement in a word."""

    explanation: str | None = None
    """Why."""

    error: str | None = None
    """What kind of error the scorer ended with, if it did."""

    source: str = "code"
    """``code``, ``model``, ``human`` or ``user``."""

    author: str | None = None
    """Who scored."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What else was said of it."""

    time_ns: int | None = None
    """When; nanoseconds since 1970. None: when its target ended."""

    trace_id: str | None = None
    """The trace that was judged, 32 hex digits; predictions know their own."""

    span_id: str | None = None
    """The span that was judged, 16 hex digits."""

    @property
    def outcome(self) -> Outcome:
        """The judgement alone, as our own scorers give it."""
        return Outcome(
            value=self.value,
            label=self.label,
            error=self.error,
            detail=self.explanation,
            metadata=self.metadata,
        )


@dataclass(frozen=True, kw_only=True)
class ImportedSpan:
    """One operation of a trace."""

    trace_id: str
    """32 hex digits."""

    span_id: str
    """16 hex digits."""

    parent_span_id: str | None = None
    """The span above it, 16 hex digits; None for the root."""

    name: str
    """What was done."""

    kind: str = "span"
    """One of `semconv.KINDS`."""

    start_ns: int
    """When it began; nanoseconds since 1970."""

    end_ns: int
    """When it ended."""

    attributes: Mapping[str, Any] = field(default_factory=dict)
    """By their names in `semconv`: model, tokens, session …"""

    content: Mapping[str, Any] = field(default_factory=dict)
    """What was said, by attribute: `semconv.INPUT`, `semconv.OUTPUT` …"""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Facts; the foreign id is one of them, where it could not be the span's."""

    error: str | None = None
    """What went wrong."""


@dataclass(frozen=True, kw_only=True)
class ImportedPrediction:
    """One trial of one example."""

    example_id: str
    """The foreign id if the same example has the same in every run, else a hash."""

    trial: int
    """Which try of the example, from 0."""

    root: ImportedSpan
    """Inputs, output, expected answer, time and error: the root of a trace."""

    below: tuple[ImportedSpan, ...] = ()
    """What the model did, in the same trace."""

    scores: tuple[ImportedScore, ...] = ()
    """What was made of the output."""


@dataclass(frozen=True, kw_only=True)
class ImportedRun:
    """One run of an evaluation."""

    id: str
    """The foreign id, verbatim."""

    name: str
    """Name of the evaluation."""

    display_name: str
    """Name of this run."""

    model: str = ""
    """What was evaluated."""

    dataset: str = ""
    """Name of the dataset."""

    dataset_version: str = ""
    """The foreign version."""

    start_ns: int
    """When it began; nanoseconds since 1970."""

    end_ns: int
    """When it ended."""

    status: str = "done"
    """One of `semconv.EVALUATION_STATUSES`."""

    error: str = ""
    """What went wrong."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Facts about the run."""

    predictions: tuple[ImportedPrediction, ...]
    """Every trial of every example."""


@dataclass(frozen=True)
class Unread:
    """Something that was there and could not be taken over."""

    place: str
    """File and line, or the foreign id."""

    why: str
    """What is wrong with it."""

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


@dataclass(kw_only=True)
class Found:
    """Everything that an importer found, and everything that it could not read."""

    system: str
    """Where it is from: ``langfuse`` …"""

    datasets: list[Dataset] = field(default_factory=list)
    """Datasets, by their foreign names."""

    runs: list[ImportedRun] = field(default_factory=list)
    """Evaluation runs."""

    spans: list[ImportedSpan] = field(default_factory=list)
    """Traces that belong to no run."""

    scores: list[ImportedScore] = field(default_factory=list)
    """Scores on those traces."""

    unread: list[Unread] = field(default_factory=list)
    """What could not be taken over, and why."""

    @contextmanager
    def reading(self, place: str) -> Iterator[None]:
        """Report what within the block cannot be read, and go on behind it.

        Args:
            place: Where it stands, for the report.
        """
        try:
            yield
        except ValueError as error:
            self.unread.append(Unread(place, str(error)))
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            why = f"of another form than known: {type(error).__name__}: {error}"
            self.unread.append(Unread(place, why[:300]))

    @property
    def times_ns(self) -> tuple[int, int] | None:
        """When the first of runs and spans began, and the last; None without any.

        Nanoseconds since 1970.
        """
        found = [run.start_ns for run in self.runs]
        found += [span.start_ns for span in self.spans]
        return (min(found), max(found)) if found else None

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind, for a summary."""
        predictions = [one for run in self.runs for one in run.predictions]
        below = sum(len(one.below) for one in predictions)
        judged = sum(len(one.scores) for one in predictions)
        return {
            "datasets": len(self.datasets),
            "examples": sum(map(len, self.datasets)),
            "runs": len(self.runs),
            "predictions": len(predictions),
            "spans": len(self.spans) + below,
            "scores": len(self.scores) + judged,
            "unread": len(self.unread),
        }
