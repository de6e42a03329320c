"""Percentiles of how long calls took, with the intervals that their number allows."""

from collector.storage.reads.reader import Asked, Reader
from collector.storage.reads.scope import Scope
from collector.storage.reads.stats import Question, counted_spans, stats_parts

STEPS = 400
"""The engine answers quantiles at so many steps; between two lies a straight line."""

Z = 1.959964
"""Quantile of the normal distribution that 95 % intervals take."""


def ask_latency(reader: Reader, scope: Scope, question: Question) -> Asked:
    """Return the statement of rows of ``n`` and percentiles with their intervals.

    Calls are entry spans; by model, spans whose usage counts.
    """
    parameters, parts = stats_parts(reader, scope, question)
    calls = {"took": "spans.duration_ns", "counted": "spans.is_entry"}
    parts |= counted_spans(question) or calls
    parts["levels"] = ", ".join(f"{step / STEPS:.4f}" for step in range(STEPS + 1))
    columns = [*_columns("p50", 0.5), *_columns("p95", 0.95)]
    parts["columns"] = ",\n".join(f"    {column}" for column in columns)
    return Asked("stats_latency", parameters, parts)


def _columns(name: str, share: float) -> list[str]:
    reach = f"{Z} * sqrt({share * (1 - share):.6f} / n)"
    low, high = f"{share} - {reach}", f"{share} + {reach}"
    return [
        f"if(n = 0, NULL, {_at(str(share))}) AS {name}_ms",
        f"if(pow({1 - share:.4f}, n) > 0.025, NULL, {_at(low)}) AS {name}_low_ms",
        f"if(pow({share}, n) > 0.025, NULL, {_at(high)}) AS {name}_high_ms",
    ]


def _at(level: str) -> str:
    """Return the expression of a quantile at any level, in milliseconds."""
    place = f"(least(1, greatest(0, {level})) * {STEPS})"
    below = f"grid[toInt32(floor({place})) + 1]"
    above = f"grid[toInt32(least({STEPS}, floor({place}) + 1)) + 1]"
    return f"({below} + ({place} - floor({place})) * ({above} - {below})) / 1e6"
