"""Periods: the one that is looked at, and the one before it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.shaping import windows
from dashboard.shaping.traffic import overview

NOW = datetime(2026, 11, 22, 12, 30, 45, tzinfo=UTC)


def test_the_last_hours_begin_at_a_whole_minute() -> None:
    window = windows.last("24h", now=NOW)

    assert window.since == datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    assert window.until is None


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    window = windows.last("7d", now=NOW)
    before = window.previous(NOW)

    assert before.until == window.since
    assert before.end(NOW) - before.since == NOW - window.since


def test_an_unknown_name_falls_back_to_the_usual_period() -> None:
    assert windows.last("yesterday", now=NOW) == windows.last("7d", now=NOW)


def test_two_local_times_make_a_window_in_utc_in_either_order() -> None:
    seoul = ZoneInfo("Asia/Seoul")
    early = datetime(2026, 11, 1, 9, tzinfo=seoul)
    window = windows.between(early + timedelta(days=1), early)

    assert window.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert window.until == datetime(2026, 11, 2, tzinfo=UTC)


def test_a_window_in_the_address_is_the_same_in_every_zone() -> None:
    now = NOW.replace(second=0)
    window = windows.between(now - timedelta(hours=3), now)
    written = windows.written(window, now=now)

    assert windows.read(written) == window
    shown = windows.in_short(window, ZoneInfo("Asia/Seoul"))
    assert shown == "11-22 18:30–21:30"
    assert [windows.read(name) for name in ("7d", "custom", "a..b", "")] == [None] * 4


def test_a_longer_period_has_wider_buckets() -> None:
    names = ("1h", "24h", "7d", "30d")
    intervals = [windows.last(name, now=NOW).interval(NOW) for name in names]

    assert intervals == ["minute", "hour", "day", "day"]


def test_buckets_without_a_call_are_there_and_zero() -> None:
    window = windows.between(NOW - timedelta(hours=3), NOW)
    hour = 3600 * 10**9
    known = int(NOW.timestamp()) * 10**9 // hour * hour
    row = {"bucket_ns": known, "n_calls": 4}
    filled = overview.filled([row], window, interval="hour", now=NOW)

    assert [bucket["n_calls"] for bucket in filled] == [0, 0, 0, 4]
