"""One message of any sender in the shape of the GenAI conventions; pure."""

from collections.abc import Mapping
from typing import Any

import orjson

from collector.json_text import value_of

Message = dict[str, Any]
Part = dict[str, Any]
_TOOL_RESULTS = ("tool-result", "tool_result")

_MAX_STEPS = 50
"""Points in a key of nested values; no sender's has a quarter of them."""


def parsed(value: Any) -> Any:
    """Return what JSON text says, unless it nests too deep; all else as it is."""
    if isinstance(value, str) and value[:1] in ("{", "[", '"'):
        return value_of(value)
    return value


def message(value: Any, *, role: str) -> Message:
    """Return a message as ``{role, parts, finish_reason?, name?}``.

    Args:
        value: a message of the conventions, of OpenAI, or only its content.
        role: who speaks if the message does not say.
    """
    value = parsed(value)
    if not isinstance(value, Mapping):
        return {"role": role, "parts": content_parts(value)}
    inner = parsed(value.get("message"))
    if isinstance(inner, Mapping):  # a choice holds its message
        value = {**inner, "finish_reason": value.get("finish_reason")}
    shaped: Message = {"role": str(value.get("role") or role), "parts": _parts(value)}
    for key in ("finish_reason", "name"):
        if value.get(key):
            shaped[key] = value[key]
    return shaped


def _parts(value: Mapping[str, Any]) -> list[Part]:
    if isinstance(value.get("parts"), list):
        return [_part(part) for part in value["parts"]]
    if value.get("tool_call_id") or value.get("role") == "tool":
        response = parsed(value.get("content"))
        if isinstance(response, list) and any(map(_is_tool_result, response)):
            return content_parts(response)
        return [tool_response(value.get("tool_call_id") or value.get("id"), response)]
    thought = value.get("reasoning_content") or value.get("reasoning")
    parts: list[Part] = []
    if isinstance(thought, str):
        parts.append({"type": "reasoning", "content": thought})
    if value.get("refusal"):
        parts.append({"type": "refusal", "content": value["refusal"]})
    parts += content_parts(value.get("content"))
    calls = parsed(value.get("tool_calls"))
    asked = calls if isinstance(calls, list) else []
    return parts + [tool_call(call) for call in asked if isinstance(call, Mapping)]


def content_parts(content: Any) -> list[Part]:
    """Return the parts of a content: text, a list of parts, or nothing."""
    if isinstance(content, str) and content[:1] == "[":
        listed = parsed(content)
        if isinstance(listed, list) and all(_is_typed(item) for item in listed):
            content = listed
    if content is None or content == "":
        return []
    if isinstance(content, list):
        return [_part(item) for item in content]
    if isinstance(content, str):
        return [{"type": "text", "content": content}]
    return [_part(content)]


def _is_typed(item: Any) -> bool:
    return isinstance(item, Mapping) and isinstance(item.get("type"), str)


def _is_tool_result(item: Any) -> bool:
    return _is_typed(item) and item["type"] in _TOOL_RESULTS


def _part(value: Any) -> Part:
    if not isinstance(value, Mapping):
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        return {"type": "text", "content": text}
    kind = value.get("type")
    if kind in ("text", "input_text", "output_text") and "text" in value:
        return {"type": "text", "content": value["text"]}
    if kind in ("tool-call", "tool_use"):
        return tool_call(value)
    if kind in _TOOL_RESULTS:
        response = value.get("output", value.get("result", value.get("content")))
        return tool_response(
            value.get("toolCallId") or value.get("tool_use_id"), _bare(response)
        )
    if kind == "tool_call_response" and "response" not in value:
        return tool_response(value.get("id"), value.get("result"))
    if kind == "tool_call" and isinstance(value.get("arguments"), str):
        return dict(value) | {"arguments": parsed(value["arguments"])}
    if kind == "image_url" or (kind == "image" and "image" in value):
        return _image(value.get("image_url") or value.get("image"))
    if kind is None and isinstance(value.get("text"), str):
        return {"type": "text", "content": value["text"]}
    return dict(value) if kind else {"type": "json", "content": dict(value)}


def _bare(response: Any) -> Any:
    """Take off the layer in which the Vercel AI SDK says what type an answer has."""
    if isinstance(response, Mapping) and response.keys() == {"type", "value"}:
        return response["value"]
    return response


def _image(value: Any) -> Part:
    uri = value.get("url") if isinstance(value, Mapping) else value
    return {"type": "uri", "modality": "image", "uri": uri}


def tool_call(call: Mapping[str, Any]) -> Part:
    """Return a wish to call a tool; its arguments are parsed where they are JSON."""
    function = call.get("function")
    said: Mapping[str, Any] = function if isinstance(function, Mapping) else call
    arguments = said.get("arguments", said.get("args", said.get("input")))
    return {
        "type": "tool_call",
        "id": call.get("id") or call.get("toolCallId"),
        "name": said.get("name") or said.get("toolName"),
        "arguments": parsed(arguments),
    }


def tool_response(call_id: Any, response: Any) -> Part:
    """Return what a tool answered."""
    return {"type": "tool_call_response", "id": call_id, "response": response}


def indexed(attributes: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    """Return what keys like ``prefix.0.tool_calls.1.name`` hold, as nested values.

    Numbers in keys become the places of lists, in the order of the numbers.
    """
    tree: dict[str, Any] = {}
    for key, value in attributes.items():
        if key.startswith(f"{prefix}.") and key.count(".") <= _MAX_STEPS:
            _put(tree, key[len(prefix) + 1 :].split("."), value)
    listed = _as_lists(tree)
    return [item for item in listed if isinstance(item, dict)] if tree else []


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree.setdefault(path[-1], value)


def _as_lists(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree and all(step.isascii() and step.isdigit() for step in tree):
        return [_as_lists(tree[step]) for step in sorted(tree, key=_number)]
    return {step: _as_lists(below) for step, below in tree.items()}


def _number(digits: str) -> tuple[int, str]:
    """Return what sorts digits as numbers; Python makes none of very many."""
    told = digits.lstrip("0")
    return len(told), told
