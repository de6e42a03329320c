"""Chat completions: what a request asks and what a completion answers."""

from collections.abc import Mapping
from typing import Any

from tracer import semconv
from tracer._openai.fields import Reading, get, items, text, typed
from tracer._openai.parts import (
    Part,
    blob_part,
    content_parts,
    reasoning_part,
    refusal_part,
    text_part,
    tool_call_part,
    tool_response_part,
)
from tracer._openai.usage import chat_usage

_REQUEST = (
    (semconv.REQUEST_TEMPERATURE, "temperature", float),
    (semconv.REQUEST_TOP_P, "top_p", float),
    (semconv.REQUEST_MAX_TOKENS, "max_tokens", int),
    (semconv.REQUEST_MAX_TOKENS, "max_completion_tokens", int),
    (semconv.REQUEST_FREQUENCY_PENALTY, "frequency_penalty", float),
    (semconv.REQUEST_PRESENCE_PENALTY, "presence_penalty", float),
    (semconv.REQUEST_SEED, "seed", int),
    (semconv.REQUEST_REASONING_LEVEL, "reasoning_effort", str),
)
_RESPONSE = (
    (semconv.RESPONSE_ID, "id", str),
    (semconv.RESPONSE_MODEL, "model", str),
    (semconv.OPENAI_RESPONSE_SERVICE_TIER, "service_tier", str),
    (semconv.OPENAI_RESPONSE_SYSTEM_FINGERPRINT, "system_fingerprint", str),
)
_OUTPUT_TYPES = {"json_schema": "json", "json_object": "json", "text": "text"}
_FINISH_OF_SCHEMA = {"tool_calls": "tool_call", "function_call": "tool_call"}
NO_FINISH = "error"
"""The convention's reason for a choice whose own never arrived."""


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what a chat request asks for."""
    attributes = typed(body, _REQUEST)
    attributes[semconv.OPENAI_API_TYPE] = "chat_completions"
    stop = get(body, "stop")
    if isinstance(stop, str):
        attributes[semconv.REQUEST_STOP_SEQUENCES] = [stop]
    elif stop:
        attributes[semconv.REQUEST_STOP_SEQUENCES] = [str(each) for each in stop]
    count = get(body, "n")
    if isinstance(count, int) and count != 1:
        attributes[semconv.REQUEST_CHOICE_COUNT] = count
    tier = text(body, "service_tier")
    if tier and tier != "auto":
        attributes[semconv.OPENAI_REQUEST_SERVICE_TIER] = tier
    if output_type := _output_type(body):
        attributes[semconv.OUTPUT_TYPE] = output_type
    content: dict[str, Any] = {
        semconv.INPUT_MESSAGES: [
            _input_message(each) for each in items(body, "messages")
        ]
    }
    if tools := [_tool(each) for each in items(body, "tools")] + [
        {"type": "function", **function} for function in items(body, "functions")
    ]:
        content[semconv.TOOL_DEFINITIONS] = tools
    return Reading(attributes, content)


def read_response(completion: Any) -> Reading:
    """Return what a completion answers, streamed and joined or not."""
    attributes = typed(completion, _RESPONSE)
    choices = items(completion, "choices")
    if choices:
        attributes[semconv.RESPONSE_FINISH_REASONS] = [
            text(choice, "finish_reason") or NO_FINISH for choice in choices
        ]
    attributes |= chat_usage(get(completion, "usage"))
    messages = [_output_message(choice) for choice in choices]
    content = {semconv.OUTPUT_MESSAGES: messages} if messages else {}
    error = get(completion, "error")
    return Reading(attributes, content, text(error, "message") if error else None)


def _output_type(body: Mapping[str, Any]) -> str | None:
    if "audio" in items(body, "modalities"):
        return "speech"
    return _OUTPUT_TYPES.get(text(get(body, "response_format"), "type"))


def _tool(tool: Any) -> dict[str, Any]:
    """Return a tool's definition without the envelope that its type names."""
    kind = text(tool, "type") or "function"
    inner = get(tool, kind)
    return {"type": kind, **(inner if isinstance(inner, Mapping) else {})}


def _input_message(message: Any) -> dict[str, Any]:
    role = text(message, "role")
    if role in ("tool", "function"):
        call_id = text(message, "tool_call_id")
        parts = [tool_response_part(call_id, _tool_answer(get(message, "content")))]
    else:
        parts = _parts(message)
    name = text(message, "name")
    return {"role": role, "parts": parts} | ({"name": name} if name else {})


def _tool_answer(content: Any) -> Any:
    if isinstance(content, (list, tuple)):
        return content_parts(content)
    return content


def _output_message(choice: Any) -> dict[str, Any]:
    message = get(choice, "message")
    finish = text(choice, "finish_reason") or NO_FINISH
    return {
        "role": text(message, "role") or "assistant",
        "parts": _parts(message),
        "finish_reason": _FINISH_OF_SCHEMA.get(finish, finish),
    }


def _parts(message: Any) -> list[Part]:
    """Return the parts of a message in the order in which a model makes them."""
    parts: list[Part] = []
    if reasoning := text(message, "reasoning_content") or text(message, "reasoning"):
        parts.append(reasoning_part(reasoning))
    parts += content_parts(get(message, "content"))
    if refusal := text(message, "refusal"):
        parts.append(refusal_part(refusal))
    if audio := get(message, "audio"):
        parts.append(blob_part("audio", "", text(audio, "data")))
        if transcript := text(audio, "transcript"):
            parts.append(text_part(transcript))
    parts += [_call_part(call) for call in items(message, "tool_calls")]
    if legacy := get(message, "function_call"):
        name, arguments = get(legacy, "name"), get(legacy, "arguments")
        parts.append(tool_call_part(None, name, arguments))
    return parts


def _call_part(call: Any) -> Part:
    custom = get(call, "custom")
    if custom is not None:
        arguments = get(custom, "input")
        return tool_call_part(get(call, "id"), get(custom, "name"), arguments)
    function = get(call, "function")
    arguments = get(function, "arguments")
    return tool_call_part(get(call, "id"), get(function, "name"), arguments)
