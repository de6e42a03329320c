"""What exceptions said, kept beside the span as content is, until it goes to us.

Texts of exceptions quote what people said: the app's own exporters see the type alone,
unless the settings share content.
"""

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from opentelemetry import trace as otel
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util import BoundedList
from opentelemetry.trace import Status, StatusCode
from opentelemetry.util.types import AttributeValue

from tracer._capture.finished import altered

Details: TypeAlias = Mapping[str, AttributeValue]


@dataclass(slots=True)
class _Kept:
    """What was said of the exceptions of one span."""

    events: dict[int, Details] = field(default_factory=dict)
    """Attributes of each event of an exception, by its time in nanoseconds."""

    status: str = ""
    """The text of its status; empty if the span did not fail by an exception."""


_by_span: dict[int, _Kept] = {}


def free_time_ns(span: otel.Span, wanted_ns: int) -> int:
    """Return the first time from `wanted_ns` on for which nothing is kept yet."""
    kept = _by_span.get(span.get_span_context().span_id)
    while kept is not None and wanted_ns in kept.events:
        wanted_ns += 1
    return wanted_ns


def keep(span: otel.Span, at_ns: int, event: Details, *, status: str) -> None:
    """Keep what an exception said until `completed`, or until the span is gone.

    Args:
        span: What failed, or dealt with it.
        at_ns: When: the event of the span with this time is meant.
        event: What stands on that event, for us.
        status: Text of the span's status; empty if it does not fail by this.
    """
    place = span.get_span_context().span_id
    if place not in _by_span:
        _by_span[place] = _Kept()
        weakref.finalize(span, _by_span.pop, place, None)
    kept = _by_span[place]
    kept.events[at_ns] = event
    kept.status = status or kept.status


def completed(span: ReadableSpan) -> ReadableSpan:
    """Return a finished span with what its exceptions said; the given one stays."""
    if not _by_span:
        return span
    context = span.context
    if context is None or context.span_id not in _by_span:
        return span
    kept = _by_span.pop(context.span_id)
    events = BoundedList.from_seq(
        None, [_completed_event(event, kept) for event in span.events]
    )
    events.dropped = span.dropped_events
    status = span.status
    if kept.status and status.status_code is StatusCode.ERROR:
        status = Status(StatusCode.ERROR, status.description or kept.status)
    return altered(span, events=events, status=status)


def _completed_event(event: Event, kept: _Kept) -> Event:
    details = kept.events.get(event.timestamp)
    if details is None:
        return event
    return Event(event.name, details, event.timestamp)
