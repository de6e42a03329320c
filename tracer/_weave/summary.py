"""A run's result in the shape of Weave's summary: plain dictionaries."""

from collections.abc import Iterable, Mapping
from math import fsum
from typing import Any

from tracer.evaluation._names import name_of
from tracer.evaluation.results import EvaluationResult
from tracer.evaluation.results import ResultRow as Row


def weave_summary(
    result: EvaluationResult, given: Iterable[Any] = ()
) -> dict[str, Any]:
    """Return Weave's summary of outputs, of every scorer, and of the latency.

    Args:
        result: A finished run.
        given: The scorers as a script gave them; one may summarize its scores itself.
    """
    own = {
        name_of(scorer, what="scorer"): scorer.summarize
        for scorer in given
        if callable(getattr(scorer, "summarize", None))
    }
    scorers = {name: None for row in result.rows for name in (*row.scores, *row.errors)}
    scorers.pop("model", None)
    answered = [row for row in result.rows if "model" not in row.errors]
    found = {"output": summarize(row.output for row in answered)}
    for name in scorers:
        scores = [row.scores.get(name) for row in result.rows]
        found[name] = own.get(name, summarize)(scores)
    found["model_latency"] = {"mean": _mean_latency_s(result.rows)}
    return {name: summary for name, summary in found.items() if summary is not None}


def summarize(values: Iterable[Any]) -> dict[str, Any] | None:
    """Return Weave's summary of a column: shares of true, means, by key of mappings.

    None stays out, as do texts and lists; None if nothing is left.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    if all(isinstance(value, bool) for value in known):
        true = sum(known)
        return {"true_count": true, "true_fraction": true / len(known)}
    numbers = [value for value in known if isinstance(value, int | float)]
    if numbers:
        return {"mean": fsum(numbers) / len(numbers)}
    mappings = [value for value in known if isinstance(value, Mapping)]
    keys = dict.fromkeys(key for value in mappings for key in value)
    by_key = {key: summarize(value.get(key) for value in mappings) for key in keys}
    return {key: part for key, part in by_key.items() if part is not None} or None


def _mean_latency_s(rows: Iterable[Row]) -> float:
    durations = [row.duration_ms for row in rows if row.duration_ms is not None]
    return fsum(durations) / len(durations) / 1e3 if durations else 0.0
