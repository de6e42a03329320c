"""When the collector is away nothing is lost: batches wait on disk, or in memory."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from otlp_sink import OtlpSink, Reply

from tracer._delivery import Delivery, Pace

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

PATIENT = Pace(backoff_first_s=60, look_s=60)


def test_batches_wait_on_disk_and_are_sent_when_it_is_back(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    sink.stop()
    for number in range(3):
        delivery.offer_span(make_span(str(number)), {})
        delivery.flush(10)
    assert delivery.report().spooled == 3
    sink.start()
    sink.wait_for(lambda sink: len(sink.accepted_names) == 3)
    assert sorted(sink.accepted_names) == ["0", "1", "2"]
    report = delivery.flush(10)
    assert (report.sent, report.spooled, report.errors) == (3, 0, ())


def test_it_is_said_once_that_the_collector_is_away_and_once_that_it_is_back(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="tracer")
    delivery = make_delivery()
    sink.stop()
    for _ in range(5):
        delivery.offer_span(make_span(), {})
        delivery.flush(10)
    sink.start()
    sink.wait_for(lambda sink: len(sink.accepted_names) == 5)
    delivery.flush(10)
    told = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [level for level, _ in told] == ["WARNING", "INFO"]
    assert "away (Connection refused)" in told[0][1]
    assert "is back" in told[1][1]


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (401, "refuses the key (HTTP 401)"),
        (403, "refuses the key (HTTP 403)"),
        (404, "is no collector (HTTP 404)"),
        (503, "is away (HTTP 503)"),
    ],
)
def test_who_takes_nothing_is_called_what_it_is_and_items_wait_all_the_same(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    caplog: pytest.LogCaptureFixture,
    status: int,
    trouble: str,
) -> None:
    sink.reply = lambda received: Reply(status)
    delivery = make_delivery(pace=PATIENT)
    delivery.offer_span(make_span("kept"), {})
    report = delivery.flush(10)
    assert (report.spooled, report.dropped) == (1, 0)
    assert report.errors == (f"the collector {trouble.replace(' (', ': ')[:-1]}",)
    assert trouble in caplog.messages[0]
    assert "is back" not in caplog.messages[0]


def test_what_one_process_leaves_on_disk_the_next_one_sends(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    first = make_delivery()
    sink.stop()
    first.offer_span(make_span("left behind"), {})
    assert first.shutdown(10).spooled == 1
    sink.start()
    second = make_delivery()
    second.offer_span(make_span("new"), {})
    sink.wait_for(lambda sink: len(sink.accepted_names) == 2)
    by_name = {received.names[0]: received.resource for received in sink.accepted}
    owner = by_name["left behind"]["service.instance.id"]
    assert owner == first.instance_id != second.instance_id


def test_a_flush_sends_what_another_process_left_though_nothing_was_offered(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    first = make_delivery()
    sink.stop()
    first.offer_span(make_span("left behind"), {})
    first.shutdown(10)
    sink.start()
    report = make_delivery().flush(10)
    assert (report.sent, report.sent_for_others) == (0, 1)
    assert sink.accepted_names == ["left behind"]


def test_what_waits_on_disk_goes_several_requests_at_a_time(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(pace=PATIENT)
    sink.stop()
    for number in range(9):
        delivery.offer_span(make_span(str(number)), {})
        delivery.flush(10)
    sink.start()
    sink.gate.clear()
    assert delivery.flush(0).spooled == 9
    sink.wait_for(lambda sink: len(sink.received) == 4)
    sink.gate.set()
    assert delivery.flush(10).sent == 9
    assert sorted(sink.accepted_names) == [str(number) for number in range(9)]


def test_a_short_program_sends_what_another_left_as_it_ends(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    """Where only short ones ran, it waited for ever."""
    first = make_delivery()
    sink.stop()
    for name in "ab":
        first.offer_span(make_span(name), {})
        first.flush(10)
    first.shutdown(10)
    sink.start()
    short = make_delivery(flush_after_s=60)
    short.offer_span(make_span("own"), {})
    report = short.shutdown(10)
    assert (report.sent, report.sent_for_others) == (1, 2)
    assert sorted(sink.accepted_names) == ["a", "b", "own"]


def test_several_processes_on_one_spool_send_each_batch_once(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    deliveries = [make_delivery() for _ in range(3)]
    sink.stop()
    for number in range(30):
        deliveries[number % 3].offer_span(make_span(str(number)), {})
        deliveries[number % 3].flush(10)
    sink.start()
    sink.wait_for(lambda sink: len(sink.accepted_names) >= 30)
    for delivery in deliveries:
        delivery.shutdown(10)
    assert sorted(sink.accepted_names, key=int) == [str(n) for n in range(30)]


def test_without_a_disk_items_wait_in_memory(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(spool_dir=None)
    sink.stop()
    delivery.offer_span(make_span("one"), {})
    report = delivery.flush(10)
    assert (report.pending, report.spooled) == (1, 0)
    delivery.offer_span(make_span("two"), {})
    sink.start()
    sink.wait_for(lambda sink: sink.accepted_names == ["one", "two"])


def test_without_a_disk_what_is_left_at_the_end_is_counted(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(spool_dir=None, flush_after_s=60)
    sink.stop()
    delivery.offer_span(make_span(), {})
    report = delivery.shutdown(10)
    assert (report.dropped, report.pending) == (1, 0)
    assert "neither sent nor kept on disk" in report.errors[0]


def test_a_disk_that_fails_falls_back_to_memory(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    delivery = make_delivery(spool_dir=blocked)
    sink.stop()
    delivery.offer_span(make_span("one"), {})
    assert delivery.flush(10).pending == 1
    sink.start()
    sink.wait_for(lambda sink: sink.accepted_names == ["one"])


def test_a_full_queue_drops_the_newest_and_counts_them(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(spool_dir=None, max_queue_bytes=50_000, pace=PATIENT)
    sink.stop()
    for _ in range(100):
        delivery.offer_span(make_span(), {"tracer.input": b"x" * 2500})
    report = delivery.flush(10)
    assert report.dropped >= 80
    assert report.dropped + report.pending == 100
    assert "max_queue_bytes" in report.errors[0]


def test_a_collector_that_hangs_does_not_hold_the_end_up(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery()
    sink.gate.clear()
    delivery.offer_span(make_span("hangs"), {})
    sink.wait_for(lambda sink: len(sink.received) == 1)
    delivery.offer_span(make_span("waits"), {})
    report = delivery.shutdown(0.05)
    assert (report.spooled, report.pending, report.dropped) == (2, 0, 0)


def test_a_collector_that_cannot_keep_up_is_relieved_by_the_disk(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(max_queue_bytes=100_000, pace=PATIENT)
    sink.gate.clear()
    delivery.offer_span(make_span("slow"), {})
    sink.wait_for(lambda sink: len(sink.received) == 1)
    for number in range(30):
        delivery.offer_span(make_span(str(number)), {})
    sink.gate.set()
    assert delivery.flush(10).sent == 31
    assert sorted(sink.accepted_names) == sorted(["slow", *map(str, range(30))])


def test_nothing_but_bodies_is_on_disk(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan, tmp_path: Path
) -> None:
    delivery = make_delivery(api_key="secret", pace=PATIENT)
    sink.stop()
    delivery.offer_span(make_span(), {})
    delivery.flush(10)
    files = [path for path in (tmp_path / "spool").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".otlp", ".jsonl"}
    assert not any(b"secret" in path.read_bytes() for path in files)
    assert not any("secret" in str(path) for path in files)
    sink.start()
    delivery.flush(10)
    assert sink.accepted[0].body == sink.received[-1].body


def test_a_file_that_a_crash_cut_short_is_set_aside_and_holds_nothing_up(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan, tmp_path: Path
) -> None:
    first = make_delivery(pace=PATIENT)
    sink.stop()
    for name in ("cut", "whole"):
        first.offer_span(make_span(name), {})
        first.offer_span(make_span(name), {})
        first.flush(10)
    cut = min((tmp_path / "spool").rglob("*.otlp"))
    cut.write_bytes(cut.read_bytes()[:50])
    sink.reply = lambda received: Reply(400 if len(received.body) == 50 else 200)
    sink.start()
    report = first.flush(10)
    assert (report.sent, report.spooled, report.dropped) == (2, 0, 2)
    assert [path.suffix for path in cut.parent.iterdir()] == [".refused"]
    assert sink.accepted_names == ["whole", "whole"]
