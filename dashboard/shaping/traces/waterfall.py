"""The steps of a trace as columns, from which the tree with its bars is drawn."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import numbers

Row = Mapping[str, Any]

HEIGHT_PX: Final = 336
MOST_OF_A_MESSAGE: Final = 200
SPEAKING_KINDS: Final = frozenset({"llm", "agent"})


def waterfall(trace_id: str, spans: Sequence[Row]) -> dict[str, Any]:
    """Return the tree of a trace as the component draws it, in the order given.

    One list a fact, a step at the same place in each: of ten thousand steps an object
    each would be several megabytes. A span whose parent is not among them stands at the
    top.

    Args:
        trace_id: Which trace.
        spans: Its steps, parents first.
    """
    places = {span["span_id"]: at for at, span in enumerate(spans)}
    first = min((span["start_ns"] for span in spans), default=0)
    offsets = [(span["start_ns"] - first) / 1e6 for span in spans]
    ends = [
        offset + (span["duration_ms"] or 0)
        for offset, span in zip(offsets, spans, strict=True)
    ]
    parents = [_parent(span, at, places) for at, span in enumerate(spans)]
    return {
        "trace": trace_id,
        "ids": [span["span_id"] for span in spans],
        "parents": parents,
        "names": [span["name"] for span in spans],
        "kinds": [span["kind"] for span in spans],
        "models": [_model(span) for span in spans],
        "offsets": [round(offset, 3) for offset in offsets],
        "durations": [_rounded(span["duration_ms"]) for span in spans],
        "firsts": [_rounded(span["time_to_first_token_ms"]) for span in spans],
        "errors": _errors(spans),
        "tokens": _figures(spans, parents, _tokens, numbers.compact),
        "costs": _figures(spans, parents, _cost, numbers.money),
        "total_ms": max(ends, default=0) or 1,
        "height": HEIGHT_PX,
    }


def _parent(span: Row, at: int, places: Mapping[str, int]) -> int:
    """Return the parent's place; -1 if it is not there, or within a circle of them."""
    parent = places.get(span["parent_span_id"] or "", -1)
    return parent if parent < at else -1


def _model(span: Row) -> str:
    """Return the model of a step whose name does not say it."""
    model = span["model"] or ""
    return "" if model in span["name"] else str(model)


def _rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 3)


def _errors(spans: Sequence[Row]) -> dict[str, str]:
    """Return place to message of the steps that failed."""
    return {
        str(at): (span["status_message"] or "")[:MOST_OF_A_MESSAGE]
        for at, span in enumerate(spans)
        if span["status"] == "error"
    }


def _tokens(span: Row) -> float | None:
    known = [span["input_tokens"], span["output_tokens"]]
    return sum(count or 0 for count in known) or None


def _cost(span: Row) -> float | None:
    cost: float | None = span["cost_usd"]
    return cost or None


def _figures(
    spans: Sequence[Row],
    parents: Sequence[int],
    own: Callable[[Row], float | None],
    written: Callable[[float | None], str],
) -> list[str]:
    """Return a figure of each step: its own, else the sum of what is below it (Σ).

    A sum takes each usage once: parents that repeat their children's are left out.
    """
    sums: list[float] = [0.0] * len(spans)
    for at in range(len(spans) - 1, -1, -1):
        if spans[at]["usage_counts"]:
            sums[at] += own(spans[at]) or 0.0
        if parents[at] >= 0:
            sums[parents[at]] += sums[at]
    shown = []
    for span, total in zip(spans, sums, strict=True):
        value = own(span)
        if value:
            shown.append(written(value))
        else:
            shown.append(f"Σ {written(total)}" if total else "")
    return shown


def first_choice(spans: Sequence[Row], wanted: str | None) -> str | None:
    """Return the span to show first: the one asked for, else the deepest failure.

    None where neither is there: then it is the first that says anything.
    """
    if any(span["span_id"] == wanted for span in spans):
        return str(wanted)
    failed = [span for span in spans if span["status"] == "error"]
    if not failed:
        return None
    return str(max(failed, key=lambda span: span["depth"])["span_id"])


def first_speaking(spans: Sequence[Row], saying: str | None) -> str:
    """Return the span that is shown of a trace whose entry span says nothing.

    Args:
        spans: Its steps, parents first.
        saying: The first span with an input or output of its own, None if none has.
            Of a model's calls log records may have it.
    """
    if any(span["span_id"] == saying for span in spans):
        return str(saying)
    calls = (span for span in spans if span["kind"] in SPEAKING_KINDS)
    return str(next(calls, spans[0])["span_id"])
