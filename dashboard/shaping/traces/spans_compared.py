"""Two steps held against each other: what they were asked, how, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.conversation.messages import conversation, pretty
from dashboard.shaping.traces.steps import short

Row = Mapping[str, Any]

_PREFIXES: Final = ("gen_ai.request.", "tracer.request.", "openai.request.")
"""Attributes that say how a model was asked."""

REPLAY: Final = "replay_"
"""How metadata begin that mark a call as made again."""

_NAMED: Final = (
    *("name", "status", "error_type", "model", "provider"),
    *("prompt_name", "prompt_version", "environment", "release"),
)
_MEASURES: Final[Mapping[str, Callable[[float | None], str]]] = {
    "duration_ms": numbers.duration,
    "time_to_first_token_ms": numbers.duration,
    "input_tokens": numbers.count,
    "output_tokens": numbers.count,
    "cost_usd": numbers.money,
}


def rows(left: Row, right: Row, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the measures of both, and whatever else differs, as rows of a table.

    Args:
        left: A step with its content.
        right: The other.
        texts: What people call each field.
    """
    measured = [
        cells.row(
            name,
            what=cells.words(texts[name], soft=True),
            left=written(left[name]),
            right=written(right[name]),
            change=_change(left[name], right[name]),
        )
        for name, written in _MEASURES.items()
        if left[name] is not None or right[name] is not None
    ]
    named = [(texts[name], left[name], right[name]) for name in _NAMED]
    settings = [
        (key, left["attributes"].get(key), right["attributes"].get(key))
        for key in sorted({*left["attributes"], *right["attributes"]})
        if key.startswith(_PREFIXES)
    ]
    tools = (texts["tools"], _tools(left), _tools(right))
    metadata = [
        (f"metadata.{key}", left["metadata"].get(key), right["metadata"].get(key))
        for key in sorted({*left["metadata"], *right["metadata"]})
        if not key.startswith(REPLAY)
    ]
    return measured + [
        cells.row(
            what,
            what=cells.words(what, soft=True),
            left=_shown(mine),
            right=_shown(theirs),
            change=None,
        )
        for what, mine, theirs in (*named, *settings, tools, *metadata)
        if mine != theirs
    ]


def _change(left: float | None, right: float | None) -> cells.Cell:
    change = numbers.change(right, left)
    return cells.words(change) if change else None


def _shown(value: object) -> cells.Cell:
    return cells.words(short(value), mono=True) if value not in (None, "") else None


def _tools(span: Row) -> str:
    offered = span["tool_definitions"]
    listed: Sequence[Any] = offered if isinstance(offered, list) else ()
    names = [tool.get("name") for tool in listed if isinstance(tool, Mapping)]
    return ", ".join(str(name) for name in names)


def asked(span: Row) -> str:
    """Return what a step was given, as one text."""
    messages = span["messages"] or []
    if messages:
        return _as_text(messages[: span["n_input_messages"]])
    return "" if span["input"] is None else pretty(span["input"])


def answered(span: Row) -> str:
    """Return what a step gave, as one text; of one that failed why."""
    messages = (span["messages"] or [])[span["n_input_messages"] :]
    if messages:
        return _as_text(messages, with_roles=len(messages) > 1)
    if span["output"] is not None:
        return pretty(span["output"])
    return span["status_message"] or ""


def _as_text(messages: Sequence[Row], *, with_roles: bool = True) -> str:
    texts = []
    for message in conversation(messages):
        said = "\n\n".join(_part(part) for part in message["parts"])
        texts.append(f"{message['role']}:\n{said}" if with_roles else said)
    return "\n\n".join(texts)


def _part(part: Row) -> str:
    names = [part.get("title"), part.get("name")]
    title = " ".join(str(name) for name in names if name)
    return f"[{title}]\n{part['text']}" if title else str(part["text"])


def is_replay(span: Row, original: Row) -> bool:
    """Return whether a step is a replay of another one."""
    return bool(span["metadata"].get("replay_of_span") == original["span_id"])


def parsed_address(written: str) -> tuple[str, str] | None:
    """Return trace and span id of ``TRACE.SPAN``; the span is empty if it has none.

    None if it is no address of a step.
    """
    trace_id, _, span_id = written.strip().lower().partition(".")
    if not _is_id(trace_id, 32) or (span_id and not _is_id(span_id, 16)):
        return None
    return trace_id, span_id


def _is_id(text: str, n_digits: int) -> bool:
    return len(text) == n_digits and set(text) <= set("0123456789abcdef")
