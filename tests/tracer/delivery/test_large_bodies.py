"""What is larger than the 64 MiB that a collector reads of one body."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from otlp_sink import OtlpSink, Received, Reply, plain

import tracer
from tracer import semconv, testing
from tracer._delivery import Delivery

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

MIB = 1 << 20
MOST_BODY_BYTES = 64 * MIB


def n_bytes(received: Received) -> int:
    return len(gzip.decompress(received.body))


def refuse_large(received: Received) -> Reply:
    """Answer as the collector does, with its own default limit."""
    return Reply(413 if n_bytes(received) > MOST_BODY_BYTES else 200)


def test_more_than_one_body_may_hold_arrives_in_several(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    sink.reply = refuse_large
    delivery = make_delivery(flush_after_s=60, max_queue_bytes=256 * MIB)
    content = {semconv.INPUT: b'"%b"' % (b"x" * 900_000)}
    names = [str(number) for number in range(100)]
    for name in names:
        delivery.offer_span(make_span(name), content)
    assert str(delivery.flush(120)) == "100 sent"
    assert sink.accepted_names == names
    sizes = [n_bytes(received) for received in sink.received]
    assert sum(sizes) > MOST_BODY_BYTES
    assert max(sizes) < MOST_BODY_BYTES


def test_a_span_too_large_for_any_body_is_set_aside_alone_and_counted(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan, tmp_path: Path
) -> None:
    sink.reply = refuse_large
    delivery = make_delivery(flush_after_s=60, max_queue_bytes=256 * MIB)
    for name in "abc":
        length = 70 * MIB if name == "b" else 1000
        delivery.offer_span(make_span(name), {semconv.INPUT: b"x" * length})
    report = delivery.flush(120)
    assert (report.sent, report.dropped, report.pending) == (2, 1, 0)
    assert "413" in str(report)
    assert sorted(sink.accepted_names) == ["a", "c"]
    (aside,) = (tmp_path / "spool").rglob("*.refused")
    assert len(gzip.decompress(aside.read_bytes())) > MOST_BODY_BYTES


def test_a_span_too_large_for_the_queue_is_counted(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    delivery.offer_span(make_span("large"), {semconv.INPUT: b"x" * 70 * MIB})
    delivery.offer_span(make_span("small"), {})
    report = delivery.flush(20)
    assert (report.sent, report.dropped) == (1, 1)
    assert "queue was full" in str(report)
    assert sink.accepted_names == ["small"]


@pytest.mark.parametrize("large", ["x" * 70 * MIB, ["x" * 1000] * 70_000])
def test_a_value_too_large_for_any_body_is_cut_where_a_mark_says_so(
    sink: OtlpSink, large: object
) -> None:
    sink.reply = refuse_large

    @tracer.trace
    def answer(question: object) -> str:
        return "short"

    tracer.configure(endpoint=sink.url, project="shop", spool_dir=False)
    try:
        assert answer(large) == "short"
        assert str(tracer.flush(20)) == "1 sent"
    finally:
        testing.reset()
    (received,) = sink.accepted
    assert n_bytes(received) < 2 * MIB
    (span,) = received.traces.resource_spans[0].scope_spans[0].spans
    said = plain(span.attributes)
    assert "[truncated" in said[semconv.INPUT]
    assert said[semconv.OUTPUT] == '"short"'
