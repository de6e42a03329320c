"""The overview's tiles, series and tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column, Tone
from dashboard.shaping.previews import one_line, preview
from dashboard.shaping.windows import Interval, Window

Row = Mapping[str, Any]
Better = Literal["less", "neither"]

BUCKET_NS: Final = {"minute": 60 * 10**9, "hour": 3600 * 10**9, "day": 86_400 * 10**9}
_ADDED: Final = ("n_calls", "n_errors", "input_tokens", "output_tokens", "cost_usd")
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


def total(rows: Sequence[Row]) -> Row:
    """Return the one row of a total; zeros where nothing was called."""
    return rows[0] if rows else _EMPTY


def tiles(now: Row, before: Row, series: Sequence[Row]) -> list[Tile]:
    """Return the overview's numbers against the period before."""

    def tile(key: str, write: Any, read: Any, better: Better) -> Tile:
        values = [float(read(row) or 0) for row in series]
        change = numbers.change(read(now), read(before))
        return Tile(key, write(read(now)), change, _tone(change, better), values)

    return [
        tile("calls", numbers.compact, lambda row: row["n_calls"], "neither"),
        tile("error_rate", numbers.percent, error_rate, "less"),
        tile("p50", numbers.duration, lambda row: row["p50_ms"], "less"),
        tile("p95", numbers.duration, lambda row: row["p95_ms"], "less"),
        tile("p99", numbers.duration, lambda row: row["p99_ms"], "less"),
        tile("tokens", numbers.compact, tokens, "neither"),
        tile("cost", numbers.money, lambda row: row["cost_usd"], "less"),
    ]


def _tone(change: str | None, better: Better) -> Tone:
    if change in (None, numbers.STEADY) or better == "neither":
        return "none"
    return "good" if str(change).startswith("-") else "bad"


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
    first = _nanoseconds(window.since) // step * step
    last = _nanoseconds(window.end(now))
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
    called = [row for row in rows if row["n_calls"]]
    found = points(called, {"p50_ms": "p50", "p95_ms": "p95"})
    if max((point["value"] for point in found), default=0) < 2000:
        return found, "ms"
    return [{**point, "value": point["value"] / 1000} for point in found], "s"


def costs(rows: Sequence[Row], *, other: str, most: int = 6) -> list[dict[str, Any]]:
    """Return long rows of cost by model; the cheaper ones as one series ``other``."""
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["group"] or other] = sums.get(row["group"] or other, 0.0) + (
            row["cost_usd"] or 0.0
        )
    named = set(sorted(sums, key=lambda name: -sums[name])[:most])
    return [
        {
            "at": moment(row["bucket_ns"]),
            "series": row["group"] if row["group"] in named else other,
            "value": row["cost_usd"],
        }
        for row in rows
        if row["cost_usd"]
    ]


def group_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of a table of groups."""
    numbers_of = ("errors", "p95", "tokens", "cost")
    return [
        Column("group", texts["group"], "minmax(90px, 1fr)"),
        Column("calls", texts["calls"], "104px"),
        *(Column(name, texts[name], "max-content", end=True) for name in numbers_of),
    ]


def group_rows(rows: Iterable[Row], *, nameless: str) -> list[dict[str, Any]]:
    """Return a table of groups, most called first."""
    rows = sorted(rows, key=lambda row: -row["n_calls"])
    most = max((row["n_calls"] for row in rows), default=0)
    return [
        cells.row(
            row["group"] or nameless,
            group=cells.words(row["group"] or nameless, soft=not row["group"]),
            calls=cells.bar(
                row["n_calls"], most=most, text=numbers.compact(row["n_calls"])
            ),
            errors=cells.words(
                numbers.percent(error_rate(row)),
                tone="bad" if row["n_errors"] else None,
            ),
            p95=numbers.duration(row["p95_ms"]),
            tokens=numbers.compact(tokens(row) or None),
            cost=numbers.money(row["cost_usd"]),
        )
        for row in rows
    ]


def error_rows(traces: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the newest failed traces, why each failed first."""
    return [
        cells.row(
            trace["trace_id"],
            start=cells.time(trace["start_ns"]),
            name=cells.words(trace["name"]),
            message=cells.words(
                one_line(trace["status_message"] or trace["input_preview"]), tone="bad"
            ),
        )
        for trace in traces
    ]


def slow_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the slowest traces."""
    return [
        Column("start", texts["start"], "max-content"),
        Column("input", texts["input"], "minmax(100px, 1fr)"),
        Column("duration", texts["duration"], "minmax(120px, 0.6fr)"),
    ]


def slow_rows(traces: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the slowest traces, the slowest first."""
    most = max((trace["duration_ms"] or 0 for trace in traces), default=0)
    return [
        cells.row(
            trace["trace_id"],
            start=cells.time(trace["start_ns"]),
            input=cells.words(
                preview(trace["input_preview"]) or trace["name"],
                title=trace["input_preview"],
            ),
            duration=cells.bar(
                trace["duration_ms"],
                most=most,
                text=numbers.duration(trace["duration_ms"]),
            ),
        )
        for trace in traces
    ]


def moment(ns: int) -> str:
    """Return a time as charts read it: ISO 8601 in UTC."""
    return datetime.fromtimestamp(ns / 1e9, UTC).isoformat().replace("+00:00", "Z")


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp()) * 10**9
