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
            for span in filter(_is_sound, scope_spans.spans):
                yield span, resource


def _is_sound(span: Span) -> bool:
    """Whether a span's ids have their lengths, and none is zero."""
    sizes = len(span.trace_id) == 16 and len(span.span_id) == 8
    return sizes and any(span.trace_id) and any(span.span_id)
