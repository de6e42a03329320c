"""What the official encoder loses or refuses still arrives with us."""

import gzip
import math
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import Status, StatusCode
from otlp_sink import parsed, plain

from tracer._delivery.encoder import Encoder
from tracer._delivery.otlp.spans import encode_span
from tracer._delivery.otlp.values import encode_value, rough_bytes

MakeSpan = Callable[..., ReadableSpan]


def read(value: Any) -> AnyValue:
    return parsed(AnyValue, encode_value(value))


def test_a_lone_surrogate_costs_only_itself(make_span: MakeSpan) -> None:
    span = make_span(
        "na\ud800me",
        attributes={"k\udfffey": "va\ud83dlue"},
        status=Status(StatusCode.ERROR, "b\ud800d"),
    )
    written = Span.FromString(encode_span(span, {}))
    assert written.name == "na?me"
    assert written.status.message == "b?d"
    assert plain(written.attributes) == {"k?ey": "va?lue"}


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1, 10**30])
def test_an_integer_beyond_64_bits_becomes_text(number: int) -> None:
    assert read(number).string_value == str(number)


@pytest.mark.parametrize("number", [(1 << 63) - 1, -(1 << 63), -1, 0, 128, 16384])
def test_an_integer_within_64_bits_stays_one(number: int) -> None:
    assert read(number).int_value == number


def test_numbers_that_are_none_stay_what_they_are() -> None:
    assert math.isnan(read(math.nan).double_value)
    assert read(-math.inf).double_value == -math.inf


def test_false_and_zero_and_empty_are_values() -> None:
    written = [read(value).WhichOneof("value") for value in (False, 0, 0.0, "", b"")]
    assert written == [
        "bool_value",
        "int_value",
        "double_value",
        "string_value",
        "bytes_value",
    ]
    assert read(None).WhichOneof("value") is None


def test_a_value_of_a_foreign_type_is_named() -> None:
    assert read(object()).string_value == "<object>"


def test_nesting_without_end_is_cut_where_readers_would_fail() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert AnyValue.FromString(encode_value(endless)).WhichOneof("value")
    assert rough_bytes(endless) < 10_000


def test_a_type_derived_from_a_plain_one_is_written_as_that() -> None:
    class Shout(str):
        pass

    assert read(Shout("hey")).string_value == "hey"


def test_counts_of_what_the_sdk_dropped_are_passed_on(make_span: MakeSpan) -> None:
    span = make_span(attributes=BoundedAttributes(1, {"a": 1, "b": 2}))
    assert Span.FromString(encode_span(span, {})).dropped_attributes_count == 1


def test_content_wins_over_an_attribute_of_the_same_name(make_span: MakeSpan) -> None:
    span = make_span(attributes={"tracer.input": "old"})
    written = Span.FromString(encode_span(span, {"tracer.input": b"new"}))
    assert plain(written.attributes) == {"tracer.input": "new"}


def test_an_item_that_cannot_be_encoded_costs_only_itself(
    make_span: MakeSpan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRACER_STRICT")
    items = [make_span("one"), make_span("two", start_time=-1), make_span("three")]
    (batch,) = Encoder({}, instance_id="one").batches([(span, {}) for span in items])
    assert batch.n_items == 2
    assert b"three" in gzip.decompress(batch.body)
