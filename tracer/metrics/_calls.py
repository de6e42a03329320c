"""Tool calls, in whichever form they come; and the path that a recorded trace took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracer._values.json_text import value_of

LISTS: Final = ("tool_calls", "predicted_trajectory", "reference_trajectory")
"""Keys under which an object keeps its calls."""

NAMES: Final = ("name", "tool_name")
ARGUMENTS: Final = ("arguments", "args", "tool_input", "input")

TOOL_NAME: Final = "gen_ai.tool.name"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool."""

    name: Any
    """Name of the tool; a text, if the call is valid."""

    arguments: Any = None
    """Arguments by name. None in a reference: any will do."""


def tool_calls(value: Any) -> list[ToolCall]:
    """Return the calls that a value holds, in their order; empty if there are none.

    Read are, also as JSON text: a list of calls, one call, and an object that has a
    list under ``tool_calls``, ``predicted_trajectory`` or ``reference_trajectory``. A
    call is ``{"name", "arguments"}`` (Vertex, our messages), ``{"tool_name",
    "tool_input"}`` (Vertex's trajectories), ``{"function": {"name", "arguments"}}``
    (OpenAI), ``{"name", "input"}`` or ``{"name", "args"}`` (others), the arguments an
    object or its JSON text.
    """
    value = value_of(value)
    if isinstance(value, Mapping):
        listed = next((value[key] for key in LISTS if key in value), None)
        if listed is not None:
            return tool_calls(listed)
        call = _call(value)
        return [call] if call is not None else []
    if isinstance(value, ToolCall):
        return [value]
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return []
    return [one if isinstance(one, ToolCall) else _listed(one) for one in value]


def trajectory(trace: Any) -> list[ToolCall]:
    """Return the tools that a recorded trace called, in the order of their start.

    Those that ran (spans of kind ``tool``), also where they failed; if none did, those
    that its models asked for.

    Args:
        trace: `client.trace(id)`, or its spans.
    """
    spans: Iterable[Mapping[str, Any]] = getattr(trace, "spans", trace)
    ordered = sorted(spans, key=lambda span: span["start_ns"])
    ran = [_of_span(span) for span in ordered if span["kind"] == "tool"]
    asked = [
        call
        for span in ordered
        if span["kind"] == "llm"
        for message in _messages(span.get("output"))
        for call in tool_calls(_asked_for(message))
    ]
    return ran or asked


def _of_span(span: Mapping[str, Any]) -> ToolCall:
    attributes = span.get("attributes") or {}
    return ToolCall(
        attributes.get(TOOL_NAME) or span["name"], value_of(span.get("input"))
    )


def _messages(output: Any) -> list[Mapping[str, Any]]:
    listed = output if isinstance(output, list) else []
    return [message for message in listed if isinstance(message, Mapping)]


def _asked_for(message: Mapping[str, Any]) -> list[Any]:
    parts = message.get("parts")
    listed = parts if isinstance(parts, list) else []
    found = (part for part in listed if isinstance(part, Mapping))
    return [part for part in found if part.get("type") == "tool_call"]


def _listed(value: Any) -> ToolCall:
    """Return a call that stands in a list; without a name if it is none."""
    return _call(value_of(value)) or ToolCall(None)


def _call(value: Any) -> ToolCall | None:
    """Return a call; None if the value is none."""
    if not isinstance(value, Mapping):
        return None
    if isinstance(value.get("function"), Mapping):
        value = value["function"]
    name = next((value[key] for key in NAMES if key in value), None)
    if name is None:
        return None
    arguments = next((value[key] for key in ARGUMENTS if key in value), None)
    return ToolCall(name, value_of(arguments))
