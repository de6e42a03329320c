"""A flush waits for what was there when it was asked for, and for nothing else."""

import itertools
import threading
from collections.abc import Callable

from opentelemetry.sdk.trace import ReadableSpan
from otlp_sink import OtlpSink, Received, Reply

from tracer._delivery import Delivery, Pace
from tracer._delivery.queue import BoundedQueue

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

PATIENCE_S = 60
SMALL = Pace(batch_items=1, backoff_first_s=0.01, backoff_most_s=0.02, look_s=60)


def never_idle(
    sink: OtlpSink, delivery: Delivery, make_span: MakeSpan
) -> threading.Event:
    """Let every request bring two new spans, so that the queue never runs empty."""
    numbers, is_over = itertools.count(), threading.Event()

    def reply(received: Received) -> Reply:
        if not is_over.is_set():
            for _ in range(2):
                delivery.offer_span(make_span(f"new {next(numbers)}"), {})
        return Reply()

    sink.reply = reply
    return is_over


def test_a_flush_ends_while_calls_never_cease(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    """It waited for a moment in which nothing was left to do."""
    delivery = make_delivery(pace=SMALL, flush_after_s=0.0001)
    is_over = never_idle(sink, delivery, make_span)
    for number in range(5):
        delivery.offer_span(make_span(str(number)), {})
    flushing = threading.Thread(target=delivery.flush, args=(float("inf"),))
    flushing.daemon = True
    flushing.start()
    flushing.join(PATIENCE_S)
    assert not flushing.is_alive()
    assert not is_over.is_set()  # they went on all the time
    assert {str(number) for number in range(5)} <= set(sink.accepted_names)
    is_over.set()
    delivery.flush(PATIENCE_S)


def test_a_flush_tries_what_lay_on_disk_while_calls_never_cease(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(pace=SMALL, flush_after_s=0.0001)
    sink.stop()
    for number in range(9):
        delivery.offer_span(make_span(f"old {number}"), {})
        delivery.flush(10)
    assert delivery.report().spooled == 9
    is_over = never_idle(sink, delivery, make_span)
    sink.start()
    delivery.offer_span(make_span("one"), {})
    delivery.flush(PATIENCE_S)
    told = set(sink.accepted_names)
    is_over.set()
    assert {"one", *(f"old {number}" for number in range(9))} <= told
    delivery.flush(PATIENCE_S)


def test_no_item_is_left_out_of_what_was_ever_offered_while_others_are_taken() -> None:
    queue: BoundedQueue[int] = BoundedQueue(
        1 << 20, full_batch_items=8, full_batch_bytes=1 << 20
    )
    for number in range(20_000):
        queue.offer(number, 1)
    taker = threading.Thread(
        target=lambda: all(iter(queue.take_batch, []))  # until nothing is left
    )
    taker.start()
    while taker.is_alive():
        assert queue.n_offered() >= 20_000
    taker.join()
    assert (queue.n_offered(), len(queue)) == (20_000, 0)
