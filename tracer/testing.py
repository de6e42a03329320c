"""Spans and scores in memory, for your own tests; nothing is sent.

with tracer.testing.capture() as captured:
    answer("Why?")
assert captured.span("answer").output == "Because."
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.trace import StatusCode

from tracer import _guard, _providers, _runtime, _setup, semconv
from tracer._config import Settings, merged, redact_rules
from tracer._delivery.records import DeliveryReport, LogRecord
from tracer._values.encoding import metadata_value

__all__ = ["Captured", "CapturedScore", "CapturedSpan", "capture", "counts", "reset"]


@dataclass(frozen=True, kw_only=True)
class CapturedSpan:
    """One finished span."""

    name: str
    """What was done."""

    kind: str
    """One of `tracer.semconv.KINDS`."""

    trace_id: str
    """32 hexadecimal digits."""

    span_id: str
    """16 hexadecimal digits."""

    parent_span_id: str | None
    """The span above it; None for a root."""

    status: str
    """``ok`` or ``error``."""

    status_message: str
    """What the exception said, or nothing."""

    attributes: Mapping[str, Any]
    """Attributes under their full names, without content."""

    content: Mapping[str, Any]
    """Inputs, outputs and messages under their full names, as Python values."""

    events: Sequence[tuple[str, Mapping[str, Any]]]
    """Names and attributes of what happened within it, in order."""

    duration_ns: int
    """How long it took."""

    @property
    def input(self) -> Any:
        """What it was given; None if nothing was recorded."""
        return self.content.get(semconv.INPUT)

    @property
    def output(self) -> Any:
        """What it gave; None if nothing was recorded."""
        return self.content.get(semconv.OUTPUT)

    @property
    def tags(self) -> tuple[str, ...]:
        """Labels, its own before those of the context."""
        return tuple(self.attributes.get(semconv.TAGS, ()))

    @property
    def metadata(self) -> dict[str, Any]:
        """Facts under their keys, its own and those of the context."""
        return _metadata(self.attributes)


@dataclass(frozen=True, kw_only=True)
class CapturedScore:
    """One score."""

    name: str
    """What was judged."""

    value: bool | float | None
    """The judgement; None where there is only a label or an error."""

    label: str | None
    """The word for it."""

    explanation: str | None
    """Why, or what a person said about it."""

    error: str | None
    """Qualified name of the exception, where the scorer failed."""

    trace_id: str | None
    """The trace that was judged."""

    span_id: str | None
    """The span that was judged."""

    attributes: Mapping[str, Any]
    """Everything that travels, under its full name."""

    @property
    def metadata(self) -> dict[str, Any]:
        """Facts about the judgement."""
        return _metadata(self.attributes)


@dataclass(kw_only=True)
class Captured:
    """Everything that ended within a block of `capture`, oldest first."""

    spans: list[CapturedSpan] = field(default_factory=list)
    """Finished spans, in the order in which they ended: children before parents."""

    scores: list[CapturedScore] = field(default_factory=list)
    """Scores, in the order in which they were given."""

    logs: list[LogRecord] = field(default_factory=list)
    """Every record that would have been sent, scores and evaluation events."""

    def span(self, name: str) -> CapturedSpan:
        """Return the only span of a name.

        Raises:
            LookupError: If there is none, or more than one; it names what there is.
        """
        found = [span for span in self.spans if span.name == name]
        if len(found) != 1:
            names = [span.name for span in self.spans]
            raise LookupError(
                f"{len(found)} spans are called {name!r}; there are {names}"
            )
        return found[0]


class _Memory:
    """Takes what delivery would take, and keeps it."""

    def __init__(self) -> None:
        self.captured = Captured()

    def offer_span(self, span: ReadableSpan, content: Mapping[str, bytes]) -> None:
        self.captured.spans.append(_captured_span(span, content))

    def offer_log(self, record: LogRecord) -> None:
        self.captured.logs.append(record)
        if record.event_name == semconv.EVENT_SCORE:
            self.captured.scores.append(_captured_score(record))

    def flush(self, timeout_s: float) -> DeliveryReport:
        return self.report()

    def shutdown(self, timeout_s: float) -> DeliveryReport:
        return self.report()

    def report(self) -> DeliveryReport:
        return DeliveryReport(sent=len(self.captured.spans) + len(self.captured.logs))


@contextmanager
def capture(**options: Any) -> Iterator[Captured]:
    """Switch tracing on within a block and keep in memory what it records.

    Whatever `tracer.configure` had set up rests meanwhile, and goes on afterwards.
    Do not run two of these at once: tracing is one thing for the whole process.

    Args:
        options: As for `tracer.configure`: ``sample_rate=0``, ``redact=…``.

    Yields:
        What ended so far; complete at the end of the block.
    """
    given = options | {"redact": redact_rules(options.get("redact"))}
    memory = _Memory()
    before = _runtime.state
    wanted = merged(Settings(), given)
    _runtime.state = _setup.state_of(wanted, _provider(), memory)
    try:
        yield memory.captured
    finally:
        _runtime.state = before


def counts() -> dict[str, int]:
    """Return how often each thing went wrong within tracer, by what was being done."""
    return _guard.counts()


def reset() -> None:
    """Undo `tracer.configure`, dropping what waits, and forget what went wrong."""
    _setup.shutdown(timeout_s=0)
    _setup.forget()
    _guard.forget()


@cache
def _provider() -> TracerProvider:
    return _providers.own_provider(Settings())


def _captured_span(span: ReadableSpan, content: Mapping[str, bytes]) -> CapturedSpan:
    context = span.get_span_context()
    attributes = dict(span.attributes or {})
    shared = {
        key: str(attributes.pop(key)).encode()
        for key in semconv.CONTENT_KEYS & set(attributes)
    }
    return CapturedSpan(
        name=span.name,
        kind=_kind(attributes),
        trace_id=format(context.trace_id if context else 0, "032x"),
        span_id=format(context.span_id if context else 0, "016x"),
        parent_span_id=format(span.parent.span_id, "016x") if span.parent else None,
        status="error" if span.status.status_code is StatusCode.ERROR else "ok",
        status_message=span.status.description or "",
        attributes=attributes,
        content={
            key: orjson.loads(data) for key, data in {**shared, **content}.items()
        },
        events=[(event.name, dict(event.attributes or {})) for event in span.events],
        duration_ns=(span.end_time or 0) - (span.start_time or 0),
    )


def _captured_score(record: LogRecord) -> CapturedScore:
    attributes: dict[str, Any] = dict(record.attributes)
    value = attributes.get(semconv.SCORE_VALUE)
    if value is not None and attributes.get(semconv.SCORE_TYPE) == "bool":
        value = bool(value)
    return CapturedScore(
        name=attributes[semconv.SCORE_NAME],
        value=value,
        label=attributes.get(semconv.SCORE_LABEL),
        explanation=attributes.get(semconv.SCORE_EXPLANATION),
        error=attributes.get(semconv.ERROR_TYPE),
        trace_id=format(record.trace_id, "032x") if record.trace_id else None,
        span_id=format(record.span_id, "016x") if record.span_id else None,
        attributes=attributes,
    )


def _kind(attributes: Mapping[str, Any]) -> str:
    operation = attributes.get(semconv.OPERATION_NAME)
    if operation is not None:
        return semconv.KIND_OF_OPERATION.get(str(operation), "span")
    return str(attributes.get(semconv.KIND, "span"))


def _metadata(attributes: Mapping[str, Any]) -> dict[str, Any]:
    prefix = semconv.METADATA_PREFIX
    return {
        key.removeprefix(prefix): metadata_value(value)
        for key, value in attributes.items()
        if key.startswith(prefix)
    }
