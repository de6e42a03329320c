"""The end of delivery: in its time, and with one fate for each item."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from otlp_sink import OtlpSink, Reply

from tracer._delivery import Delivery, Pace, finale
from tracer._delivery import spool as spool_module
from tracer._delivery import worker as worker_module
from tracer._delivery.encoder import Encoder, Item
from tracer._delivery.hands import Hands
from tracer._delivery.outage import Outage
from tracer._delivery.queue import BoundedQueue
from tracer._delivery.records import Batch, LogRecord
from tracer._delivery.tally import Tally

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

PATIENT = Pace(backoff_first_s=60, look_s=60)


class Stalled:
    """An outlet whose receiver is away and whose disk does not answer.

    Args:
        hangs: Whether the receiver does not answer either.
    """

    can_keep = True
    n_tried = 0
    lets_others_pass = False

    def __init__(self, *, hangs: bool = False) -> None:
        self.answers = threading.Event()
        self.is_asked = threading.Event()
        self._hangs = hangs

    def try_now(self) -> None:
        pass

    def n_kept(self) -> int:
        return 0

    def deliver(
        self, batch: Batch, *, at_most_s: float | None = None
    ) -> Callable[[], list[Batch]]:
        self.is_asked.set()
        if self._hangs:
            assert self.answers.wait(20)
        return lambda: [batch]

    def keep(self, batches: list[Batch]) -> list[Batch]:
        assert self.answers.wait(20)
        return []

    def resend(self, *, at_most_s: float | None = None) -> bool:
        return False

    def close(self) -> None:
        pass


def stalled_worker(
    stalled: Stalled, make_span: MakeSpan, tally: Tally
) -> worker_module.Worker[Batch]:
    """Return a worker with something to deliver, that cannot."""
    queue: BoundedQueue[Item] = BoundedQueue(
        1 << 20, full_batch_items=9, full_batch_bytes=1 << 20
    )
    worker = worker_module.Worker(
        queue,
        Hands(queue, Encoder({}, instance_id="me"), stalled, tally),
        stalled,
        Outage("collector", PATIENT, keeps=""),
        flush_after_s=0.001,
        look_s=60,
        look_back_s=0,
    )
    queue.offer((make_span(), {}), 1)
    return worker


def test_a_disk_that_stalls_does_not_hold_the_end_up(
    make_span: MakeSpan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finale, "_DISK_LEAST_S", 0.05)
    tally, stalled = Tally("me"), Stalled()
    worker = stalled_worker(stalled, make_span, tally)
    worker.start()
    assert not worker.stop(0.05)
    assert tally.report(waiting=0, refused=0).pending == 1
    stalled.answers.set()


class Clock:
    """Time that passes only while somebody waits for a thread."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s

    def join(self, thread: threading.Thread, timeout: float) -> None:
        self.now_s += timeout


@pytest.mark.parametrize(("timeout_s", "most_s"), [(10, 10), (6, 6), (0.1, 1), (-1, 1)])
def test_the_end_takes_no_longer_than_its_time_or_a_second_for_the_disk(
    make_span: MakeSpan,
    monkeypatch: pytest.MonkeyPatch,
    timeout_s: float,
    most_s: float,
) -> None:
    """Thread, relief and disk had the full time each."""
    stalled, clock = Stalled(hangs=True), Clock()
    worker = stalled_worker(stalled, make_span, Tally("me"))
    worker.start()
    assert stalled.is_asked.wait(20)
    with monkeypatch.context() as patch:
        patch.setattr(finale, "time", SimpleNamespace(monotonic=clock.monotonic))
        patch.setattr(threading.Thread, "join", lambda *given: clock.join(*given))
        worker.stop(timeout_s)
    assert clock.now_s - 1000 == pytest.approx(most_s)
    stalled.answers.set()


def test_an_answer_that_comes_after_the_end_is_not_counted_beside_the_copy_on_disk(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    sink.gate.clear()
    delivery.offer_span(make_span("hangs"), {})
    sink.wait_for(lambda sink: len(sink.received) == 1)
    assert delivery.shutdown(0.05).spooled == 1
    sink.gate.set()
    sink.wait_for(lambda sink: len(sink.accepted) >= 1)
    thread = delivery._worker.thread
    assert thread is not None
    thread.join(20)
    report = delivery.report()
    assert (report.sent, report.spooled, report.pending) == (0, 1, 0)


class Blocked(logging.Handler):
    """A log handler whose stream nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        assert self.is_read.wait(60)


@pytest.fixture
def blocked() -> Iterator[Blocked]:
    handler = Blocked()
    logging.getLogger("tracer").addHandler(handler)
    yield handler
    handler.is_read.set()
    logging.getLogger("tracer").removeHandler(handler)


def test_a_log_handler_that_hangs_costs_no_item(
    sink: OtlpSink, blocked: Blocked, make_span: MakeSpan, make_delivery: MakeDelivery
) -> None:
    sink.reply = lambda received: Reply(500 if received.names == ["score"] else 200)
    delivery = make_delivery(pace=PATIENT)
    delivery.offer_span(make_span(), {})
    delivery.offer_log(LogRecord(event_name="score", time_ns=1, attributes={}))
    report = delivery.shutdown(4)
    assert (report.sent, report.spooled, report.pending) == (1, 1, 0)
    assert not blocked.is_read.is_set()


def test_delivery_goes_on_while_a_log_handler_hangs(
    sink: OtlpSink, blocked: Blocked, make_span: MakeSpan, make_delivery: MakeDelivery
) -> None:
    sink.reply = lambda received: Reply(500 if len(sink.received) == 1 else 200)
    delivery = make_delivery()
    delivery.offer_span(make_span("failed at first"), {})
    sink.wait_for(lambda sink: len(sink.accepted) == 1)
    delivery.offer_span(make_span("behind it"), {})
    sink.wait_for(lambda sink: "behind it" in sink.accepted_names)
    assert not blocked.is_read.is_set()


def test_parts_of_a_batch_from_disk_count_only_once_what_is_left_of_it_is_kept(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The whole batch was put back and sent again, and its parts counted twice."""
    delivery = make_delivery(pace=PATIENT, flush_after_s=60)
    sink.stop()
    for name in "abcd":
        delivery.offer_span(make_span(name), {})
    assert delivery.flush(10).spooled == 4
    status = {"abcd": 400, "cd": 503}
    sink.reply = lambda received: Reply(status.get("".join(received.names), 200))
    sink.start()

    def refuse(directory: Path, batch: Batch, ending: str) -> str:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(spool_module, "write", refuse)
        report = delivery.flush(10)
    assert (report.sent, report.spooled, report.dropped) == (0, 4, 0)
    assert [received.names for received in sink.accepted] == [["a", "b"]]
    sink.reply = lambda received: Reply(400 if len(received.names) == 4 else 200)
    report = delivery.flush(10)
    assert (report.sent, report.spooled, report.dropped) == (4, 0, 0)
    bodies = {received.body for received in sink.accepted}
    assert len(bodies) == 2  # the same bytes again: the collector knows them


def test_a_signal_while_the_thread_is_starting_delivers_once(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The handler found no thread, and delivered beside the one that was starting."""
    delivery = make_delivery()
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        if thread.name == "tracer-delivery":
            assert delivery._worker.thread is thread
            delivery.shutdown(10)
        start(thread)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", interrupted)
        delivery.offer_span(make_span("one"), {})
    thread = delivery._worker.thread
    assert thread is not None
    thread.join(20)
    report = delivery.report()
    assert (report.sent, report.pending, report.dropped) == (1, 0, 0)
    assert sink.accepted_names == ["one"]


def test_a_shutdown_that_was_interrupted_is_taken_up_again(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    delivery = make_delivery(pace=PATIENT, flush_after_s=60)
    sink.stop()
    delivery.offer_span(make_span("one"), {})

    def interrupt(worker: object, timeout_s: float) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(worker_module.Worker, "stop", interrupt)
        with pytest.raises(KeyboardInterrupt):
            delivery.shutdown(10)
    assert delivery.report().pending == 1
    report = delivery.shutdown(10)
    assert (report.spooled, report.pending) == (1, 0)
