"""What is offered arrives: whole, once, in lean numbered requests."""

import threading
from collections.abc import Callable

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from otlp_sink import OtlpSink, plain

from tracer._delivery import Delivery, LogRecord, Pace

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

SCORE = LogRecord(
    event_name="gen_ai.evaluation.result",
    time_ns=1_700_000_000_000_000_000,
    attributes={"gen_ai.evaluation.score.value": 1.0, "tracer.trial": 0},
    trace_id=7,
    span_id=8,
)


def test_a_span_arrives_with_its_content_joined(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    span = make_span("chat", attributes={"gen_ai.request.model": "gpt-x"})
    delivery.offer_span(span, {"tracer.input": '"서울 날씨는?"'.encode()})
    assert str(delivery.flush(10)) == "1 sent"
    (received,) = sink.received
    (written,) = received.traces.resource_spans[0].scope_spans[0].spans
    assert plain(written.attributes) == {
        "gen_ai.request.model": "gpt-x",
        "tracer.input": '"서울 날씨는?"',
    }
    assert (received.path, received.headers["Content-Encoding"]) == (
        "/v1/traces",
        "gzip",
    )
    assert received.headers["Content-Type"] == "application/x-protobuf"


def test_a_log_record_arrives_on_its_own_lane(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    delivery.offer_log(SCORE)
    delivery.offer_span(make_span("chat"), {})
    assert delivery.flush(10).sent == 2
    by_path = {received.path: received for received in sink.received}
    assert by_path["/v1/traces"].names == ["chat"]
    (written,) = by_path["/v1/logs"].logs.resource_logs[0].scope_logs[0].log_records
    assert written.event_name == "gen_ai.evaluation.result"
    assert written.trace_id == (7).to_bytes(16, "big")
    assert written.observed_time_unix_nano > written.time_unix_nano
    assert plain(written.attributes) == dict(SCORE.attributes)


def test_the_key_travels_as_a_bearer_token(
    sink: OtlpSink, make_delivery: MakeDelivery
) -> None:
    delivery = make_delivery(api_key="secret")
    delivery.offer_log(SCORE)
    delivery.flush(10)
    assert sink.received[0].headers["Authorization"] == "Bearer secret"
    assert "secret" not in str(delivery.report())


def test_each_request_says_what_was_sent_before_it(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    for n_items in (3, 2, 1):
        for _ in range(n_items):
            delivery.offer_span(make_span(), {})
        delivery.flush(10)
    ledgers = [received.resource for received in sink.received]
    numbers = [(row["tracer.batch"], row["tracer.sent_before"]) for row in ledgers]
    in_order = [(len(r.names), n) for r, n in zip(sink.received, numbers, strict=True)]
    before = 0
    for n_items, (number, sent_before) in in_order:
        assert sent_before == before
        assert number == in_order.index((n_items, (number, sent_before))) + 1
        before += n_items
    assert {row["service.instance.id"] for row in ledgers} == {delivery.instance_id}


def test_our_resource_wins_over_that_of_the_span(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    delivery.offer_span(make_span(), {})
    delivery.flush(10)
    resource = sink.received[0].resource
    assert (resource["service.name"], resource["tracer.project"]) == ("app", "shop")


def test_batches_are_cut_by_their_items(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(flush_after_s=60, pace=Pace(batch_items=10))
    for number in range(25):
        delivery.offer_span(make_span(str(number)), {})
    assert delivery.flush(10).sent == 25
    assert max(len(received.names) for received in sink.received) == 10
    assert sink.accepted_names == [str(number) for number in range(25)]


def test_batches_are_cut_by_their_bytes(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(flush_after_s=60, pace=Pace(batch_bytes=100_000))
    for _ in range(10):
        delivery.offer_span(make_span(), {"tracer.input": b"x" * 40_000})
    assert delivery.flush(10).sent == 10
    assert max(len(received.names) for received in sink.received) <= 3


def test_items_leave_by_themselves_when_they_have_waited_long_enough(
    sink: OtlpSink, make_delivery: MakeDelivery
) -> None:
    delivery = make_delivery()
    delivery.offer_log(SCORE)
    sink.wait_for(lambda sink: len(sink.accepted) == 1)


def test_offers_from_many_threads_all_arrive_once(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()

    def offer(thread: int) -> None:
        for number in range(200):
            delivery.offer_span(make_span(f"{thread}.{number}"), {})

    threads = [threading.Thread(target=offer, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert delivery.flush(20).sent == 1200
    assert len(set(sink.accepted_names)) == len(sink.accepted_names) == 1200


def test_flush_with_nothing_offered_returns_at_once_and_starts_nothing(
    make_delivery: MakeDelivery,
) -> None:
    before = threading.active_count()
    assert str(make_delivery().flush(10)) == "0 sent"
    assert threading.active_count() == before


def test_flush_returns_when_its_time_is_over(
    sink: OtlpSink, make_delivery: MakeDelivery
) -> None:
    delivery = make_delivery()
    sink.gate.clear()
    delivery.offer_log(SCORE)
    report = delivery.flush(0.05)
    assert (report.sent, report.pending) == (0, 1)
    sink.gate.set()
    assert delivery.flush(10).sent == 1


def test_shutdown_sends_what_waits_and_then_takes_nothing_more(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(flush_after_s=60)
    delivery.offer_span(make_span("before"), {})
    assert delivery.shutdown(10).sent == 1
    delivery.offer_span(make_span("after"), {})
    report = delivery.shutdown(10)
    assert (report.sent, report.dropped, report.pending) == (1, 1, 0)
    assert sink.accepted_names == ["before"]
    assert delivery.flush(10) == report


def test_locks_that_take_the_place_of_pythons_own_are_the_ones_it_waits_for(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """gunicorn's gevent workers replace them after `--preload`, and stood still."""
    delivery = make_delivery()
    real, made = threading.Lock, []

    def lock() -> threading.Lock:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(threading, "Lock", lock)
    delivery.offer_span(make_span("chat"), {})
    assert str(delivery.flush(60)) == "1 sent"
    assert made
    assert sink.accepted_names == ["chat"]
