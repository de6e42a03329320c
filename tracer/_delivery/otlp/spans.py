"""A finished SDK span, with its content joined to it, as OTLP's Span message."""

import struct
from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, TraceState

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
    trace_id, span_id, _, flags, state, _ = span.context  # a tuple, by its class
    parent, status, attributes = span.parent, span.status, span.attributes
    parts = [
        b"\x0a\x10",
        trace_id.to_bytes(16, "big"),
        b"\x12\x08",
        span_id.to_bytes(8, "big"),
        _trace_state(b"\x1a", state) if state else b"",
        b"\x22\x08" + parent.span_id.to_bytes(8, "big") if parent else b"",
        repeated_field(b"\x2a", span.name),
        _KINDS[span.kind._value_],
        _times(0x39, span.start_time or 0, 0x41, span.end_time or 0),
        _own(attributes, content) if attributes else b"",
    ]
    for key in content:
        parts += utf8_entry(b"\x4a", key, content[key])
    if span.dropped_attributes:
        parts.append(_count(b"\x50", span.dropped_attributes))
    if (events := span.events) or span.dropped_events:
        parts += [field(b"\x5a", _event(event)) for event in events]
        parts.append(_count(b"\x60", span.dropped_events))
    if (links := span.links) or span.dropped_links:
        parts += [field(b"\x6a", _link(link)) for link in links]
        parts.append(_count(b"\x70", span.dropped_links))
    parts.append(
        field(b"\x7a", _status(status)) if status.status_code.value else _UNSET
    )
    parts.append(_flags(b"\x85\x01", flags, parent))
    return b"".join(parts)


_KINDS = {kind.value: b"\x30" + varint(kind.value + 1) for kind in SpanKind}
"""Field 6 of each kind; OTLP keeps 0 for unspecified."""

_UNSET = b"\x7a\x00"
"""Field 15 of a span whose status nobody set."""

_times = struct.Struct("<BQBQ").pack


def _own(attributes: Mapping[str, Any], content: Mapping[str, bytes]) -> bytes:
    """Encode a span's own attributes, but those that content replaces."""
    own = plain(attributes)
    for key in content:
        own.pop(key, None)
    return encode_attributes(b"\x4a", own)


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
        + _flags(b"\x35", context.trace_flags, context)
    )


def _status(status: Status) -> bytes:
    message = field(b"\x12", utf8(status.description)) if status.description else b""
    return message + _count(b"\x18", status.status_code.value)


def _flags(tag: bytes, flags: int, origin: SpanContext | None) -> bytes:
    """W3C flags in the low byte; bit 8: remoteness is known; bit 9: it is remote."""
    remote = 0x200 if origin is not None and origin.is_remote else 0
    return tag + fixed32(flags & 0xFF | 0x100 | remote)


def _trace_state(tag: bytes, state: TraceState | None) -> bytes:
    if not state:
        return b""
    return field(tag, utf8(",".join(f"{key}={value}" for key, value in state.items())))


def _count(tag: bytes, number: int) -> bytes:
    return tag + varint(number) if number else b""
