"""Courses over time: gaps stay gaps, what is new is marked, what changed is flagged."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.parts.figures import charts
from dashboard.shaping.traffic import courses
from dashboard.shaping.windows import BUCKET_NS, Window

DAY_NS = BUCKET_NS["day"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY_NS = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp()) * 10**9
WINDOW = Window(NOW - timedelta(days=30))


def point(days_ago: int, mean: float, *, n: int = 10, **fields: Any) -> dict[str, Any]:
    bucket_ns = TODAY_NS - days_ago * DAY_NS
    given = {"bucket_ns": bucket_ns, "at": courses.moment(bucket_ns), "mean": mean}
    ends = {"low": mean, "high": mean, "known": True}
    return {"series": "all", "type": "number", "n": n, **given, **ends, **fields}


def completed(points: list[dict[str, Any]], **asked: Any) -> list[dict[str, Any]]:
    return courses.complete(points, WINDOW, interval="day", now=NOW, **asked)


def test_a_day_without_anything_to_measure_is_a_gap() -> None:
    found = completed([point(4, 0.5), point(2, 0.6)])
    assert [one["mean"] for one in found] == [0.5, None, 0.6]
    assert [one["n"] for one in found] == [10, 0, 10]


def test_a_total_of_a_day_without_calls_is_nought_up_to_now() -> None:
    found = completed([point(3, 7), point(1, 5)], is_total=True)
    assert [one["mean"] for one in found] == [7, 0, 5, 0]


def test_a_day_that_is_not_over_is_partial() -> None:
    found = completed([point(1, 1), point(0, 1)])
    assert [one["partial"] for one in found] == [False, True]


def test_a_new_level_is_flagged_in_the_units_of_the_course() -> None:
    draw = random.Random(1)
    levels = [2000.0] * 12 + [900.0] * 12
    points = [
        point(25 - day, level * draw.uniform(0.9, 1.1), type="ms")
        for day, level in enumerate(levels)
    ]
    [flag] = courses.flags(completed(points), alpha=0.05, is_total=False)
    assert flag.at == points[12]["at"]
    assert flag.before == pytest.approx(2000, rel=0.05)
    assert flag.after == pytest.approx(900, rel=0.05)


def test_a_day_that_is_not_over_is_never_a_new_level() -> None:
    points = [point(day, 100.0 + day % 2) for day in range(20, 0, -1)]
    points.append(point(0, 3.0))
    assert courses.flags(completed(points), alpha=0.05, is_total=True) == []


def seen(value: str, days_ago: int) -> dict[str, Any]:
    return {"value": value, "first_ns": TODAY_NS - days_ago * DAY_NS + 7}


def test_what_is_seen_first_in_the_period_is_marked_at_its_bucket() -> None:
    rows = [seen("old", 50), seen("new", 5)]
    marks = courses.marks({"model": rows, "prompt": []}, WINDOW, interval="day")
    at = courses.moment(TODAY_NS - 5 * DAY_NS)
    assert marks == [{"at": at, "label": "model new"}]


def test_what_was_there_from_the_first_day_on_is_not_new() -> None:
    rows = [seen("one", 9), seen("two", 9), seen("three", 3)]
    marks = courses.marks({"model": rows}, WINDOW, interval="day")
    assert [mark["label"] for mark in marks] == ["model three"]


def test_windows_begin_with_a_whole_bucket() -> None:
    begun = courses.aligned(Window(NOW), interval="week").since
    assert begun == datetime(2026, 11, 16, tzinfo=UTC)
    assert courses.aligned(Window(NOW), interval="day").since.hour == 0


def test_the_smallest_series_are_left_out_and_counted() -> None:
    points = [point(1, 1.0, n=n, series=f"s{n}") for n in range(1, 12)]
    kept, left_out = courses.largest(points)
    assert {one["series"] for one in kept} == {f"s{n}" for n in range(4, 12)}
    assert left_out == 3


def test_an_error_rate_has_wilsons_interval_and_a_total_has_none() -> None:
    row = {"bucket_ns": TODAY_NS, "group": None, "n_calls": 20, "n_errors": 1}
    row |= {"cost_usd": 0.5, "input_tokens": 3, "output_tokens": None}
    latency = {"bucket_ns": TODAY_NS, "group": None, "n": 20}
    latency |= {"p50_ms": 5.0, "p50_low_ms": 4.0, "p50_high_ms": 7.0}
    latency |= {"p95_ms": 9.0, "p95_low_ms": 7.0, "p95_high_ms": None}
    found = courses.traffic([row], [latency], [], nameless="all")
    [rate], [p50], [p95], [cost] = (
        found[name] for name in ("error_rate", "p50", "p95", "cost")
    )
    assert (rate["mean"], round(rate["low"], 4), round(rate["high"], 3)) == (
        0.05,
        0.0089,
        0.236,
    )
    assert (p50["low"], p50["high"], p50["known"]) == (4.0, 7.0, True)
    assert (p95["low"], p95["high"], p95["known"]) == (9.0, 9.0, False)
    assert (cost["mean"], cost["known"], cost["type"]) == (0.5, False, "usd")
    assert found["first_token"] == []


@pytest.mark.parametrize(
    ("hours", "n"), [((), 1), ((5,), 1), ((0, 1, 23), 24), ((0, 0, 2, 4), 3)]
)
def test_bars_leave_room_for_the_buckets_that_hold_nothing(
    hours: tuple[int, ...], n: int
) -> None:
    points = [{"at": f"2026-11-22T{hour:02}:00:00Z"} for hour in hours]
    assert courses.n_buckets(points) == n


def test_what_is_pointed_at_has_the_day_of_the_axis_and_a_name_of_ours() -> None:
    """West of UTC it was the day before, and the field was called ``at``."""
    day, hour = ({"at": f"2026-11-21T{begin}:00:00Z"} for begin in ("00", "05"))
    assert charts.moment_tooltip([day])["timeUnit"] == "utcyearmonthdate"
    assert "timeUnit" not in charts.moment_tooltip([day, hour])
    assert charts.moment_tooltip([hour])["title"] == "when"
