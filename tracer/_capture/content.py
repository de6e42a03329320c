"""What people and models said, kept beside the span until it ends.

The app's own exporters see a span as it is; content joins it only on its way to us,
unless the settings share it.
"""

import weakref
from collections.abc import Mapping
from typing import Final, TypeAlias

from opentelemetry import trace as otel

from tracer import _runtime

Content: TypeAlias = Mapping[str, bytes]
"""JSON, as UTF-8, by attribute name."""

NONE: Final[Content] = {}

_by_span: dict[int, dict[str, bytes]] = {}
"""Content of spans that are just ending, and of other libraries' open spans."""


def end_with(
    span: otel.Span, content: dict[str, bytes] | None, end_time_ns: int | None
) -> None:
    """End a span of ours, with its content within reach of our processor."""
    if not content:
        span.end(end_time_ns)
        return
    if _runtime.state.settings.share_content:
        span.set_attributes({key: data.decode() for key, data in content.items()})
        span.end(end_time_ns)
        return
    key = span.get_span_context().span_id
    _by_span[key] = {**_by_span[key], **content} if key in _by_span else content
    try:
        span.end(end_time_ns)
    finally:  # a span that is not offered to us leaves it there
        _by_span.pop(key, None)


def add_to_foreign(span: otel.Span, key: str, data: bytes) -> dict[str, bytes]:
    """Add content to a span that others will end; return all it has."""
    if _runtime.state.settings.share_content:
        span.set_attribute(key, data.decode())
    place = span.get_span_context().span_id
    if place not in _by_span:
        _by_span[place] = {}
        weakref.finalize(span, _by_span.pop, place, None)
    _by_span[place][key] = data
    return _by_span[place]


def take(span_id: int) -> Content:
    """Return the content of a span that has ended, and forget it."""
    return _by_span.pop(span_id, NONE)
