"""Courses over time: traffic's measures, gaps, what changed in the app, what it did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log
from typing import Any, Final, Literal

from dashboard.shaping import numbers
from dashboard.shaping.runs.evaluations import value
from dashboard.shaping.traffic.overview import moment, tokens
from dashboard.shaping.windows import BUCKET_NS, Window, earlier, floored, nanoseconds
from tracer.stats import change_points, wilson

Row = Mapping[str, Any]
Point = dict[str, Any]
Kind = Literal["bool", "number", "ms", "usd", "count"]

TRAFFIC: Final = {
    "error_rate": "bool",
    "p50": "ms",
    "p95": "ms",
    "first_token": "ms",
    "cost": "usd",
    "calls": "count",
    "tokens": "count",
}
"""What is drawn of traffic, and what kind of number each is."""

TOTALS: Final = frozenset({"cost", "calls", "tokens"})
"""Counted, not estimated: without calls they are 0, and they have no interval."""

WATCHED: Final = {
    "error_rate": "error_rate",
    "p95": "latency_p95_ms",
    "cost": "cost_usd",
    "calls": "calls",
}
"""What an alert can watch, and what rules call it."""

MOST_SERIES: Final = 8
MOST_MARKS: Final = 12
ALPHA: Final = 0.05
"""Most pages without a change on which anything is flagged."""


@dataclass(frozen=True)
class Flag:
    """A place where a course changed its level."""

    at: str
    """Begin of the first bucket of the new level."""
    series: str
    """Whose course."""
    before: float
    """The level before."""
    after: float
    """The level since."""
    p: float
    """How likely luck would look so."""


def write(kind: str, number: float | None) -> str:
    """Return a number of a kind, with its unit."""
    if kind == "ms":
        return numbers.duration(number)
    if kind == "usd":
        return numbers.money(number)
    return numbers.compact(number) if kind == "count" else value(kind, number)


def traffic(
    stats: Sequence[Row],
    latency: Sequence[Row],
    streams: Sequence[Row],
    *,
    nameless: str,
) -> dict[str, list[Point]]:
    """Return the points of each of `TRAFFIC`'s courses, oldest first.

    Args:
        stats: Numbers of calls by bucket and group.
        latency: Percentiles of latency with their ends, by the same.
        streams: The same of the time to the first token.
        nameless: What a group without a name is called.
    """
    charts: dict[str, list[Point]] = {name: [] for name in TRAFFIC}
    for row in stats:
        failed, n = row["n_errors"], row["n_calls"]
        rate = failed / n if n else None
        ends = wilson(rate, n) if rate is not None else None
        counted = {"cost": row["cost_usd"] or 0, "calls": n, "tokens": tokens(row)}
        _add(charts["error_rate"], row, n, rate, ends, nameless)
        for name, number in counted.items():
            _add(charts[name], row, n, float(number), None, nameless)
    for name, rows, share in (
        ("p50", latency, "p50"),
        ("p95", latency, "p95"),
        ("first_token", streams, "p50"),
    ):
        for row in rows:
            low, high = row[f"{share}_low_ms"], row[f"{share}_high_ms"]
            ends = None if low is None or high is None else (low, high)
            _add(charts[name], row, row["n"], row[f"{share}_ms"], ends, nameless)
    for name, points in charts.items():
        for point in points:
            point["type"] = TRAFFIC[name]
    return charts


def _add(
    points: list[Point],
    row: Row,
    n: int,
    mean: float | None,
    ends: tuple[float, float] | None,
    nameless: str,
) -> None:
    if mean is None or row["bucket_ns"] is None:
        return
    low, high = ends or (mean, mean)
    points.append(
        {
            "at": moment(row["bucket_ns"]),
            "bucket_ns": row["bucket_ns"],
            "series": row["group"] or nameless,
            "mean": mean,
            "low": low,
            "high": high,
            "known": ends is not None,
            "n": n,
        }
    )


def largest(points: Sequence[Point]) -> tuple[list[Point], int]:
    """Return the points of the series with most n, and how many series are left out.

    Series cannot be put together: a percentile of several has to be counted anew.
    """
    sizes: dict[str, int] = {}
    for point in points:
        sizes[point["series"]] = sizes.get(point["series"], 0) + point["n"]
    kept = sorted(sizes, key=lambda name: (-sizes[name], name))[:MOST_SERIES]
    shown = [point for point in points if point["series"] in kept]
    return shown, len(sizes) - len(kept)


def complete(
    points: Sequence[Point],
    window: Window,
    *,
    interval: str,
    now: datetime,
    is_total: bool = False,
) -> list[Point]:
    """Return points with a place for each bucket that lacks one, in each series.

    A total without calls is 0; anything else has a gap there. What began before the
    window or has not ended is ``partial``.
    """
    step = BUCKET_NS[interval]
    since_ns, end_ns = nanoseconds(window.since), nanoseconds(window.end(now))
    known = {(point["series"], point["bucket_ns"]): point for point in points}
    found: list[Point] = []
    for series in dict.fromkeys(point["series"] for point in points):
        own = [bucket for name, bucket in known if name == series]
        first, last = min(own), max(own)
        if is_total:
            last = floored(end_ns - 1, interval)
        for bucket in range(first, last + 1, step):
            point = known.get((series, bucket)) or _nothing(series, bucket, is_total)
            is_part = bucket < since_ns or bucket + step > end_ns
            kind = points[0]["type"]
            found.append(point | {"partial": is_part, "type": kind})
    return found


def _nothing(series: str, bucket_ns: int, is_total: bool) -> Point:
    level = 0.0 if is_total else None
    return {
        "at": moment(bucket_ns),
        "bucket_ns": bucket_ns,
        "series": series,
        "mean": level,
        "low": level,
        "high": level,
        "known": False,
        "n": 0,
    }


def flags(points: Sequence[Point], *, alpha: float, is_total: bool) -> list[Flag]:
    """Return where each series changed its level, oldest first.

    Args:
        points: As `complete` returns them; buckets that are not whole are left out.
        alpha: Most series without change that may be flagged.
        is_total: Whether each bucket says as much; else it says as much as its n.
    """
    found: list[Flag] = []
    by_series: dict[str, list[Point]] = {}
    for point in points:
        if point["mean"] is not None and not point["partial"]:
            by_series.setdefault(point["series"], []).append(point)
    for series, own in by_series.items():
        means = [point["mean"] for point in own]
        is_ratio = own[0]["type"] in ("ms", "usd", "count") and min(means) > 0
        levels = [log(mean) for mean in means] if is_ratio else means
        weights = None if is_total else [float(point["n"]) for point in own]
        changes = change_points(levels, weights, alpha=alpha)
        edges = [0, *(one.index for one in changes), len(own)]
        for number, change in enumerate(changes):
            before = _level(own[edges[number] : edges[number + 1]], is_total)
            after = _level(own[edges[number + 1] : edges[number + 2]], is_total)
            at = own[change.index]["at"]
            found.append(Flag(at, series, before, after, change.p))
    return sorted(found, key=lambda flag: (flag.at, flag.series))


def _level(points: Sequence[Point], is_total: bool) -> float:
    weights = [1 if is_total else point["n"] for point in points]
    pairs = zip(points, weights, strict=True)
    return float(sum(point["mean"] * w for point, w in pairs) / (sum(weights) or 1))


def marks(
    seen: Mapping[str, Iterable[Row]], window: Window, *, interval: str
) -> list[Point]:
    """Return when a model, a prompt or a release was seen first, oldest first.

    Args:
        seen: What it is called, and rows of ``value first_ns``, of the window and the
            time before it.
        window: The period.
        interval: Width of the chart's buckets; a mark stands at the begin of its own.
    """
    since_ns = nanoseconds(window.since)
    at: dict[int, list[str]] = {}
    for name, rows in seen.items():
        firsts = [(floored(row["first_ns"], interval), row["value"]) for row in rows]
        earliest = min((bucket for bucket, _ in firsts), default=0)
        for bucket, shown in sorted(firsts):
            if bucket > earliest and bucket >= floored(since_ns, interval):
                at.setdefault(bucket, []).append(f"{name} {shown}")
    newest = sorted(at.items())[-MOST_MARKS:]
    return [
        {"at": moment(bucket), "label": " · ".join(labels)} for bucket, labels in newest
    ]


def within(marks: Sequence[Point], points: Sequence[Point]) -> list[Point]:
    """Return the marks that lie where a course does: its axis does not grow by them."""
    moments = [point["at"] for point in points]
    first, last = min(moments), max(moments)
    return [mark for mark in marks if first <= mark["at"] <= last]


def aligned(window: Window, *, interval: str) -> Window:
    """Return the period from the begin of its first bucket on: no half ones."""
    since_ns = floored(nanoseconds(window.since), interval)
    return Window(datetime.fromtimestamp(since_ns / 1e9, UTC), window.until)


def before(window: Window, now: datetime) -> Window:
    """Return the window with as much time before it: to tell what is new in it."""
    length = max(window.end(now) - window.since, timedelta(days=1))
    return Window(earlier(window.since, length), window.until)


def n_buckets(points: Iterable[Row]) -> int:
    """Return how many buckets lie between the first and the last, empty ones too."""
    moments = sorted({datetime.fromisoformat(str(point["at"])) for point in points})
    steps = [later - one for one, later in zip(moments, moments[1:], strict=False)]
    return round((moments[-1] - moments[0]) / min(steps)) + 1 if steps else 1
