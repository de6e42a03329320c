"""Spans with nested values, rewritten so that the engine can store them.

Each such value becomes our own field of AnyValue that holds its JSON text; the spans
then take the engine's one way again, so that nothing is normalised twice.
"""

from collections.abc import Iterable

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from collector.errors import UnreadableRequest
from collector.otlp.frames import bytes_field, fields
from collector.otlp.values import as_json, is_nested

JSON_VALUE_FIELD = 20_000
"""Number of our field in AnyValue. What lies in it is put into JSON as it is, so the
engine reads it only in what was rewritten here, where no field of a sender's is left
that OTLP does not know."""


def rewritten(body: bytes) -> bytes:
    """Return a request of only the spans with nested values, these as JSON text.

    A span is left out if text in it is no UTF-8, which protobuf's parser refuses.

    Raises:
        UnreadableRequest: the body is no list of protobuf frames.
    """
    request = ExportTraceServiceRequest.FromString(_readable(body) or b"")
    request.DiscardUnknownFields()
    kept = ExportTraceServiceRequest()
    for resource_spans in request.resource_spans:
        if _keep_nested(resource_spans):
            kept.resource_spans.append(resource_spans)
    return bytes(kept.SerializeToString())


def count_spans(body: bytes) -> int:
    """Return how many spans a request holds.

    Raises:
        UnreadableRequest: the body is no OTLP trace request.
    """
    try:
        request = ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise UnreadableRequest(f"the protobuf body is damaged: {error}") from None
    return sum(
        len(scope_spans.spans)
        for resource_spans in request.resource_spans
        for scope_spans in resource_spans.scope_spans
    )


_LEVELS: tuple[tuple[type[Message], int], ...] = (
    (ExportTraceServiceRequest, 1),
    (ResourceSpans, 2),
    (ScopeSpans, 2),
    (Span, 0),
)
"""What holds what, and in which field."""


def _readable(content: bytes, level: int = 0) -> bytes | None:
    """Return a message without what in it cannot be parsed, None if nothing is left."""
    kind, inner = _LEVELS[level]
    if _parses(kind, content):
        return content
    if not inner:
        return None
    kept = []
    position = 0
    for tag, start, end in fields(content):
        if tag != inner << 3 | 2:
            kept.append(content[position:end])
        elif (part := _readable(content[start:end], level + 1)) is not None:
            kept.append(bytes_field(inner, part))
        position = end
    left = b"".join(kept)
    return left if _parses(kind, left) else None


def _parses(kind: type[Message], content: bytes) -> bool:
    try:
        kind.FromString(content)
    except DecodeError:
        return False
    return True


def _keep_nested(resource_spans: ResourceSpans) -> bool:
    """Drop the spans without nested values; return whether any is left."""
    whole = _any_nested(resource_spans.resource.attributes)
    _rewrite(resource_spans.resource.attributes)
    found = False
    for scope_spans in resource_spans.scope_spans:
        spans = [span for span in scope_spans.spans if whole or _has_nested(span)]
        for span in spans:
            for attributes in _attribute_lists(span):
                _rewrite(attributes)
        copies = [Span.FromString(span.SerializeToString()) for span in spans]
        del scope_spans.spans[:]
        scope_spans.spans.extend(copies)
        found = found or bool(copies)
    return found


def _attribute_lists(span: Span) -> list[Iterable[KeyValue]]:
    return [
        span.attributes,
        *(event.attributes for event in span.events),
        *(link.attributes for link in span.links),
    ]


def _has_nested(span: Span) -> bool:
    return any(map(_any_nested, _attribute_lists(span)))


def _any_nested(attributes: Iterable[KeyValue]) -> bool:
    return any(is_nested(attribute.value) for attribute in attributes)


def _rewrite(attributes: Iterable[KeyValue]) -> None:
    for attribute in attributes:
        if is_nested(attribute.value):
            json_value = bytes_field(
                JSON_VALUE_FIELD, as_json(attribute.value).encode()
            )
            attribute.value.CopyFrom(AnyValue.FromString(json_value))
