"""The row of one trace, made of spans and scores that are read already.

Lists let the engine do this (``traces.sql``); for one trace, planning that statement
alone took longer than reading its spans.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from collector.storage.reads.reader import Row
from collector.storage.reads.shaping import total_of, trace_row

ONLY_OF_SPANS = frozenset(
    {
        *("input", "output", "expected", "attributes", "attribute_types", "resource"),
        *("events", "links", "is_entry", "usage_counts", "sender_cost_usd"),
        *("cache_read_tokens", "cost_source"),
    }
)
USAGE = ("input_tokens", "output_tokens", "cost_usd")
"""What calls use, as far as it is known."""

OF_SOME_SPAN = ("user_id", "session_id", "tags", "input_preview")
"""What the first span with it lends to an entry span without; metadata, too, and the
output to one that did not fail."""


def row_of_trace(spans: Sequence[Row], scores: Sequence[Row]) -> Row:
    """Return the trace row of all spans of a trace and the newest of its scores."""
    entry = min(spans, key=_entry_rank)
    used = [span for span in spans if span["usage_counts"]]
    by_start = sorted(spans, key=itemgetter("start_ns"))
    row = {name: entry[name] for name in entry.keys() - ONLY_OF_SPANS}
    row |= {name: _first(by_start, entry, name) for name in OF_SOME_SPAN}
    if entry["status"] != "error":
        row["output_preview"] = _first(by_start, entry, "output_preview")
    with_metadata = next((s for s in [entry, *by_start] if s["metadata"]), entry)
    row |= {name: with_metadata[name] for name in ("metadata", "metadata_types")}
    return trace_row(
        row
        | {
            "n_spans": len(spans),
            "n_errors": sum(span["status"] == "error" for span in spans),
            "models": list({span["model"] for span in spans} - {None}),
            **{f"{name}_total": _sum(span[name] for span in used) for name in USAGE},
            "scores": _summaries(scores),
        }
    )


def judge_usage(spans: Sequence[Row]) -> Row:
    """Return what judges used of a trace's totals: evaluators and all below them.

    Args:
        spans: All spans of the trace, parents first.
    """
    judging: set[str] = set()
    for span in spans:
        if span["kind"] == "evaluator" or span["parent_span_id"] in judging:
            judging.add(span["span_id"])
    used = [s for s in spans if s["usage_counts"] and s["span_id"] in judging]
    return {name: _sum(span[name] for span in used) for name in USAGE}


def _first(by_start: Sequence[Row], entry: Row, name: str) -> Any:
    """Return what the entry span has, else the first span that has it."""
    return next((s[name] for s in [entry, *by_start] if s[name]), entry[name])


def _entry_rank(span: Row) -> tuple[Any, ...]:
    """Sort first the span without parent, then a remote parent's, then the earliest."""
    has_parent = span["parent_span_id"] is not None
    return has_parent, not span["is_entry"], span["start_ns"], span["span_id"]


def _sum(values: Iterable[float | None]) -> float | None:
    return total_of([value for value in values if value is not None])


def _summaries(scores: Sequence[Row]) -> dict[str, Row]:
    by_name = defaultdict(list)
    for score in scores:
        by_name[score["name"]].append(score)
    found = {}
    for name, named in by_name.items():
        values = [score["value"] for score in named if score["value"] is not None]
        labels = [score["label"] for score in named if score["label"] is not None]
        last = max(named, key=itemgetter("at_ns"))
        found[name] = {
            "mean": math.fsum(values) / len(values) if values else None,
            "n": len(values or labels),
            "label": last["label"],
            "type": last["type"],
        }
    return found
