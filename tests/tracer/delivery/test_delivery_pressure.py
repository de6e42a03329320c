"""Under pressure: hanging requests, full queues, odd times, calls from odd places."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import Event, ReadableSpan
from otlp_sink import OtlpSink

from tracer._delivery import Delivery, LogRecord, Pace

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

PATIENT = Pace(backoff_first_s=60, look_s=60)
CONTENT = {"tracer.input": b"x" * 2500}


def let_a_request_hang(sink: OtlpSink, delivery: Delivery, make_span: MakeSpan) -> None:
    """Return as soon as the sink holds a request and answers nothing."""
    sink.gate.clear()
    delivery.offer_span(make_span("hangs"), {})
    sink.wait_for(lambda sink: len(sink.received) == 1)


def offer_numbers(delivery: Delivery, make_span: MakeSpan, numbers: range) -> None:
    """Offer spans as fast as the queue is relieved of them."""
    for number in numbers:
        delivery.offer_span(make_span(str(number)), CONTENT)
        while delivery._queue.is_half_full and delivery.report().dropped == 0:
            pass


def test_a_full_queue_goes_to_the_disk_while_a_request_hangs(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    """All that came while a stopped collector held a request for 10 s was dropped."""
    delivery = make_delivery(max_queue_bytes=100_000, pace=PATIENT)
    let_a_request_hang(sink, delivery, make_span)
    offer_numbers(delivery, make_span, range(200))
    report = delivery.report()
    assert report.dropped == 0
    assert report.spooled > 150
    sink.gate.set()
    assert delivery.flush(20).sent == 201
    assert sorted(sink.accepted_names) == sorted(["hangs", *map(str, range(200))])


def test_what_neither_disk_nor_memory_takes_meanwhile_is_counted(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    delivery = make_delivery(
        max_queue_bytes=100_000, spool_dir=blocked, pace=PATIENT, flush_after_s=0.001
    )
    let_a_request_hang(sink, delivery, make_span)
    for number in range(200):
        delivery.offer_span(make_span(str(number)), CONTENT)
    sink.gate.set()
    report = delivery.flush(20)
    assert report.dropped > 150
    assert report.sent + report.dropped + report.pending == 201
    assert report.pending == 0


def test_an_end_during_a_hanging_request_keeps_what_the_relief_took(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(max_queue_bytes=100_000, pace=PATIENT)
    let_a_request_hang(sink, delivery, make_span)
    offer_numbers(delivery, make_span, range(60))
    report = delivery.shutdown(0.05)
    assert (report.spooled, report.pending, report.dropped) == (61, 0, 0)


def test_what_waits_on_disk_is_sent_though_new_spans_never_cease(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    """New batches went first for ever, and the old ones fell out of the full spool."""
    small = Pace(batch_items=1, backoff_first_s=0.01, backoff_most_s=0.02, look_s=60)
    delivery = make_delivery(pace=small)
    sink.stop()
    delivery.offer_span(make_span("old"), {})
    delivery.flush(10)
    sink.start()
    while "old" not in sink.accepted_names:
        delivery.offer_span(make_span("new"), {})
        assert len(sink.accepted_names) < 10_000
    assert delivery.flush(10).spooled == 0


@pytest.mark.parametrize("timeout_s", [0, -1, 1e-9])
def test_a_flush_without_time_returns_at_once_with_the_truth(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan, timeout_s: float
) -> None:
    sink.gate.clear()
    delivery = make_delivery()
    delivery.offer_span(make_span(), {})
    report = delivery.flush(timeout_s)
    assert (report.sent, report.pending) == (0, 1)


def test_a_flush_may_wait_for_ever(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    """It returned at once: no lock waits so long."""
    delivery = make_delivery()
    delivery.offer_span(make_span(), {})
    assert delivery.flush(float("inf")).sent == 1
    delivery.offer_span(make_span(), {})
    assert delivery.shutdown(float("inf")).sent == 2


def test_a_handler_of_logs_may_flush_and_shut_down_from_within(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    caplog: pytest.LogCaptureFixture,
) -> None:
    delivery = make_delivery()
    called = threading.Event()

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            delivery.flush(60)
            delivery.shutdown(60)
            called.set()

    handler = Handler()
    logging.getLogger("tracer").addHandler(handler)
    sink.stop()
    delivery.offer_span(make_span(), {})
    assert called.wait(20)
    logging.getLogger("tracer").removeHandler(handler)
    sink.start()


def test_a_second_shutdown_waits_for_the_first(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    sink.gate.clear()
    delivery.offer_span(make_span(), {})
    sink.wait_for(lambda sink: len(sink.received) == 1)
    first = threading.Thread(target=delivery.shutdown, args=(20,))
    first.start()
    while not delivery._queue.is_closed:
        pass
    opener = threading.Timer(0.05, sink.gate.set)
    opener.start()
    assert delivery.shutdown(20).sent == 1
    first.join()
    opener.join()


def test_many_flush_and_shut_down_at_once_and_nothing_is_lost(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(flush_after_s=60)
    begin = threading.Barrier(9)

    def flush() -> None:
        begin.wait(20)
        delivery.flush(20)

    threads = [threading.Thread(target=flush) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(100):
        delivery.offer_span(make_span(str(number)), {})
    begin.wait(20)
    assert delivery.shutdown(20).sent == 100
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def test_tracebacks_count_for_the_bound_of_memory(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    """A thousand failed spans took thirty times what the queue thought."""
    delivery = make_delivery(flush_after_s=60, max_queue_bytes=1 << 30)
    said = {"exception.stacktrace": "x" * 30_000}
    delivery.offer_span(make_span(events=[Event("exception", said, 1)]), {})
    assert delivery._queue.n_bytes > 30_000


def test_an_item_larger_than_the_queue_is_dropped_and_counted(
    sink: OtlpSink, make_delivery: MakeDelivery
) -> None:
    delivery = make_delivery(max_queue_bytes=10_000)
    huge = LogRecord(event_name="huge", time_ns=1, attributes={"a": "x" * 20_000})
    delivery.offer_log(huge)
    report = delivery.flush(10)
    assert (report.sent, report.dropped, report.pending) == (0, 1, 0)
    assert "max_queue_bytes" in report.errors[0]


def test_callers_start_no_thread_however_crowded_the_queue_is(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each call over a disk that takes nothing started one, and waited for it."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    delivery = make_delivery(
        max_queue_bytes=100_000, spool_dir=blocked, pace=PATIENT, flush_after_s=0.001
    )
    let_a_request_hang(sink, delivery, make_span)
    started: list[str] = []
    start = threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", noted)
        for number in range(200):
            delivery.offer_span(make_span(str(number)), CONTENT)
    assert not [name for name in started if name.startswith("tracer")]
    sink.gate.set()
