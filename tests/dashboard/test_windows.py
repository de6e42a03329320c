"""Periods: the one that is looked at, and the one before it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.shaping import windows
from dashboard.shaping.traffic import courses, overview

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
    shown = windows.in_short(window, ZoneInfo("Asia/Seoul"), now=now)
    assert shown == "11-22 18:30–21:30"
    assert [windows.read(name) for name in ("7d", "custom", "a..b", "")] == [None] * 4


def test_a_window_in_the_address_holds_all_of_what_it_is_about() -> None:
    window = windows.between(NOW - timedelta(hours=1), NOW)
    shown = windows.read(windows.written(window, now=NOW))

    assert shown is not None and shown.until is not None
    assert shown.since <= window.since
    assert NOW <= shown.until < NOW + timedelta(minutes=1)


def test_a_longer_period_has_wider_buckets() -> None:
    names = ("1h", "24h", "7d", "30d")
    intervals = [windows.last(name, now=NOW).interval(NOW) for name in names]
    years = windows.since_first(NOW - timedelta(days=800), now=NOW)

    assert intervals == ["minute", "hour", "day", "day"]
    assert years.interval(NOW) == "week"


def test_all_time_begins_at_the_hour_of_the_first_call() -> None:
    first = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)

    window = windows.since_first(first, now=NOW)
    assert window == windows.Window(datetime(2021, 3, 4, 5, tzinfo=UTC))
    # a store that is a minute old has buckets, too
    assert windows.since_first(NOW, now=NOW).interval(NOW) == "minute"
    assert windows.since_first(None, now=NOW) == windows.last("7d", now=NOW)


def test_the_period_before_one_of_many_years_does_not_begin_before_1970() -> None:
    window = windows.since_first(datetime(1990, 1, 1, tzinfo=UTC), now=NOW)

    assert window.previous(NOW) == windows.Window(windows.EARLIEST, window.since)
    assert courses.before(window, NOW).since == windows.EARLIEST


def test_calls_of_years_ago_are_reached_by_all_time() -> None:
    old = NOW - timedelta(days=1000)
    week = windows.last("7d", now=NOW)

    assert windows.reaching(old, week, now=NOW) == windows.ALL
    assert windows.reaching(NOW - timedelta(days=20), week, now=NOW) == "30d"
    everything = windows.since_first(old, now=NOW)
    assert windows.reaching(old, everything, now=NOW) is None


def test_a_window_of_another_year_is_written_with_its_year() -> None:
    utc, hour = ZoneInfo("UTC"), timedelta(hours=1)
    old = datetime(2023, 5, 6, 7, tzinfo=UTC)
    turn = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)

    def shown(since: datetime, until: datetime) -> str:
        return windows.in_short(windows.between(since, until), utc, now=NOW)

    assert shown(old, old + hour) == "2023-05-06 07:00–08:00"
    assert shown(turn, turn + hour) == "2025-12-31 23:30–2026-01-01 00:30"


def test_buckets_of_weeks_begin_on_mondays() -> None:
    window = windows.between(NOW - timedelta(days=200), NOW)
    weeks = overview.filled([], window, interval="week", now=NOW)
    begun = [datetime.fromtimestamp(row["bucket_ns"] / 1e9, UTC) for row in weeks]

    assert {day.weekday() for day in begun} == {0}
    assert begun[0] <= window.since < begun[1]


def test_buckets_without_a_call_are_there_and_zero() -> None:
    window = windows.between(NOW - timedelta(hours=3), NOW)
    hour = 3600 * 10**9
    known = int(NOW.timestamp()) * 10**9 // hour * hour
    row = {"bucket_ns": known, "n_calls": 4}
    filled = overview.filled([row], window, interval="hour", now=NOW)

    assert [bucket["n_calls"] for bucket in filled] == [0, 0, 0, 4]
