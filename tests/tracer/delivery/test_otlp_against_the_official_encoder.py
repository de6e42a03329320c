"""What we write by hand is what the official classes and encoder write."""

import gzip
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common._internal import (
    _encode_attributes,
    _encode_value,
)
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as OfficialLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    Link,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
)

from tracer._delivery.encoder import Encoder
from tracer._delivery.otlp.logs import encode_log
from tracer._delivery.records import LogRecord

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    "가나다한국어 abc", max_size=200
)
LEDGER = {
    "tracer.project": "shop",
    "service.instance.id": "one",
    "tracer.batch": 1,
    "tracer.sent_before": 0,
}
keys = text.filter(lambda key: key not in {"", "tracer.input", *LEDGER})
"""Names that the sender may take; ours win over them, as another test shows."""

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.binary(max_size=40)
    | text
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)
attributes = st.dictionaries(keys, values, max_size=8)
times = st.integers(0, (1 << 63) - 1)
contexts = st.builds(
    SpanContext,
    st.integers(1, (1 << 128) - 1),
    st.integers(1, (1 << 64) - 1),
    st.booleans(),
    st.integers(0, 255).map(TraceFlags),
    st.sampled_from([TraceState(), TraceState([("vendor", "1"), ("other", "x")])]),
)
statuses = st.sampled_from(list(StatusCode)).flatmap(
    lambda code: st.builds(
        Status, st.just(code), text if code is StatusCode.ERROR else st.none()
    )
)
scopes = st.builds(
    InstrumentationScope,
    text,
    st.none() | text,
    st.none() | text,
    st.dictionaries(keys, text, max_size=2),
)
spans = st.builds(
    ReadableSpan,
    text,
    context=contexts,
    parent=st.none() | contexts,
    resource=st.builds(Resource, st.dictionaries(keys, text, max_size=3), text),
    attributes=attributes,
    events=st.lists(
        st.builds(Event, text, attributes=attributes, timestamp=times), max_size=3
    ),
    links=st.lists(st.builds(Link, contexts, attributes=attributes), max_size=3),
    kind=st.sampled_from(SpanKind),
    status=statuses,
    start_time=times,
    end_time=times,
    instrumentation_scope=st.none() | scopes,
)


def canonical(message: Any) -> bytes:
    """Compare by bytes: NaN is not equal to itself."""
    written: bytes = message.SerializeToString(deterministic=True)
    return written


def entries(attributes: Mapping[str, Any]) -> list[KeyValue]:
    return list(_encode_attributes(attributes))


def with_what_the_official_encoder_leaves_out(
    span: ReadableSpan, content: Mapping[str, str], ledger: Mapping[str, Any]
) -> ExportTraceServiceRequest:
    request = encode_spans([span])
    resource = request.resource_spans[0].resource
    resource.attributes.extend(entries(ledger))
    written = request.resource_spans[0].scope_spans[0].spans[0]
    written.attributes.extend(entries(content))
    assert span.context is not None
    written.flags |= span.context.trace_flags
    for link, written_link in zip(span.links, written.links, strict=True):
        written_link.flags |= link.context.trace_flags
        state = link.context.trace_state
        written_link.trace_state = ",".join(f"{k}={v}" for k, v in state.items())
    return request


@settings(max_examples=300, deadline=None)
@given(span=spans, content=st.dictionaries(st.just("tracer.input"), text))
def test_a_span_is_written_as_the_official_encoder_writes_it(
    span: ReadableSpan, content: dict[str, str]
) -> None:
    encoder = Encoder({"tracer.project": "shop"}, instance_id="one")
    (batch,) = encoder.batches(
        [(span, {key: said.encode() for key, said in content.items()})]
    )
    ours = ExportTraceServiceRequest.FromString(gzip.decompress(batch.body))
    expected = with_what_the_official_encoder_leaves_out(span, content, LEDGER)
    assert canonical(ours) == canonical(expected)


@settings(max_examples=200, deadline=None)
@given(
    record=st.builds(
        LogRecord,
        event_name=text,
        time_ns=times,
        attributes=attributes,
        trace_id=st.integers(0, (1 << 128) - 1),
        span_id=st.integers(0, (1 << 64) - 1),
        body=st.none() | text,
        severity_number=st.integers(1, 24),
    ),
    observed_ns=times,
)
def test_a_log_record_is_read_back_by_the_official_classes(
    record: LogRecord, observed_ns: int
) -> None:
    ours = OfficialLogRecord.FromString(encode_log(record, observed_ns))
    expected = OfficialLogRecord(
        time_unix_nano=record.time_ns,
        observed_time_unix_nano=observed_ns,
        severity_number=record.severity_number,  # type: ignore[arg-type]
        attributes=entries(record.attributes),
        trace_id=record.trace_id.to_bytes(16, "big") if record.trace_id else b"",
        span_id=record.span_id.to_bytes(8, "big") if record.span_id else b"",
        event_name=record.event_name,
    )
    if record.body is not None:
        expected.body.CopyFrom(_encode_value(record.body))
    assert canonical(ours) == canonical(expected)


def test_spans_of_several_scopes_and_resources_keep_their_own(
    make_span: Callable[..., ReadableSpan],
) -> None:
    other_scope = InstrumentationScope("db", "2.0", "https://schema")
    other_resource = Resource({"service.name": "other"}, "https://schema/r")
    items = [
        make_span("one"),
        make_span("two", instrumentation_scope=other_scope),
        make_span("three", resource=other_resource),
        make_span("four"),
    ]
    encoder = Encoder({}, instance_id="one")
    (batch,) = encoder.batches([(span, {}) for span in items])
    request = ExportTraceServiceRequest.FromString(gzip.decompress(batch.body))
    found = {
        (
            {a.key: a.value.string_value for a in group.resource.attributes}[
                "service.name"
            ],
            scopes.scope.name,
            scopes.schema_url,
            group.schema_url,
        ): [span.name for span in scopes.spans]
        for group in request.resource_spans
        for scopes in group.scope_spans
    }
    assert found == {
        ("app", "app", "", ""): ["one", "four"],
        ("app", "db", "https://schema", ""): ["two"],
        ("other", "app", "", "https://schema/r"): ["three"],
    }
