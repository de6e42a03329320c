"""What lists answer with: rows, and where the next page begins."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from tracer._extras import require

if TYPE_CHECKING:
    import pandas
    import pyarrow

TIMES = frozenset({"start", "last", "first", "at", "bucket"})
"""Columns that hold a moment: ISO 8601 on the wire, aware datetimes in rows."""

MEASURES = frozenset(
    {
        *("value", "cost_usd", "judge_cost_usd", "duration_ms"),
        *("time_to_first_token_ms",),
        *("p50_ms", "p95_ms", "p99_ms", "latency_p50_ms", "latency_p95_ms"),
        *("sum", "sum_squares", "cluster_sum_squares", "cluster_sum_counts"),
    }
)
"""Columns that hold a real number: JSON does not tell 1.0 from 1."""


class Rows(list[dict[str, Any]]):
    """Rows of one list, newest first unless asked otherwise; a plain list of dicts."""

    next: str | None
    """Cursor of the page after the last row; None at the end."""

    truncated: bool
    """Whether there are more rows, which no further page brings."""

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]] = (),
        *,
        next: str | None = None,
        truncated: bool = False,
    ) -> None:
        super().__init__(dict(row) for row in rows)
        self.next = next
        self.truncated = truncated

    def to_pandas(self, *, flat: bool = False) -> "pandas.DataFrame":
        """Return the rows as a DataFrame; objects and lists stay Python values.

        Args:
            flat: Whether an object becomes a column for each of its keys:
                ``input.question``; of predictions ``scores.NAME`` is the score's value,
                or its label, and of traces and sessions its mean.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        pandas = require("pandas", extra="dashboard", purpose="Rows.to_pandas()")
        return pandas.DataFrame([_columns(row) for row in self] if flat else list(self))

    def to_arrow(self) -> "pyarrow.Table":
        """Return the rows as an Arrow table; objects become JSON text.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        arrow = require("pyarrow", extra="dashboard", purpose="Rows.to_arrow()")
        return arrow.Table.from_pylist([_flat(row) for row in self])


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row whose objects are columns, one for each key."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if not isinstance(value, Mapping):
            found[name] = value
            continue
        for key, inner in value.items():
            found[f"{name}.{key}"] = _score(inner) if name == "scores" else inner
    return found


def _score(score: Any) -> Any:
    """Return what a score says; yes and no are numbers on the wire."""
    if not isinstance(score, Mapping):
        return score
    value = score["mean"] if "mean" in score else score.get("value")
    if value is None:
        return score.get("label")
    is_answer = score.get("type") == "bool" and "mean" not in score
    return bool(value) if is_answer else value


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: orjson.dumps(value).decode() if isinstance(value, Mapping) else value
        for key, value in row.items()
    }


def typed(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with moments as aware UTC datetimes and measures as floats."""
    for name in TIMES & row.keys():
        if isinstance(row[name], str):
            row[name] = datetime.fromisoformat(row[name])
    for name in MEASURES & row.keys():
        if type(row[name]) is int:
            row[name] = float(row[name])
    return row
