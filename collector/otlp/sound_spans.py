"""The spans of a trace request that are stored, for what else is read from them."""

from collections.abc import Iterator

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.otlp.values import texts_and_types
from collector.records import OtlpRequest
from tracer import semconv


def sound_spans(
    body: bytes, request: OtlpRequest
) -> Iterator[tuple[Span, dict[str, str]]]:
    """Yield each span that is stored, and its resource's attributes as text.

    Nothing of a body that cannot be read, and nothing that claims another project than
    the key's.

    Args:
        body: protobuf, inflated.
        request: where it comes from.
    """
    try:
        message = ExportTraceServiceRequest.FromString(body)
    except DecodeError:
        return
    for resource_spans in message.resource_spans:
        resource, _ = texts_and_types(resource_spans.resource.attributes)
        claimed = resource.get(semconv.PROJECT, "")
        if request.key_project and claimed not in ("", request.key_project):
            continue
        for scope_spans in resource_spans.scope_spans:
            for span in filter(is_sound, scope_spans.spans):
                yield span, resource


def is_sound(span: Span) -> bool:
    """Return whether a span's ids have their lengths, and its own are not zero."""
    return (
        len(span.trace_id) == 16
        and len(span.span_id) == 8
        and len(span.parent_span_id) in (0, 8)
        and any(span.trace_id)
        and any(span.span_id)
    )
