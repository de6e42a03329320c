"""The Responses API: what a request asks and what a response answers."""

from collections.abc import Mapping
from typing import Any

from tracer import semconv
from tracer._openai.fields import Reading, get, items, text, typed
from tracer._openai.parts import (
    Part,
    content_parts,
    reasoning_part,
    text_part,
    tool_call_part,
    tool_response_part,
)
from tracer._openai.usage import responses_usage

INTERRUPTED = "interrupted"
"""Status of a response whose stream ended before it did; ours, not the API's."""

_REQUEST = (
    (semconv.REQUEST_TEMPERATURE, "temperature", float),
    (semconv.REQUEST_TOP_P, "top_p", float),
    (semconv.REQUEST_MAX_TOKENS, "max_output_tokens", int),
    (semconv.REQUEST_PREVIOUS_RESPONSE_ID, "previous_response_id", str),
)
_PROMPT = (
    (semconv.PROMPT_NAME, "id", str),
    (semconv.PROMPT_VERSION, "version", str),
)
_RESPONSE = (
    (semconv.RESPONSE_ID, "id", str),
    (semconv.RESPONSE_MODEL, "model", str),
    (semconv.OPENAI_RESPONSE_SERVICE_TIER, "service_tier", str),
)
_OUTPUT_TYPES = {"json_schema": "json", "json_object": "json", "text": "text"}
_FINISH_OF_INCOMPLETE = {"max_output_tokens": "length"}
_CALLS = ("function_call", "custom_tool_call")


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what a request asks for."""
    attributes = typed(body, _REQUEST) | typed(get(body, "prompt"), _PROMPT)
    attributes[semconv.OPENAI_API_TYPE] = "responses"
    if level := text(get(body, "reasoning"), "effort"):
        attributes[semconv.REQUEST_REASONING_LEVEL] = level
    tier = text(body, "service_tier")
    if tier and tier != "auto":
        attributes[semconv.OPENAI_REQUEST_SERVICE_TIER] = tier
    form = text(get(get(body, "text"), "format"), "type")
    if output_type := _OUTPUT_TYPES.get(form):
        attributes[semconv.OUTPUT_TYPE] = output_type
    conversation = get(body, "conversation")
    given = conversation if isinstance(conversation, str) else text(conversation, "id")
    if given:
        attributes[semconv.CONVERSATION_ID] = given
    return Reading(attributes, _asked(body))


def read_response(response: Any) -> Reading:
    """Return what a response answers, streamed and joined or not."""
    attributes = typed(response, _RESPONSE) | responses_usage(get(response, "usage"))
    output = items(response, "output")
    finish = _finish_reason(response)
    if finish:
        attributes[semconv.RESPONSE_FINISH_REASONS] = [finish]
    content: dict[str, Any] = {}
    if output:
        parts = [part for item in output for part in _item_parts(item)]
        message = {"role": "assistant", "parts": parts}
        schema_finish = "tool_call" if finish == "tool_calls" else finish
        if schema_finish:
            message["finish_reason"] = schema_finish
        content[semconv.OUTPUT_MESSAGES] = [message]
    error = get(response, "error")
    return Reading(attributes, content, text(error, "message") if error else None)


def _asked(body: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    given = get(body, "input")
    if isinstance(given, str):
        message = {"role": "user", "parts": [text_part(given)]}
        content[semconv.INPUT_MESSAGES] = [message]
    elif given:
        messages = [_input_message(item) for item in items(body, "input")]
        content[semconv.INPUT_MESSAGES] = messages
    if instructions := text(body, "instructions"):
        content[semconv.SYSTEM_INSTRUCTIONS] = [text_part(instructions)]
    if tools := [_tool(tool) for tool in items(body, "tools")]:
        content[semconv.TOOL_DEFINITIONS] = tools
    return content


def _tool(tool: Any) -> dict[str, Any]:
    """Return a tool's definition; tools of the API itself go by their type."""
    defined = dict(tool) if isinstance(tool, Mapping) else {"type": text(tool, "type")}
    return {"name": text(tool, "type"), **defined}


def _input_message(item: Any) -> dict[str, Any]:
    role = text(item, "role")
    if not role:
        role = "tool" if text(item, "type").endswith("_output") else "assistant"
    return {"role": role, "parts": _item_parts(item)}


def _item_parts(item: Any) -> list[Part]:
    """Return the parts of one item of a conversation, given or answered."""
    kind = text(item, "type") or "message"
    if kind == "message":
        return content_parts(get(item, "content"))
    if kind in _CALLS:
        spoken = get(item, "arguments") or get(item, "input")
        return [tool_call_part(get(item, "call_id"), get(item, "name"), spoken)]
    if kind.endswith("_output"):
        return [tool_response_part(get(item, "call_id"), get(item, "output"))]
    if kind == "reasoning":
        told = [*items(item, "summary"), *items(item, "content")]
        return [reasoning_part(text(each, "text")) for each in told]
    if kind.endswith("_call"):
        call = {"type": kind.removesuffix("_call"), "status": text(item, "status")}
        return [
            {
                "type": "server_tool_call",
                "id": text(item, "id"),
                "name": call["type"],
                "server_tool_call": call,
            }
        ]
    return [{"type": kind}]


def _finish_reason(response: Any) -> str | None:
    """Return why the model stopped; None while it has not begun or not stopped yet."""
    status = text(response, "status")
    if status == "completed":
        kinds = {text(item, "type") for item in items(response, "output")}
        return "tool_calls" if kinds & set(_CALLS) else "stop"
    if status == "incomplete":
        reason = text(get(response, "incomplete_details"), "reason")
        return _FINISH_OF_INCOMPLETE.get(reason, reason) or "error"
    return "error" if status in ("failed", "cancelled", INTERRUPTED) else None
