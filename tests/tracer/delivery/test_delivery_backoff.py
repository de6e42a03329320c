"""Waits grow, differ, and end; reports read well."""

import pytest

from tracer._delivery import DeliveryReport, Pace
from tracer._delivery.outage import Outage

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
