"""Waits grow, differ, and end; reports read well."""

import pytest

from tracer._delivery import DeliveryReport, Pace
from tracer._delivery.outage import Outage
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
