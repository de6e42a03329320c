"""One trace and one of its steps: what is known of them, and what they said."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell
from dashboard.shaping.conversation.messages import conversation, value_message
from dashboard.shaping.traces import score_words

Row = Mapping[str, Any]
Pairs = list[tuple[str, Cell]]


def facts(
    trace: Row,
    texts: Mapping[str, str],
    *,
    ways: Mapping[str, str],
    judges_cost_usd: float | None = None,
) -> Pairs:
    """Return what is known of a whole trace; unknown things left out.

    Args:
        trace: The trace as lists show it.
        texts: What people call each fact.
        ways: Addresses that ``user``, ``session`` and ``evaluation`` lead to.
        judges_cost_usd: The part of its cost that judging took.
    """
    pairs: Pairs = [
        (texts["start"], cells.time(trace["start_ns"])),
        (texts["duration"], numbers.duration(trace["duration_ms"])),
        (texts["spans"], numbers.count(trace["n_spans"])),
        (texts["tokens"], tokens(trace)),
        (
            texts["cost"],
            numbers.money(trace["cost_usd"]) if trace["cost_usd"] else None,
        ),
        (
            texts["judges_cost"],
            numbers.money(judges_cost_usd) if judges_cost_usd else None,
        ),
        (texts["models"], cells.words(", ".join(trace["models"] or []))),
        (texts["user"], _leading(trace["user_id"], ways.get("user"))),
        (texts["session"], _leading(trace["session_id"], ways.get("session"))),
        (
            texts["evaluation"],
            _leading(trace["evaluation_id"], ways.get("evaluation")),
        ),
        (texts["example"], _example(trace)),
        (texts["environment"], cells.words(trace["environment"])),
        (texts["release"], cells.words(trace["release"])),
        (texts["tags"], cells.chips(trace["tags"] or [])),
        (texts["scores"], score_words.chips(trace["scores"] or {})),
    ]
    pairs += [
        (key, cells.words(short(value)))
        for key, value in (trace["metadata"] or {}).items()
    ]
    return [(label, value) for label, value in pairs if value is not None]


def _leading(value: str | None, href: str | None) -> Cell:
    if not value or not href:
        return None
    return cells.link(cells.middle_cut(value) or "", href=href, title=value)


def _example(trace: Row) -> Cell:
    if not trace["example_id"]:
        return None
    shown = cells.example(trace["example_id"])
    if isinstance(shown, dict) and trace["trial"] is not None:
        shown["text"] += f" · {trace['trial']}"
    return shown


def tokens(row: Row) -> str | None:
    """Return input and output tokens (``1.2k → 85``), None where none were counted."""
    given, made = row["input_tokens"], row["output_tokens"]
    if not given and not made:
        return None
    return f"{numbers.compact(given)} → {numbers.compact(made)}"


def span_facts(span: Row, texts: Mapping[str, str]) -> Pairs:
    """Return what is known of one step; unknown things left out."""
    first_token = span["time_to_first_token_ms"]
    pairs: Pairs = [
        (texts["duration"], numbers.duration(span["duration_ms"])),
        (texts["model"], cells.words(span["model"])),
        (texts["tokens"], tokens(span)),
        (texts["cost"], numbers.money(span["cost_usd"]) if span["cost_usd"] else None),
        (texts["price_by"], cells.words(span["cost_source"])),
        (texts["sender_cost"], _sender_cost(span)),
        (texts["first_token"], numbers.duration(first_token) if first_token else None),
        (texts["prompt"], cells.words(_prompt(span))),
        (texts["error_type"], cells.words(span["error_type"], tone="bad")),
    ]
    return [(label, value) for label, value in pairs if value is not None]


def _sender_cost(span: Row) -> Cell:
    sent = span["sender_cost_usd"]
    return numbers.money(sent) if sent and sent != span["cost_usd"] else None


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


def says_something(span: Row) -> bool:
    """Return whether a step has any content to show."""
    said = [span[name] for name in ("messages", "input", "output", "expected")]
    return any(value not in (None, "", [], {}) for value in said)


def is_about(score: Row, span_id: str, entry_id: str) -> bool:
    """Return whether a score is a step's; those of the whole trace are its entry's."""
    return score["span_id"] == span_id or (span_id == entry_id and not score["span_id"])


def as_json(span: Row) -> str:
    """Return everything that is known of a step as JSON."""
    return json.dumps(dict(span), ensure_ascii=False, indent=2, default=str)


def alike(spans: Sequence[Row], span: Row) -> list[Row]:
    """Return the other steps of a step's kind, its namesakes first."""
    others = [
        other
        for other in spans
        if other["kind"] == span["kind"] and other["span_id"] != span["span_id"]
    ]
    return sorted(others, key=lambda other: other["name"] != span["name"])


def _prompt(span: Row) -> str | None:
    parts = [span["prompt_name"], span["prompt_version"]]
    return " ".join(str(part) for part in parts if part) or None


def short(value: object) -> str:
    """Return a value in one line: text as it is, else compact JSON."""
    return value if isinstance(value, str) else compact_json(value)


def compact_json(value: object) -> str:
    """Return a value as JSON in one line, Korean as Korean."""
    return json.dumps(value, ensure_ascii=False, default=str)
