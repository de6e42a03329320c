"""Scores over time, each with its interval and its n."""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.traffic.courses import write
from dashboard.shaping.traffic.overview import moment
from tracer.stats import Scale, interval_from_cluster_sums, scale_of

Row = Mapping[str, Any]
_SUMS = (
    "n",
    "n_clusters",
    "sum",
    "sum_squares",
    "cluster_sum_squares",
    "cluster_sum_counts",
    "cluster_count_squares",
)


def points(rows: Iterable[Row], *, nameless: str) -> dict[str, list[dict[str, Any]]]:
    """Return the points of each score's chart, by score name, oldest first.

    A point without an interval (too few examples) has its mean as both ends; one whose
    sums are too large for a number has no mean.
    """
    charts: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(
        rows, key=lambda row: (row["name"], row["group"] or "", row["bucket_ns"])
    ):
        if row["type"] == "label" or not row["n"]:
            continue
        mean, low, high = _interval(row)
        charts.setdefault(row["name"], []).append(
            {
                "at": moment(row["bucket_ns"]),
                "bucket_ns": row["bucket_ns"],
                "series": row["group"] or nameless,
                "type": "bool" if _is_share(row["type"], mean) else "number",
                "mean": mean,
                "low": mean if low is None else low,
                "high": mean if high is None else high,
                "known": low is not None,
                "n": row["n"],
                "n_clusters": row["n_clusters"],
            }
        )
    return charts


def axis(points: Iterable[Row]) -> tuple[float, float] | None:
    """Return the ends of the axis of means of numbers, None to leave them to the chart.

    All means are on it, and intervals as far as they do not press the means flat: two
    examples can have an interval fifty times as wide as anything else there is.
    """
    known = [point for point in points if point["mean"] is not None]
    if not known:
        return None
    means = [point["mean"] for point in known]
    usual = median((point["high"] - point["low"]) / 2 for point in known)
    beyond = max(max(means) - min(means), 3 * usual)
    low = max(min(point["low"] for point in known), min(means) - beyond)
    high = min(max(point["high"] for point in known), max(means) + beyond)
    return (low, high) if low < high else None


def table_columns(texts: Mapping[str, str], *, clusters: bool = True) -> list[Column]:
    """Return the columns of a course's points; only scores come in clusters."""
    numbers_of = ("mean", "interval", "n", *(("clusters",) if clusters else ()))
    return [
        Column("day", texts["day"], "max-content"),
        Column("series", texts["series"], "minmax(80px, 1fr)"),
        *(Column(name, texts[name], "max-content", end=True) for name in numbers_of),
    ]


def table_rows(points: Iterable[Row]) -> list[dict[str, Any]]:
    """Return a score's points as rows, newest first."""
    there = (point for point in points if point["n"] or point["mean"] is not None)
    newest = sorted(there, key=lambda point: (-point["bucket_ns"], point["series"]))
    return [
        cells.row(
            f"{point['bucket_ns']}:{point['series']}",
            day=point["at"][:16].replace("T", " "),
            series=cells.words(point["series"]),
            mean=write(point["type"], point["mean"]),
            interval=cells.words(_ends(point), soft=True),
            n=numbers.count(point["n"]),
            clusters=numbers.count(point["n_clusters"])
            if "n_clusters" in point
            else None,
        )
        for point in newest
    ]


def _interval(row: Row) -> tuple[float | None, float | None, float | None]:
    return interval_from_cluster_sums(
        **{name: row[name] for name in _SUMS},
        type=row["type"],
        scale=row_scale(row),
    )


def row_scale(row: Row) -> Scale | None:
    """Return the scale that a row of a trend is on, as far as anybody says."""
    return scale_of(row["name"], row.get("scale_low"), row.get("scale_high"))


def _is_share(kind: str, mean: float | None) -> bool:
    """Return whether a mean is one of yes/no; the name may stand for numbers too."""
    return kind == "bool" and (mean is None or 0 <= mean <= 1)


def _ends(point: Row) -> str:
    if not point["known"]:
        return numbers.NOTHING
    return (
        f"{write(point['type'], point['low'])} – {write(point['type'], point['high'])}"
    )
