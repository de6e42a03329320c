"""The tools that a model was offered, of any sender in one shape; pure."""

from collections.abc import Mapping
from typing import Any

from collector.conversation.message_parts import indexed, parsed
from tracer import semconv

_WHOLE = (semconv.TOOL_DEFINITIONS, "ai.prompt.tools", "mlflow.chat.tools")
"""Keys that hold all tools."""

_REQUESTS = (
    "langfuse.observation.input",
    "gen_ai.prompt",
    "mlflow.spanInputs",
    "request_data",
)
"""Keys that hold a whole request, its tools among it."""

_SCHEMAS = ("parameters", "input_schema", "inputSchema", "parameters_json_schema")
"""What senders call the schema of a tool's arguments."""


def tool_definitions(attributes: Mapping[str, Any]) -> Any:
    """Return tools as ``{type, name, description?, parameters?}``; None if none.

    What is no list of objects stays as it was sent.
    """
    for key in _WHOLE:
        if tools := parsed(attributes.get(key)):
            return list(map(_tool, tools)) if isinstance(tools, list) else tools
    offered = indexed(attributes, "llm.request.functions")
    if not offered:
        tools = [one.get("tool") for one in indexed(attributes, "llm.tools")]
        offered = [one["json_schema"] for one in tools if _has_schema(one)]
    for key in _REQUESTS if not offered else ():
        request = parsed(attributes.get(key))
        tools = request.get("tools") if isinstance(request, Mapping) else None
        offered = offered or (tools if isinstance(tools, list) else [])
    return list(map(_tool, offered)) or None


def _has_schema(tool: Any) -> bool:
    return isinstance(tool, Mapping) and "json_schema" in tool


def _tool(sent: Any) -> Any:
    """Return one tool in the shape of the conventions."""
    tool = parsed(sent)
    if not isinstance(tool, Mapping):
        return tool
    function = tool.get("function")
    if isinstance(function, Mapping):
        tool = {"type": tool.get("type", "function"), **function}
    if "name" not in tool:
        return dict(tool)
    shaped = {"type": "function", **tool}
    for key in _SCHEMAS:
        if key in shaped:
            shaped["parameters"] = parsed(shaped.pop(key))
            break
    return shaped
