"""Back-dating: calls are made now, and recorded as if they had been made earlier."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import StatusCode

from tracer import _runtime
from tracer._delivery import DeliveryReport, LogRecord


@dataclass
class Moment:
    """What is recorded in one back-dated block."""

    offset_ns: int
    """Added to every time; negative."""
    calls: list[tuple[str, str]] = field(default_factory=list)
    """Trace id and span id of every call, in the order in which they ended."""


_moment: ContextVar[Moment | None] = ContextVar("moment", default=None)


class Past:
    """Stands before delivery and moves what a back-dated block records.

    Spans, their events and scores of one block move by one offset: durations, order and
    parents stay as they were. What is recorded outside of a block passes untouched.
    """

    def __init__(self, delivery: _runtime.Deliverer) -> None:
        self._delivery = delivery
        self.n_spans = 0
        self.n_errors = 0
        self.n_failed_calls = 0

    @contextmanager
    def at(self, time_ns: int) -> Iterator[Moment]:
        """Record what the block does as if it began at that time."""
        moment = Moment(time_ns - time.time_ns())
        token = _moment.set(moment)
        try:
            yield moment
        finally:
            _moment.reset(token)

    def offer_span(self, span: ReadableSpan, content: Mapping[str, bytes]) -> None:
        """Pass a span on, at its time in the past."""
        if moment := _moment.get():
            self.n_spans += 1
            has_failed = span.status.status_code is StatusCode.ERROR
            self.n_errors += has_failed
            if span.parent is None and span.context is not None:
                self.n_failed_calls += has_failed
                trace_id, span_id = span.context.trace_id, span.context.span_id
                moment.calls.append((f"{trace_id:032x}", f"{span_id:016x}"))
            span = moved(span, moment.offset_ns)
        self._delivery.offer_span(span, content)

    def offer_log(self, record: LogRecord) -> None:
        """Pass a score on, at its time in the past."""
        if moment := _moment.get():
            record = replace(record, time_ns=record.time_ns + moment.offset_ns)
        self._delivery.offer_log(record)

    def flush(self, timeout_s: float) -> DeliveryReport:
        """Send what waits."""
        return self._delivery.flush(timeout_s)

    def shutdown(self, timeout_s: float) -> DeliveryReport:
        """Send what waits, and take nothing more."""
        return self._delivery.shutdown(timeout_s)

    def report(self) -> DeliveryReport:
        """Say what became of everything so far."""
        return self._delivery.report()


def moved(span: ReadableSpan, offset_ns: int) -> ReadableSpan:
    """Return the same span at another time."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        events=[
            Event(event.name, event.attributes, event.timestamp + offset_ns)
            for event in span.events
        ],
        links=span.links,
        kind=span.kind,
        status=span.status,
        start_time=(span.start_time or 0) + offset_ns,
        end_time=(span.end_time or 0) + offset_ns,
        instrumentation_scope=span.instrumentation_scope,
    )


def enter_the_past() -> Past:
    """Put a `Past` before the delivery of this process, and return it."""
    delivery = _runtime.state.delivery
    assert delivery is not None, "tracer is not configured"
    past = Past(delivery)
    _runtime.state = replace(_runtime.state, delivery=past)
    return past
