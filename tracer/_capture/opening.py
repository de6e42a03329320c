"""The one place where a span is begun."""

from collections.abc import Mapping
from typing import Any

from opentelemetry import trace as otel
from opentelemetry.context import Context
from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._capture.attributes import kind_attributes
from tracer._capture.sampling import is_left_out, left_out
from tracer._capture.spans import NOOP, OPENING, UNSET, Span
from tracer._capture.store import started
from tracer._values.text import clean_text


def open_span(
    name: str,
    *,
    kind: str = "span",
    attributes: Mapping[str, AttributeValue] | None = None,
    span_kind: otel.SpanKind = otel.SpanKind.INTERNAL,
    input: Any = UNSET,
    root: bool = False,
    force: bool = False,
    sample_rate: float | None = None,
    start_time_ns: int | None = None,
) -> Span:
    """Begin a span below the current one; whoever calls this must `end` it.

    Args:
        name: What is done, as people should read it.
        kind: One of `semconv.KINDS`; attributes may name the operation instead.
        attributes: Set from the start, so that samplers and others see them.
        span_kind: OpenTelemetry's word for the side of a call that this is.
        input: What the operation is given; any value.
        root: Begin a new trace, whatever is current.
        force: Record even if tracing is off or the trace is not sampled: evaluations.
        sample_rate: Share of new traces to record; None = that of the settings.
        start_time_ns: When it began, nanoseconds since 1970; None = now.

    Returns:
        The handle; one that does nothing if nothing is to be recorded.
    """
    with OPENING:
        if kind != "span":
            attributes = {**kind_attributes(kind, name), **(attributes or {})}
        span = begin_span(
            clean_text(name),
            attributes,
            span_kind,
            context=otel.set_span_in_context(otel.INVALID_SPAN) if root else None,
            force=force,
            sample_rate=sample_rate,
            start_time_ns=start_time_ns,
        )
        if input is not UNSET and span.is_recording:
            span.record_value(semconv.INPUT, input)
        return span
    return NOOP


def begin_span(
    name: str,
    attributes: Mapping[str, AttributeValue] | None,
    span_kind: otel.SpanKind = otel.SpanKind.INTERNAL,
    *,
    context: Context | None = None,
    force: bool = False,
    sample_rate: float | None = None,
    start_time_ns: int | None = None,
) -> Span:
    """Do what `open_span` does, for a caller in a guard, who cleaned the name."""
    state = _runtime.state
    tracer = state.forced_tracer if force else state.tracer
    if tracer is None:
        return NOOP
    rate = state.settings.sample_rate if sample_rate is None else sample_rate
    if rate < 1.0 and not force and is_left_out(rate, context):
        if state.undecided_tracer is None:
            return Span(left_out(), is_recording=False)
        tracer = state.undecided_tracer
    if state.redactor.has_rules:
        name = state.redactor.label(name)
    if attributes:
        begun = started(tracer, name, context, span_kind, attributes, start_time_ns)
    else:
        begun = tracer.start_span(name, context, span_kind, start_time=start_time_ns)
    return Span(begun, is_recording=type(begun) is not otel.NonRecordingSpan)
