"""What the collector answers decides what becomes of a batch, item by item."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.trace import ReadableSpan
from otlp_sink import OtlpSink, Received, Reply

from tracer._delivery import Delivery
from tracer._delivery.transport import MOST_ANSWER_BYTES

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]


@pytest.fixture
def offer_many(make_delivery: MakeDelivery, make_span: MakeSpan) -> Iterator[Delivery]:
    """A delivery to which twenty spans were offered, the eighth of them poisoned."""
    delivery = make_delivery(flush_after_s=60)
    for number in range(20):
        delivery.offer_span(make_span("poison" if number == 7 else str(number)), {})
    yield delivery


def in_turn(*replies: Reply) -> Callable[[Received], Reply]:
    """Answer with each in turn, and with 200 afterwards."""
    left = list(replies)
    return lambda received: left.pop(0) if left else Reply()


def refuse_poison(status: int) -> Callable[[Received], Reply]:
    def reply(received: Received) -> Reply:
        if "poison" in received.names:
            return Reply(status, b"cannot read it", {"Content-Type": "text/plain"})
        return Reply()

    return reply


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_poison_item_is_set_aside_alone(
    sink: OtlpSink, offer_many: Delivery, tmp_path: Path, status: int
) -> None:
    sink.reply = refuse_poison(status)
    report = offer_many.flush(10)
    assert (report.sent, report.dropped, report.spooled) == (19, 1, 0)
    assert f"HTTP {status} cannot read it" in report.errors[0]
    wanted = [str(number) for number in range(20) if number != 7]
    assert sink.accepted_names == wanted
    (aside,) = (tmp_path / "spool").rglob("*.refused")
    assert Received("/v1/traces", {}, aside.read_bytes()).names == ["poison"]


def test_parts_of_a_split_batch_share_its_number_in_the_ledger(
    sink: OtlpSink, offer_many: Delivery
) -> None:
    sink.reply = refuse_poison(400)
    offer_many.flush(10)
    numbers = {received.resource["tracer.batch"] for received in sink.received}
    assert numbers == {1}


def test_where_all_is_refused_the_number_of_requests_is_bounded(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    sink.reply = lambda received: Reply(400)
    delivery = make_delivery(flush_after_s=60)
    for _ in range(500):
        delivery.offer_span(make_span(), {})
    assert delivery.flush(20).dropped == 500
    assert len(sink.received) < 150


def test_rejected_items_of_a_partial_success_are_counted_and_not_sent_again(
    sink: OtlpSink, offer_many: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    partial = ExportTracePartialSuccess(rejected_spans=3, error_message="zero id")
    body = ExportTraceServiceResponse(partial_success=partial).SerializeToString()
    sink.reply = lambda received: Reply(body=body)
    report = offer_many.flush(10)
    assert (report.sent, report.dropped) == (17, 3)
    assert report.errors == ("3 dropped: rejected by the collector: zero id",)
    assert len(sink.received) == 1
    assert "zero id" in caplog.text


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_busy_collector_gets_the_very_same_bytes_again(
    sink: OtlpSink, offer_many: Delivery, status: int
) -> None:
    sink.reply = in_turn(Reply(status), Reply(status))
    sink_saw_all = lambda sink: len(sink.accepted) == 1  # noqa: E731
    offer_many.flush(10)
    sink.wait_for(sink_saw_all)
    assert len(sink.received) == 3
    assert len({received.body for received in sink.received}) == 1
    assert offer_many.flush(10).sent == 20


@pytest.mark.parametrize("wait", ["120", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_the_collector_may_ask_to_be_left_alone_for_a_while(
    sink: OtlpSink, offer_many: Delivery, wait: str
) -> None:
    sink.reply = in_turn(Reply(503, headers={"Retry-After": wait}))
    assert offer_many.flush(10).spooled == 20
    assert 60 < offer_many._outage.wait_s <= 300
    assert offer_many.flush(10).sent == 20  # a flush tries at once


@pytest.mark.parametrize("status", [301, 401, 403, 404, 405, 415])
def test_a_wrong_address_or_key_keeps_the_batch_whole_for_when_it_is_put_right(
    sink: OtlpSink, offer_many: Delivery, status: int
) -> None:
    sink.reply = lambda received: Reply(status)
    report = offer_many.flush(10)
    assert (report.sent, report.spooled, report.dropped) == (0, 20, 0)
    assert f"HTTP {status}" in report.errors[0]
    sink.reply = lambda received: Reply()
    assert offer_many.flush(10).sent == 20


def test_an_answer_in_another_language_than_protobuf_is_a_plain_yes(
    sink: OtlpSink, offer_many: Delivery
) -> None:
    sink.reply = lambda received: Reply(
        200, b'{"partialSuccess":{}}', {"Content-Type": "application/json"}
    )
    assert offer_many.flush(10).sent == 20


def test_a_long_answer_is_not_read_to_its_end(
    sink: OtlpSink, offer_many: Delivery
) -> None:
    # an endless one filled the memory and kept the process from ending
    sink.reply = lambda received: Reply(200, b"x" * (MOST_ANSWER_BYTES * 100))
    report = offer_many.flush(10)
    assert (report.sent, report.pending) == (20, 0)
