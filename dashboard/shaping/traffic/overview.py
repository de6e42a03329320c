"""The overview's tiles, series and tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, Final, Literal

from dashboard.shaping import numbers
from dashboard.shaping.cells import Tone
from dashboard.shaping.conditions import write
from dashboard.shaping.windows import (
    BUCKET_NS,
    Interval,
    Window,
    floored,
    nanoseconds,
)

Row = Mapping[str, Any]
Better = Literal["less", "more", "neither"]

_EMPTY: Final = {
    "n_calls": 0,
    "n_errors": 0,
    "p50_ms": None,
    "p95_ms": None,
    "p99_ms": None,
    "input_tokens": 0,
    "output_tokens": 0,
    "cost_usd": None,
    "group": None,
}


@dataclass(frozen=True)
class Tile:
    """One number of the overview."""

    key: str
    """Which text of the catalogue names it."""
    value: str
    """The number with its unit."""
    change: str | None
    """Against the period before; None without a base."""
    tone: Tone
    """Whether the change is good or bad news; none where it is neither."""
    series: list[float]
    """The same number in each bucket, oldest first."""
    link: Mapping[str, str]
    """Parameters of the list of the traces that it comes from."""


def total(rows: Sequence[Row]) -> Row:
    """Return the one row of a total; zeros where nothing was called."""
    return rows[0] if rows else _EMPTY


def tiles(
    now: Row,
    before: Row,
    series: Sequence[Row],
    *,
    streams: tuple[Row, Row, Sequence[Row]],
) -> list[Tile]:
    """Return the overview's numbers against the period before.

    Args:
        now: The period's total.
        before: That of the period before.
        series: The period's buckets, oldest first.
        streams: The same three of times to the first token.
    """

    def tile(
        key: str,
        write: Any,
        read: Any,
        better: Better,
        link: Mapping[str, str],
        of: tuple[Row, Row, Sequence[Row]] = (now, before, series),
    ) -> Tile:
        newest, earlier, course = of
        values = [float(read(row) or 0) for row in course]
        change = numbers.change(read(newest), read(earlier))
        tone = _tone(change, better)
        return Tile(key, write(read(newest)), change, tone, values, link)

    def percentile(key: str) -> Tile:
        column = f"{key}_ms"
        slower = at_least("duration_ms", now[column], order="-duration_ms")
        return tile(key, numbers.duration, itemgetter(column), "less", slower)

    median = itemgetter("p50_ms")
    waited = at_least("span.time_to_first_token_ms", median(streams[0]))
    cost, used = {"order": "-cost_usd"}, {"order": "-total_tokens"}
    failed = {"status": "error"}
    return [
        tile("calls", numbers.compact, itemgetter("n_calls"), "neither", {}),
        tile("error_rate", numbers.percent, error_rate, "less", failed),
        *map(percentile, ("p50", "p95", "p99")),
        tile("first_token", numbers.duration, median, "less", waited, streams),
        tile("tokens", numbers.compact, tokens, "neither", used),
        tile("cost", numbers.money, itemgetter("cost_usd"), "less", cost),
    ]


def at_least(field: str, value: float | None, **also: str) -> dict[str, str]:
    """Return parameters of the list of traces with at least that much."""
    if value is None:
        return also
    return {"filter": write((field, ">=", float(f"{value:.4g}"))), **also}


def _tone(change: str | None, better: Better) -> Tone:
    if change in (None, numbers.STEADY) or better == "neither":
        return "none"
    is_less = str(change).startswith(numbers.MINUS)
    return "good" if is_less == (better == "less") else "bad"


def error_rate(row: Row) -> float | None:
    """Return the share of calls that failed; None without calls."""
    return row["n_errors"] / row["n_calls"] if row["n_calls"] else None


def tokens(row: Row) -> int:
    """Return input and output tokens together."""
    return (row["input_tokens"] or 0) + (row["output_tokens"] or 0)


def filled(
    rows: Sequence[Row], window: Window, *, interval: Interval, now: datetime
) -> list[Row]:
    """Return one row for each bucket of the window, oldest first, also empty ones."""
    step = BUCKET_NS[interval]
    by_bucket = {row["bucket_ns"]: row for row in rows}
    first = floored(nanoseconds(window.since), interval)
    last = nanoseconds(window.end(now))
    return [
        by_bucket.get(bucket) or {**_EMPTY, "bucket_ns": bucket}
        for bucket in range(first, last, step)
    ]


def points(rows: Iterable[Row], fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return long rows for a chart: one for each bucket and field.

    Args:
        rows: Rows with ``bucket_ns``.
        fields: Which fields, and the name of each in the legend.
    """
    return [
        {"at": moment(row["bucket_ns"]), "series": name, "value": row[field]}
        for row in rows
        for field, name in fields.items()
        if row[field] is not None
    ]


def calls(rows: Iterable[Row], *, ok: str, failed: str) -> list[dict[str, Any]]:
    """Return long rows of calls that went well and that failed."""
    split = [{**row, "n_ok": row["n_calls"] - row["n_errors"]} for row in rows]
    return points(split, {"n_ok": ok, "n_errors": failed})


def latencies(rows: Iterable[Row]) -> tuple[list[dict[str, Any]], str]:
    """Return long rows of the latency's percentiles, and their unit: ms, or s."""
    names = {"p50_ms": "p50", "p95_ms": "p95", "p99_ms": "p99"}
    found = [
        {
            "at": moment(row["bucket_ns"]),
            "series": name,
            "value": row[field] if row["n_calls"] else None,
        }
        for row in rows
        for field, name in names.items()
    ]
    return in_seconds(found)


def in_seconds(
    found: Sequence[dict[str, Any]],
) -> tuple[list[dict[str, Any]], str]:
    """Return milliseconds in the unit that reads best, and that unit: ms, or s."""
    if max((point["value"] or 0 for point in found), default=0) < 2000:
        return list(found), "ms"
    return [
        {**one, "value": None if one["value"] is None else one["value"] / 1000}
        for one in found
    ], "s"


def moment(ns: int) -> str:
    """Return a time as charts read it: ISO 8601 in UTC."""
    return datetime.fromtimestamp(ns / 1e9, UTC).isoformat().replace("+00:00", "Z")
