"""Items of the Responses API, given or answered, as parts of a message."""

from collections.abc import Mapping
from typing import Any, Final

from tracer._openai.fields import items, text
from tracer._openai.lean import lean
from tracer._openai.parts import (
    Part,
    blob_part,
    content_parts,
    reasoning_part,
    tool_call_part,
    tool_response_part,
)
from tracer._values.json_text import value_of

CALLS: Final = ("function_call", "custom_tool_call")
"""Calls that wait for the application's answer."""

_RESULTS: Final = ("output", "outputs", "results", "error", "tools")
"""Fields of the API's own tools that say what came of a call."""

_ENVELOPE: Final = ("id", "type", "result", *_RESULTS)
_OF_THE_API: Final = (
    "mcp_list_tools",
    "mcp_approval_request",
    "mcp_approval_response",
)


def item_parts(item: Mapping[str, Any]) -> list[Part]:
    """Return the parts of one item of a conversation."""
    kind = text(item, "type") or "message"
    if kind == "message":
        return content_parts(item.get("content"))
    if kind in CALLS:
        spoken = item.get("arguments") or item.get("input")
        return [tool_call_part(item.get("call_id"), item.get("name"), spoken)]
    if kind.endswith("_output"):
        return [tool_response_part(item.get("call_id"), item.get("output"))]
    if kind == "reasoning":
        told = [*items(item, "summary"), *items(item, "content")]
        return [reasoning_part(text(each, "text")) for each in told]
    if kind.endswith("_call") or kind in _OF_THE_API:
        return _server_parts(kind.removesuffix("_call"), item)
    if kind == "compaction":
        known = {"type": kind, "id": text(item, "id")}
        return [{key: value for key, value in known.items() if value}]
    return [{**lean(item), "type": kind}]


def _server_parts(kind: str, item: Mapping[str, Any]) -> list[Part]:
    """Return a call of one of the API's own tools, and what came of it, if anything.

    Kept is what people want to see: queries, code, commands, arguments, logs, texts
    that were found. Pictures are references.
    """
    call_id = text(item, "id") or text(item, "call_id")
    asked = {key: value for key, value in item.items() if key not in _ENVELOPE}
    if "arguments" in asked:
        asked["arguments"] = value_of(asked["arguments"])
    call = {"type": kind, **lean(asked)}
    named = {"id": call_id, "name": text(item, "name") or kind}
    parts: list[Part] = [
        {"type": "server_tool_call", **named, "server_tool_call": call}
    ]
    came = {key: item[key] for key in _RESULTS if item.get(key)}
    if came:
        answer = {"type": kind, **lean(came)}
        told = {"type": "server_tool_call_response", "id": call_id}
        parts.append({**told, "server_tool_call_response": answer})
    if picture := text(item, "result"):
        image_format = text(item, "output_format") or "png"
        parts.append(blob_part("image", f"image/{image_format}", picture))
    return parts
