"""Scores of a period against the one before, as tiles."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.shaping import numbers
from dashboard.shaping.cells import Tone
from dashboard.shaping.conditions import write
from dashboard.shaping.runs.evaluations import value
from dashboard.shaping.traffic.trends import row_scale
from tracer.stats import ClusterSums, Interval, mean_change, mean_interval

Row = Mapping[str, Any]
_WORD = re.compile(r"[\w.\-]+")
_SUMS = (
    *("n", "n_clusters", "sum", "sum_squares", "cluster_sum_squares"),
    *("cluster_sum_counts", "cluster_count_squares"),
)


@dataclass(frozen=True)
class ScoreTile:
    """One score of the period."""

    name: str
    """The score's."""
    value: str
    """Its mean."""
    interval: str
    """The 95 % interval of the mean."""
    n: int
    """How many scores it is of."""
    change: str | None
    """The difference from the period before with its interval; None without a base."""
    tone: Tone
    """``info`` where luck is ruled out, else ``none``: which way is good is unknown."""
    link: Mapping[str, str] | None
    """Parameters of the list of traces that have the score; None where its name is none
    that a filter can hold."""


def tiles(now: Iterable[Row], before: Sequence[Row], *, points: str) -> list[ScoreTile]:
    """Return a tile for each score with a mean, the most scored first.

    Args:
        now: The period's sums by score.
        before: Those of the period before.
        points: What percentage points are called.
    """
    earlier = {row["name"]: row for row in before}
    rows = [row for row in now if row["type"] != "label" and _is_whole(row)]
    rows.sort(key=lambda row: (-row["n"], row["name"]))
    return [_tile(row, earlier.get(row["name"]), points) for row in rows]


def _tile(row: Row, before: Row | None, points: str) -> ScoreTile:
    sums = _sums(row)
    is_share = row["type"] == "bool" and 0 <= (sums.mean or 0) <= 1
    kind = "bool" if is_share else "number"
    ends = mean_interval(sums, type=row["type"], scale=row_scale(row))
    interval = " – ".join(value(kind, end) for end in ends) if ends else numbers.NOTHING
    change: str | None = None
    tone: Tone = "none"
    if before is not None and _is_whole(before):
        found = mean_change(_sums(before), sums, type=kind, scale=row_scale(row))
        change, tone = _change(found, kind, points)
    name, shown = row["name"], value(kind, sums.mean)
    is_word = _WORD.fullmatch(name) is not None
    link = {"filter": write((f"score.{name}", "exists", None))} if is_word else None
    return ScoreTile(name, shown, interval, row["n"], change, tone, link)


def _change(
    found: tuple[float, Interval | None] | None, kind: str, points: str
) -> tuple[str | None, Tone]:
    if found is None:
        return None, "none"
    difference, ends = found

    def written(number: float) -> str:
        is_share = kind == "bool"
        return numbers.points(number, points) if is_share else numbers.signed(number)

    if ends is None:
        return written(difference), "none"
    low, high = (written(end).removesuffix(f" {points}") for end in ends)
    tone: Tone = "info" if ends[0] > 0 or ends[1] < 0 else "none"
    return f"{written(difference)} [{low}, {high}]", tone


def _sums(row: Row) -> ClusterSums:
    return ClusterSums(**{name: row[name] for name in _SUMS})


def _is_whole(row: Row) -> bool:
    """Return whether there are values, and no sum too large for a number."""
    return bool(row["n"]) and all(row[name] is not None for name in _SUMS)
