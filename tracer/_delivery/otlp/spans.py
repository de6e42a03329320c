"""A finished SDK span, with its content joined to it, as OTLP's Span message."""

from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Link, SpanContext, Status, TraceState

from tracer._delivery.otlp.values import encode_attributes, utf8_entry
from tracer._delivery.otlp.wire import (
    field,
    fixed32,
    fixed64,
    repeated_field,
    utf8,
    varint,
)


def encode_span(span: ReadableSpan, content: Mapping[str, bytes]) -> bytes:
    """Encode a span; content, UTF-8, becomes text attributes and wins over its own."""
    context, parent = span.context, span.parent
    attributes = plain(span.attributes)
    for key in content:
        attributes.pop(key, None)
    parts = [
        b"\x0a\x10",
        context.trace_id.to_bytes(16, "big"),
        b"\x12\x08",
        context.span_id.to_bytes(8, "big"),
        _trace_state(b"\x1a", context.trace_state),
        b"\x22\x08" + parent.span_id.to_bytes(8, "big") if parent else b"",
        repeated_field(b"\x2a", span.name),
        b"\x30",
        varint(span.kind.value + 1),  # OTLP keeps 0 for unspecified
        b"\x39",
        fixed64(span.start_time or 0),
        b"\x41",
        fixed64(span.end_time or 0),
        encode_attributes(b"\x4a", attributes),
        b"".join([utf8_entry(b"\x4a", key, content[key]) for key in content]),
        _count(b"\x50", span.dropped_attributes),
        b"".join([field(b"\x5a", _event(event)) for event in span.events]),
        _count(b"\x60", span.dropped_events),
        b"".join([field(b"\x6a", _link(link)) for link in span.links]),
        _count(b"\x70", span.dropped_links),
        field(b"\x7a", _status(span.status)),
        b"\x85\x01",
        fixed32(_flags(context, parent)),
    ]
    return b"".join(parts)


def plain(attributes: Any) -> dict[str, Any]:
    """Copy attributes into a dict, by the mapping's own ``copy`` if it has one.

    The SDK's mapping takes a lock for each look-up; its ``copy`` is ten times faster.
    """
    if not attributes:
        return {}
    copy = getattr(attributes, "copy", None)
    return copy() if copy else dict(attributes)


def _event(event: Event) -> bytes:
    return (
        b"\x09"
        + fixed64(event.timestamp)
        + field(b"\x12", utf8(event.name))
        + encode_attributes(b"\x1a", plain(event.attributes))
        + _count(b"\x20", event.dropped_attributes)
    )


def _link(link: Link) -> bytes:
    context = link.context
    return (
        b"\x0a\x10"
        + context.trace_id.to_bytes(16, "big")
        + b"\x12\x08"
        + context.span_id.to_bytes(8, "big")
        + _trace_state(b"\x1a", context.trace_state)
        + encode_attributes(b"\x22", plain(link.attributes))
        + _count(b"\x28", link.dropped_attributes)
        + b"\x35"
        + fixed32(_flags(context, context))
    )


def _status(status: Status) -> bytes:
    message = field(b"\x12", utf8(status.description)) if status.description else b""
    return message + _count(b"\x18", status.status_code.value)


def _flags(context: SpanContext, origin: SpanContext | None) -> int:
    """W3C flags in the low byte; bit 8: remoteness is known; bit 9: it is remote."""
    remote = 0x200 if origin is not None and origin.is_remote else 0
    return int(context.trace_flags) & 0xFF | 0x100 | remote


def _trace_state(tag: bytes, state: TraceState | None) -> bytes:
    if not state:
        return b""
    return field(tag, utf8(",".join(f"{key}={value}" for key, value in state.items())))


def _count(tag: bytes, number: int) -> bytes:
    return tag + varint(number) if number else b""
