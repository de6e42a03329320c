"""A 500 is a receiver that is ill, or a batch that it cannot take: nothing is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from otlp_sink import OtlpSink, Received, Reply

from tracer._delivery import Delivery, Pace
from tracer._delivery.records import Batch
from tracer._delivery.suspects import FAULTS_TO_TELL, Suspects

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

PATIENT = Pace(batch_items=100, backoff_first_s=60, look_s=60)


def batch(number: int) -> Batch:
    return Batch("traces", bytes([number]), 1, "me", number)


@pytest.mark.parametrize("has_disk", [True, False])
def test_a_receiver_that_answers_500_for_a_while_costs_nothing(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    tmp_path: Path,
    has_disk: bool,
) -> None:
    """Three seconds of it threw a thousand spans away."""
    spool_dir = tmp_path / "spool" if has_disk else None
    delivery = make_delivery(pace=PATIENT, spool_dir=spool_dir)
    sink.reply = lambda received: Reply(500)
    for number in range(1000):
        delivery.offer_span(make_span(str(number)), {})
        if number % 100 == 99:
            report = delivery.flush(10)
    assert report.dropped == 0
    assert report.errors == ("the collector fails: HTTP 500",)
    sink.reply = lambda received: Reply()
    for _ in range(20):
        report = delivery.flush(10)
        if report.sent == 1000:
            break
    assert (report.sent, report.dropped, report.errors) == (1000, 0, ())
    assert len(set(sink.accepted_names)) == len(sink.accepted_names) == 1000


def test_a_receiver_that_answers_500_is_asked_ever_more_rarely(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    """A fault counted as a success: it was asked for every half of every batch."""
    delivery = make_delivery(pace=PATIENT)
    sink.reply = lambda received: Reply(500)
    for number in range(1000):
        delivery.offer_span(make_span(str(number)), {})
    delivery.flush(10)
    assert len(sink.received) <= 2
    assert delivery._outage.is_on


@pytest.mark.parametrize("has_disk", [True, False])
def test_an_item_that_a_receiver_fails_at_while_it_takes_others_is_set_aside_alone(
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    tmp_path: Path,
    has_disk: bool,
) -> None:
    def reply(received: Received) -> Reply:
        return Reply(500 if "poison" in received.names else 200)

    sink.reply = reply
    spool_dir = tmp_path / "spool" if has_disk else None
    delivery = make_delivery(spool_dir=spool_dir)
    wanted = [str(number) for number in range(20)]
    for name in ["poison", *wanted]:
        delivery.offer_span(make_span(name), {})
    while delivery.flush(10).dropped == 0:
        assert len(wanted) < 2000
        wanted.append(str(len(wanted)))
        delivery.offer_span(make_span(wanted[-1]), {})
    report = delivery.flush(10)
    assert (report.sent, report.dropped) == (len(wanted), 1)
    assert "refused by the collector (HTTP 500" in report.errors[0]
    assert sorted(sink.accepted_names) == sorted(wanted)
    assert len(list(tmp_path.rglob("*.refused"))) == has_disk


def test_many_faults_blame_no_batch_while_no_other_is_taken() -> None:
    suspects = Suspects()
    told = [suspects.is_to_blame(batch(number % 3)) for number in range(300)]
    assert not any(told)


def test_a_batch_is_to_blame_after_several_faults_while_others_were_taken() -> None:
    suspects, told = Suspects(), []
    for _ in range(FAULTS_TO_TELL):
        suspects.note_taken(batch(2))
        told += [suspects.is_to_blame(batch(1)), suspects.is_to_blame(batch(1))]
    assert told.index(True) == len(told) - 2


def test_a_batch_that_is_taken_in_the_end_is_no_suspect_any_more() -> None:
    suspects = Suspects()
    for _ in range(FAULTS_TO_TELL - 1):
        assert not suspects.is_to_blame(batch(1))
        suspects.note_taken(batch(2))
    suspects.note_taken(batch(1))
    assert not suspects.is_to_blame(batch(1))
