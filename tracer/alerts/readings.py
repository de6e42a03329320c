"""What a rule's window holds, asked of the collector; also window by window."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracer._client.rows import Rows
from tracer.alerts.rules import SECOND_NS, WINDOWS, Reading, Rule
from tracer.errors import MissingExtraError
from tracer.stats import ClusterSums, Scale, mean_change, scale_of

_SUMS = (
    *("n", "n_clusters", "sum", "sum_squares", "cluster_sum_squares"),
    *("cluster_sum_counts", "cluster_count_squares"),
)

WINDOWS_AT_ONCE = 10_000
"""Windows in one read: the collector gives 10,000 rows, and a window has one."""


def read_rule(client: Any, rule: Rule, *, now_ns: int) -> Reading:
    """Return what the window that ends now holds, with what it is measured against."""
    newest = _total(client, rule, now_ns)
    if rule.test != "change":
        return reading_of(rule, newest)
    then_ns = now_ns - rule.lag_s * SECOND_NS
    return reading_of(rule, newest, _total(client, rule, then_ns))


def read_windows(
    client: Any, rule: Rule, *, since_ns: int, until_ns: int
) -> dict[int, Reading]:
    """Return the readings of whole windows, by the moment at which each ended.

    Windows are those of the calendar (UTC): quarters, hours, days, weeks from Monday.
    """
    length_ns = rule.window_s * SECOND_NS
    lag = rule.lag_s // rule.window_s
    first_ns = _floored(since_ns, length_ns)
    begin_ns = first_ns - lag * length_ns if rule.test == "change" else first_ns
    by_begin: dict[int, Mapping[str, Any]] = {}
    for part_ns in range(begin_ns, until_ns, WINDOWS_AT_ONCE * length_ns):
        end_ns = min(part_ns + WINDOWS_AT_ONCE * length_ns, until_ns)
        rows = _rows(
            client,
            rule,
            end_ns,
            interval=WINDOWS[rule.window_s],
            length_ns=end_ns - part_ns,
        )
        by_begin |= {int(row["bucket_ns"]): row for row in rows}
    found = {}
    for begin in range(first_ns, until_ns - length_ns + 1, length_ns):
        before = by_begin.get(begin - lag * length_ns)
        found[begin + length_ns] = reading_of(rule, by_begin.get(begin), before)
    return found


def reading_of(
    rule: Rule, row: Mapping[str, Any] | None, before: Mapping[str, Any] | None = None
) -> Reading:
    """Return the reading of one row, None for a window without calls or scores."""
    value, n = _measured(rule, row)
    if rule.test != "change":
        return Reading(value, n)
    baseline, baseline_n = _measured(rule, before)
    shown = _is_shown(rule, row, before) if row and before else None
    return Reading(value, n, baseline, baseline_n, shown)


def _total(client: Any, rule: Rule, until_ns: int) -> Mapping[str, Any] | None:
    """Return the one row of a window, None where it holds nothing."""
    return next(iter(_rows(client, rule, until_ns, interval="total")), None)


def _rows(
    client: Any,
    rule: Rule,
    until_ns: int,
    *,
    interval: str,
    length_ns: int | None = None,
) -> Sequence[Mapping[str, Any]]:
    since_ns = until_ns - (length_ns or rule.window_s * SECOND_NS)
    asked: dict[str, Any] = {
        "project": rule.project,
        "since": max(0, since_ns),
        "until": until_ns,
        "where": [list(one) for one in rule.where],
        "interval": interval,
    }
    if rule.measure == "score":
        rows: Rows = client.score_trend(rule.score, origin="production", **asked)
        return [row for row in rows if row["n"] and row["type"] != "label"]
    return list(client.stats(**asked))


def _measured(rule: Rule, row: Mapping[str, Any] | None) -> tuple[float | None, int]:
    """Return the measure of a row and the number it comes from."""
    if rule.measure == "score":
        if row is None or row["sum"] is None:
            return None, 0
        return row["sum"] / row["n"], int(row["n"])
    n = int(row["n_calls"]) if row else 0
    if rule.measure == "calls":
        return float(n), n
    if row is None or not n:
        return None, 0
    value = {
        "error_rate": row["n_errors"] / n,
        "latency_p95_ms": row["p95_ms"],
        "cost_usd": row["cost_usd"] or 0.0,
    }[rule.measure]
    return value, n


def _is_shown(
    rule: Rule, row: Mapping[str, Any], before: Mapping[str, Any]
) -> bool | None:
    """Return whether a mean or a share differs by more than luck; None: no telling."""
    if rule.measure not in ("score", "error_rate"):
        return None
    type = row["type"] if rule.measure == "score" else "bool"
    sums = [_sums(rule, one) for one in (before, row)]
    if None in sums:
        return None
    try:
        found = mean_change(*sums, type=type, scale=_scale(rule, row))  # type: ignore[arg-type]
    except MissingExtraError:
        return None
    if found is None or found[1] is None:
        return None
    low, high = found[1]
    return low > 0 or high < 0


def _scale(rule: Rule, row: Mapping[str, Any]) -> Scale | None:
    if rule.measure != "score":
        return None
    return scale_of(rule.score or "", row.get("scale_low"), row.get("scale_high"))


def _sums(rule: Rule, row: Mapping[str, Any]) -> ClusterSums | None:
    if rule.measure == "score":
        if any(row[name] is None for name in _SUMS):
            return None
        return ClusterSums(**{name: row[name] for name in _SUMS})
    n, failed = float(row["n_calls"]), float(row["n_errors"])
    return ClusterSums(n, int(n), failed, failed, failed, failed, n)


def _floored(moment_ns: int, length_ns: int) -> int:
    """Return the begin of the window that holds a moment; weeks begin on Mondays."""
    monday_ns = 4 * 86_400 * SECOND_NS  # 1970 began on a Thursday
    offset = monday_ns if length_ns == 604_800 * SECOND_NS else 0
    return (moment_ns - offset) // length_ns * length_ns + offset
