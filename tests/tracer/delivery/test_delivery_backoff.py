"""Waits grow, differ, and end; reports read well."""

import logging

import pytest

from tracer._delivery import DeliveryReport, Pace
from tracer._delivery.outage import Outage
from tracer._delivery.records import Lane
from tracer._delivery.sent import Sent, judge
from tracer._delivery.tally import Tally
from tracer._delivery.transport import Answer, Verdict

PACE = Pace(backoff_first_s=1000, backoff_most_s=5000)


def make_outage() -> Outage:
    return Outage("http://collector", PACE, keeps="they wait")


def test_waits_double_up_to_the_longest_and_are_spread() -> None:
    outage = make_outage()
    for longest in (1000, 2000, 4000, 5000, 5000):
        outage.note_failure("no", retry_after_s=None)
        assert longest / 2 - 60 < outage.wait_s <= longest


def test_a_try_is_due_at_once_before_any_failure_and_when_it_is_asked_for() -> None:
    outage = make_outage()
    assert (outage.is_on, outage.wait_s) == (False, 0)
    outage.note_failure("no")
    outage.try_now()
    assert (outage.is_on, outage.wait_s) == (True, 0)


def test_two_processes_do_not_come_back_at_once() -> None:
    waits = set()
    for _ in range(9):
        outage = make_outage()
        outage.note_failure("no")
        waits.add(round(outage.wait_s, -1))
    assert len(waits) > 4


def test_a_wish_to_be_left_alone_is_heard_for_five_minutes_at_most() -> None:
    for wish_s, most_s in ((20.0, 20.0), (300.0, 300.0), (86_400.0, 300.0)):
        outage = Outage("them", Pace(backoff_first_s=0.1), keeps="they wait")
        outage.note_failure("no", retry_after_s=wish_s)
        assert most_s - 60 < outage.wait_s <= most_s


def test_many_failures_do_not_overflow() -> None:
    outage = make_outage()
    for _ in range(2000):
        outage.note_failure("no", retry_after_s=None)
    assert outage.wait_s <= 5000


def test_success_ends_the_wait_and_the_next_outage_begins_small() -> None:
    outage = make_outage()
    for _ in range(5):
        outage.note_failure("no", retry_after_s=None)
    outage.note_success()
    assert (outage.is_on, outage.wait_s) == (False, 0)
    outage.note_failure("no", retry_after_s=None)
    assert outage.wait_s <= 1000


def answered(verdict: Verdict, *, retry_after_s: float | None = None) -> Sent:
    answer = Answer(verdict, "no", retry_after_s=retry_after_s)
    return Sent(answers=[("traces", answer)])


def test_requests_that_fail_beside_each_other_are_one_failure() -> None:
    """Four at once made the next wait eight times as long."""
    outage, tally = make_outage(), Tally("me")
    judge([answered(Verdict.AWAY)] * 4, outage, no_logs=make_outage(), tally=tally)
    assert 0 < outage.wait_s <= 1000


def test_a_success_beside_a_failure_does_not_undo_how_long_we_are_asked_to_wait() -> (
    None
):
    outage, tally = make_outage(), Tally("me")
    away = answered(Verdict.AWAY, retry_after_s=250)
    for round in (
        [away, answered(Verdict.ACCEPTED)],
        [answered(Verdict.ACCEPTED), away],
    ):
        outage.note_success()
        judge(round, outage, no_logs=make_outage(), tally=tally)
        assert outage.is_on
        assert outage.wait_s > 200


def test_where_some_are_taken_waits_do_not_grow() -> None:
    outage, tally = make_outage(), Tally("me")
    for _ in range(9):
        judge(
            [answered(Verdict.AWAY), answered(Verdict.ACCEPTED)],
            outage,
            no_logs=make_outage(),
            tally=tally,
        )
        assert outage.wait_s <= 1000


def test_what_comes_and_goes_is_said_loudly_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outage = make_outage()
    for _ in range(5):
        outage.note_failure("HTTP 500", trouble="fails")
        outage.note_success()
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_an_outage_is_said_once_and_its_end_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    outage = make_outage()
    outage.note_success()  # it was never away
    outage.note_failure("HTTP 401", trouble="refuses the key")
    for _ in range(2):
        outage.note_failure("no route")
    outage.note_success()
    outage.note_failure("no route")
    said = [(record.levelname, record.getMessage()) for record in caplog.records]
    away = "http://collector is away (no route); they wait. The app is not affected."
    assert said == [
        ("WARNING", away.replace("is away (no route)", "refuses the key (HTTP 401)")),
        ("WARNING", away),
        ("INFO", "http://collector is back"),
        ("DEBUG", away),
    ]


def test_a_receiver_without_logs_is_left_alone_with_logs_and_nothing_else() -> None:
    outage, no_logs, tally = make_outage(), make_outage(), Tally("me")
    missing = Answer(Verdict.NOT_HERE, "HTTP 404", trouble="takes no logs")
    taken = Answer(Verdict.ACCEPTED)

    def answer(*answers: tuple[Lane, Answer]) -> tuple[bool, bool]:
        judge(
            [Sent(answers=[one]) for one in answers],
            outage,
            no_logs=no_logs,
            tally=tally,
        )
        return outage.is_on, no_logs.is_on

    assert answer(("traces", taken), ("traces", missing)) == (False, False)
    assert answer(("logs", missing), ("traces", taken)) == (False, True)
    told = {"logs": "the collector takes no logs: HTTP 404"}
    assert tally.troubles == told
    assert answer(("traces", taken)) == (False, True)
    assert answer(("logs", Answer(Verdict.AWAY, "no"))) == (True, True)
    assert tally.troubles == told | {None: "the collector is away: no"}
    assert answer() == (True, True)
    assert answer(("logs", Answer(Verdict.REFUSED, "HTTP 400"))) == (False, False)
    assert tally.troubles == {}


def test_of_several_failures_the_first_is_told_and_the_longest_wish_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outage, tally = Outage("them", Pace(backoff_first_s=1), keeps=""), Tally("me")
    fault = Answer(Verdict.FAULT, "HTTP 500", trouble="fails", retry_after_s=200)
    away = Answer(Verdict.AWAY, "HTTP 503", retry_after_s=100)
    taken = Answer(Verdict.ACCEPTED)
    no_logs = make_outage()
    sent = [Sent(answers=[("traces", one)]) for one in (fault, away, away)]
    judge(sent, outage, no_logs=no_logs, tally=tally)
    assert tally.troubles == {None: "the collector fails: HTTP 500"}
    assert 100 < outage.wait_s <= 200
    assert "them is away (HTTP 503)" in caplog.text
    judge(
        [Sent(answers=[("traces", fault), ("traces", taken)])],
        outage,
        no_logs=no_logs,
        tally=tally,
    )
    assert not outage.is_on and outage.wait_s == 0  # it is the batch, not the receiver
    judge([Sent(answers=[("traces", fault)])], outage, no_logs=no_logs, tally=tally)
    assert outage.is_on and "them fails (HTTP 500)" in caplog.text
    assert tally.troubles == {None: "the collector fails: HTTP 500"}


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (DeliveryReport(), "0 sent"),
        (DeliveryReport(sent=1204), "1,204 sent"),
        (
            DeliveryReport(5, 4, 3, 2, ("3 dropped: full", "away")),
            "5 sent, 4 kept on disk, 2 pending, 3 dropped (3 dropped: full; away)",
        ),
    ],
)
def test_a_report_reads_as_a_sentence(report: DeliveryReport, told: str) -> None:
    assert str(report) == told
