"""Requests are counted and halved by their bytes alone; answers are read by hand."""

import gzip
from collections.abc import Callable

import pytest
from google.rpc.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan

from tracer._delivery.encoder import Encoder, Item, LogItem
from tracer._delivery.otlp.answers import read_partial_success, read_status_message
from tracer._delivery.otlp.requests import count_items, split_request
from tracer._delivery.otlp.values import _short_entry, encode_attributes
from tracer._delivery.otlp.wire import (
    SHORT,
    _remembered_field,
    field,
    fields,
    repeated_field,
)
from tracer._delivery.records import LogRecord

MakeSpan = Callable[..., ReadableSpan]


def request_of(items: list[Item]) -> bytes:
    (batch,) = Encoder({"tracer.project": "shop"}, instance_id="one").batches(items)
    return gzip.decompress(batch.body)


def names(request: bytes) -> list[str]:
    return [
        span.name
        for group in ExportTraceServiceRequest.FromString(request).resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ]


def test_halves_hold_every_item_once_below_its_own_resource(
    make_span: MakeSpan,
) -> None:
    other = Resource({"service.name": "other"}, "https://schema")
    spans = [make_span(f"app {n}") for n in range(3)]
    spans += [make_span(f"other {n}", resource=other) for n in range(4)]
    request = request_of([(span, {}) for span in spans])
    assert count_items(request) == 7
    first, second = split_request(request)
    assert names(first) == ["app 0", "app 1", "app 2"]
    assert names(second) == ["other 0", "other 1", "other 2", "other 3"]
    whole = ExportTraceServiceRequest.FromString(request)
    half = ExportTraceServiceRequest.FromString(second)
    assert half.resource_spans[0].resource == whole.resource_spans[1].resource
    assert half.resource_spans[0].schema_url == "https://schema"


def test_requests_of_logs_are_halved_alike() -> None:
    record = LogRecord(event_name="e", time_ns=1, attributes={})
    first, second = split_request(request_of([LogItem(record, 1)] * 5))
    assert (count_items(first), count_items(second)) == (2, 3)


def test_one_item_cannot_be_halved(make_span: MakeSpan) -> None:
    with pytest.raises(ValueError, match="cannot be halved"):
        split_request(request_of([(make_span(), {})]))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_message_are_a_value_error_or_read(noise: bytes) -> None:
    try:
        list(fields(noise))
    except ValueError:
        pass
    assert isinstance(read_partial_success(noise)[0], int)
    assert isinstance(read_status_message(noise), str)


def test_a_partial_success_is_read() -> None:
    answer = ExportTraceServiceResponse(
        partial_success=ExportTracePartialSuccess(
            rejected_spans=300, error_message="나쁜 id"
        )
    )
    assert read_partial_success(answer.SerializeToString()) == (300, "나쁜 id")
    assert read_partial_success(b"") == (0, "")


def test_the_words_of_a_status_are_read_or_else_the_text() -> None:
    status = Status(code=3, message="span id has 3 bytes")
    assert read_status_message(status.SerializeToString()) == "span id has 3 bytes"
    assert read_status_message(b"<html>Bad Gateway</html>").startswith("<html>")


def test_only_short_texts_are_remembered_so_that_memory_is_bounded() -> None:
    long = "x" * (SHORT + 1)
    for cache in (_remembered_field, _short_entry):
        cache.cache_clear()
    assert repeated_field(b"\x0a", long) == field(b"\x0a", long.encode())
    encode_attributes(b"\x0a", {long: "v"})
    encode_attributes(b"\x0a", {long: long})
    assert [c.cache_info().currsize for c in (_remembered_field, _short_entry)] == [
        0,
        0,
    ]
    encode_attributes(b"\x0a", {long[1:]: "v"})
    assert [c.cache_info().currsize for c in (_remembered_field, _short_entry)] == [
        1,
        1,
    ]
