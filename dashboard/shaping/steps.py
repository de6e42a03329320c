"""One trace: what it was, its steps as a tree in time, and what each step said."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell
from dashboard.shaping.messages import conversation, value_message
from dashboard.shaping.traces import score_chips
from tracer import semconv

Row = Mapping[str, Any]


def waterfall(
    trace_id: str, spans: Sequence[Row], *, count: str, labels: Mapping[str, str]
) -> dict[str, Any]:
    """Return the tree of a trace as the component draws it, in the order given.

    A span whose parent is not among them stands at the top.
    """
    ids = {span["span_id"] for span in spans}
    first = min((span["start_ns"] for span in spans), default=0)
    steps = [_step(span, ids=ids, first_ns=first) for span in spans]
    total = max((step["offset_ms"] + (step["ms"] or 0) for step in steps), default=0)
    return {
        "trace": trace_id,
        "spans": steps,
        "total_ms": total or 1,
        "height": 308,
        "labels": {**labels, "count": count},
    }


def _step(span: Row, *, ids: set[str], first_ns: int) -> dict[str, Any]:
    parent = span["parent_span_id"] or ""
    tokens = (span["input_tokens"] or 0) + (span["output_tokens"] or 0)
    model = None if span["model"] and span["model"] in span["name"] else span["model"]
    detail = [model, f"{numbers.compact(tokens)} tok" if tokens else None]
    return {
        "id": span["span_id"],
        "parent": parent if parent in ids and parent != span["span_id"] else "",
        "name": span["name"],
        "kind": span["kind"],
        "error": span["status"] == "error",
        "detail": " · ".join(part for part in detail if part),
        "offset_ms": (span["start_ns"] - first_ns) / 1e6,
        "ms": span["duration_ms"],
    }


def first_choice(spans: Sequence[Row], wanted: str | None) -> str:
    """Return the span to show first: the one asked for, else the deepest failure."""
    if any(span["span_id"] == wanted for span in spans):
        return str(wanted)
    failed = [span for span in spans if span["status"] == "error"]
    deepest = max(failed, key=lambda span: span["depth"], default=spans[0])
    return str(deepest["span_id"])


def facts(trace: Row, texts: Mapping[str, str]) -> list[tuple[str, Cell]]:
    """Return what is known of a whole trace; unknown things left out."""
    pairs: list[tuple[str, Cell]] = [
        (texts["start"], cells.time(trace["start_ns"])),
        (texts["duration"], numbers.duration(trace["duration_ms"])),
        (texts["spans"], numbers.count(trace["n_spans"])),
        (texts["tokens"], tokens(trace)),
        (
            texts["cost"],
            numbers.money(trace["cost_usd"]) if trace["cost_usd"] else None,
        ),
        (texts["models"], cells.words(", ".join(trace["models"] or []))),
        (texts["user"], cells.words(trace["user_id"])),
        (texts["session"], cells.words(trace["session_id"])),
        (texts["environment"], cells.words(trace["environment"])),
        (texts["release"], cells.words(trace["release"])),
        (texts["tags"], cells.chips(trace["tags"] or [])),
        (texts["scores"], score_chips(trace["scores"] or {})),
    ]
    pairs += [
        (key, cells.words(_short(value)))
        for key, value in (trace["metadata"] or {}).items()
    ]
    return [(label, value) for label, value in pairs if value is not None]


def tokens(row: Row) -> str | None:
    """Return input and output tokens (``1.2k → 85``), None where none were counted."""
    given, made = row["input_tokens"], row["output_tokens"]
    if not given and not made:
        return None
    return f"{numbers.compact(given)} → {numbers.compact(made)}"


def span_facts(span: Row, texts: Mapping[str, str]) -> list[tuple[str, Cell]]:
    """Return what is known of one step; unknown things left out."""
    first_token = span["time_to_first_token_ms"]
    pairs: list[tuple[str, Cell]] = [
        (texts["duration"], numbers.duration(span["duration_ms"])),
        (texts["model"], cells.words(span["model"])),
        (texts["tokens"], tokens(span)),
        (texts["cost"], numbers.money(span["cost_usd"]) if span["cost_usd"] else None),
        (texts["first_token"], numbers.duration(first_token) if first_token else None),
        (texts["prompt"], cells.words(_prompt(span))),
        (texts["error_type"], cells.words(span["error_type"], tone="bad")),
    ]
    return [(label, value) for label, value in pairs if value is not None]


def span_badges(span: Row, statuses: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a step's kind and status as badges of a heading."""
    return [
        {"text": span["kind"], "kind": span["kind"], "dot": True},
        cells.status_badge(span["status"], statuses),
    ]


def content(span: Row, roles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what a step was given and gave: its messages, else input and output."""
    shown = conversation(span["messages"] or [])
    fields = ("expected",) if shown else ("input", "output", "expected")
    return shown + [
        value_message(roles[field], span[field])
        for field in fields
        if span[field] is not None
    ]


def attribute_rows(span: Row) -> list[dict[str, Any]]:
    """Return a span's identity, attributes and resource, sorted by name within each."""
    identity = {
        name: span[name]
        for name in ("trace_id", "span_id", "parent_span_id", "service", "scope")
    }
    groups = [identity, span["attributes"] or {}, span["resource"] or {}]
    pairs = [
        (key, value)
        for number, group in enumerate(groups)
        for key, value in (group.items() if number == 0 else sorted(group.items()))
        if value not in (None, "")
    ]
    return [
        cells.row(
            f"{index}",
            name=cells.words(key, mono=True, soft=True),
            value=cells.words(_short(value), mono=True),
        )
        for index, (key, value) in enumerate(pairs)
    ]


def event_rows(span: Row) -> list[dict[str, Any]]:
    """Return a span's events, oldest first, each with its time after the start."""
    return [
        cells.row(
            f"{index}",
            at="+" + numbers.duration((event["time_ns"] - span["start_ns"]) / 1e6),
            name=cells.words(event["name"]),
            value=cells.words(
                "\n".join(
                    f"{key}: {_short(value)}"
                    for key, value in event["attributes"].items()
                ),
                mono=True,
            ),
        )
        for index, event in enumerate(span["events"] or [])
    ]


def link_rows(span: Row) -> list[dict[str, Any]]:
    """Return the calls that a span points at as rows; each opens the call's trace."""
    return [
        cells.row(
            link["trace_id"],
            name=cells.words(link["attributes"].get(semconv.LINK)),
            trace=cells.words(link["trace_id"], mono=True),
            span=cells.words(link["span_id"].strip("0") and link["span_id"], mono=True),
        )
        for link in span["links"] or []
    ]


def score_rows(scores: Iterable[Row]) -> list[dict[str, Any]]:
    """Return scores as rows, by name."""
    return [
        cells.row(
            score["score_id"],
            name=cells.words(score["name"]),
            value=cells.words(score["label"] or numbers.figure(score["value"])),
            source=cells.words(
                " · ".join(filter(None, (score["source"], score["author"]))), soft=True
            ),
            explanation=cells.words(score["explanation"] or score["error"]),
            at=cells.time(score["at_ns"]),
        )
        for score in sorted(scores, key=lambda score: str(score["name"]))
    ]


def _prompt(span: Row) -> str | None:
    parts = [span["prompt_name"], span["prompt_version"]]
    return " ".join(str(part) for part in parts if part) or None


def _short(value: object) -> str:
    return value if isinstance(value, str) else compact_json(value)


def compact_json(value: object) -> str:
    """Return a value as JSON in one line, Korean as Korean."""
    return json.dumps(value, ensure_ascii=False, default=str)
