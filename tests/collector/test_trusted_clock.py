"""A clock that is set wrong deletes nothing."""

import datetime
import os
from dataclasses import dataclass, replace

import pytest
from otlp_requests import otlp_request, put, rows, span
from otlp_requests import trace_request as traces

from collector.config import Settings
from collector.housekeeping.retention import Retention
from collector.housekeeping.trusted_clock import DOUBT_S, TrustedClock
from collector.records import Outcome
from collector.storage import writes
from collector.storage.engine import Store

DAY_S = 86_400.0
NOW_S = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC).timestamp()


@dataclass
class Machine:
    """A machine's clocks."""

    wall_s: float = NOW_S
    """What it shows."""

    up_s: float = 500.0
    """Since it was started."""

    def pass_time(self, seconds: float) -> None:
        self.wall_s += seconds
        self.up_s += seconds

    def clock(self) -> TrustedClock:
        return TrustedClock(lambda: self.wall_s, lambda: self.up_s)


def test_a_clock_that_runs_on_is_believed_also_after_a_long_sleep() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.pass_time(40 * DAY_S)
    assert clock.today() == datetime.date(2027, 1, 7)


@pytest.mark.parametrize("jump_s", [2 * 3600, 400 * DAY_S])
def test_a_clock_that_is_put_forward_is_not_believed_for_a_day(jump_s: float) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wall_s += jump_s
    assert clock.today() is None
    machine.wall_s -= jump_s
    assert clock.today() is None
    machine.pass_time(DOUBT_S)
    assert clock.today() == datetime.date(2026, 11, 29)


def test_a_clock_that_is_put_back_or_a_little_forward_is_believed() -> None:
    machine = Machine()
    clock = machine.clock()
    for step_s in (-400 * DAY_S, 1800.0, 1800.0):
        machine.wall_s += step_s
        assert clock.today() is not None


@pytest.mark.parametrize("year", [1970, 2019, 2070, 2100])
def test_a_year_that_no_clock_of_today_shows_is_not_believed(year: int) -> None:
    shown = datetime.datetime(year, 7, 1, tzinfo=datetime.UTC).timestamp()
    assert Machine(wall_s=shown).clock().today() is None


@pytest.mark.usefixtures("few_rows")
def test_a_clock_put_years_ahead_for_a_minute_deletes_no_row_by_age(
    store: Store, project: str
) -> None:
    """All that was stored was too old at once."""
    put(store, traces(span(), project=project))
    machine = Machine()
    settings = Settings(retention_days=365)
    kept = Retention(store, settings, clock=machine.clock())
    machine.wall_s += 3 * 365 * DAY_S
    kept._round()
    assert len(rows(store, project)) == 1


@pytest.mark.usefixtures("few_rows")
def test_a_collector_that_starts_with_a_clock_years_ahead_deletes_no_row_by_age(
    store: Store, project: str
) -> None:
    """Only a clock that jumped while it ran was doubted."""
    put(store, traces(span(), project=project))
    ahead = Machine(wall_s=NOW_S + 3 * 365 * DAY_S)
    kept = Retention(store, Settings(retention_days=365), clock=ahead.clock())
    kept._round()
    assert len(rows(store, project)) == 1


def test_a_clock_far_from_the_last_that_came_is_believed_after_a_day() -> None:
    machine = Machine()
    clock = machine.clock()
    for last in (datetime.date(1970, 1, 1), datetime.date(2026, 10, 29)):
        clock.compare(last)
        assert clock.today() == datetime.date(2026, 11, 28)
    clock.compare(datetime.date(2026, 10, 27))
    assert clock.today() is None
    machine.pass_time(DOUBT_S)
    assert clock.today() == datetime.date(2026, 11, 29)


@pytest.mark.usefixtures("few_rows")
def test_a_receipt_of_a_clock_that_was_ahead_takes_no_other_one_away(
    store: Store, project: str
) -> None:
    """Receipts are kept for days from the newest on: a repeat was stored twice."""
    request = otlp_request(traces(span(), project=project))
    put(store, request.body)
    ahead = replace(request, digest=os.urandom(16), received_ms=4_000_000_000_000)
    with store.handle("write") as client:
        writes.insert_receipts(client, [(ahead, Outcome(200))])
    Retention(store, Settings()).apply(datetime.date(2026, 11, 28))
    with store.handle("read") as client:
        assert request.digest in writes.known_receipts(client, [request.digest])
