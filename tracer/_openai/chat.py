"""Chat completions: what a request asks and what a completion answers."""

from collections.abc import Mapping
from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._openai.fields import Reading, Wanted, fields_of, get, items, text, typed
from tracer._openai.logprobs import numbers_of, summary
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
from tracer._openai.settings import request_settings, schema_format
from tracer._openai.usage import usage_attributes

RESPONSE: Final[Wanted] = {
    "id": (semconv.RESPONSE_ID, str),
    "model": (semconv.RESPONSE_MODEL, str),
    "service_tier": (semconv.OPENAI_RESPONSE_SERVICE_TIER, str),
    "system_fingerprint": (semconv.OPENAI_RESPONSE_SYSTEM_FINGERPRINT, str),
}
_FINISH_OF_SCHEMA: Final = {"tool_calls": "tool_call", "function_call": "tool_call"}
_TOOL_FIELDS: Final = frozenset({"tools", "functions", "web_search_options"})
_BESIDE_CONTENT: Final = (
    *("reasoning_content", "reasoning", "refusal"),
    *("audio", "tool_calls", "function_call"),
)
"""What a message may say besides its content; most say none of it."""

NO_FINISH: Final = "error"
"""The convention's reason for a choice whose own never arrived."""


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what a chat request asks for."""
    attributes = request_settings(body)
    attributes[semconv.OPENAI_API_TYPE] = "chat_completions"
    messages = [_input_message(each) for each in items(body, "messages")]
    content: dict[str, Any] = {semconv.INPUT_MESSAGES: messages}
    if not _TOOL_FIELDS.isdisjoint(body) and (tools := _tools(body)):
        content[semconv.TOOL_DEFINITIONS] = tools
    if (form := body.get("response_format")) is not None:
        content.update(schema_format(form))
    return Reading(attributes, content)


def read_response(completion: Any) -> Reading:
    """Return what a completion answers, streamed and joined or not."""
    fields = fields_of(completion)
    attributes = typed(fields, RESPONSE)
    attributes.update(usage_attributes(fields.get("usage")))
    content: dict[str, Any] = {}
    if choices := [fields_of(choice) for choice in items(fields, "choices")]:
        reasons, messages, has_more = [], [], False
        for choice in choices:
            reasons.append(text(choice, "finish_reason") or NO_FINISH)
            messages.append(_output_message(choice, reasons[-1]))
            if choice.get("logprobs") or choice.get("stop_reason") is not None:
                has_more = True
        attributes[semconv.RESPONSE_FINISH_REASONS] = reasons
        content[semconv.OUTPUT_MESSAGES] = messages
        if has_more:
            _read_more(choices, attributes, content)
    error = fields.get("error")
    return Reading(attributes, content, text(error, "message") if error else None)


def _read_more(
    choices: list[Mapping[str, Any]],
    attributes: dict[str, AttributeValue],
    content: dict[str, Any],
) -> None:
    """Read what few choices have: logprobs, and vLLM's reasons to stop."""
    if any(choice.get("logprobs") for choice in choices):
        numbers = [numbers_of(choice.get("logprobs")) for choice in choices]
        content[semconv.LOGPROBS] = summary(numbers)
    if any(choice.get("stop_reason") is not None for choice in choices):
        attributes[semconv.RESPONSE_STOP_REASONS] = stop_reasons(choices)


def stop_reasons(choices: list[Mapping[str, Any]]) -> list[str]:
    """Return vLLM's stop token or stop text of each choice."""
    reasons = [choice.get("stop_reason") for choice in choices]
    return ["" if reason is None else str(reason) for reason in reasons]


def _tools(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    tools = [_tool(each) for each in items(body, "tools")]
    for function in items(body, "functions"):
        tools.append({"type": "function", **fields_of(function)})
    if (search := get(body, "web_search_options")) is not None:
        tools.append({"type": "web_search", "name": "web_search", **fields_of(search)})
    return tools


def _tool(tool: Any) -> dict[str, Any]:
    """Return a tool's definition without the envelope that its type names."""
    kind = text(tool, "type") or "function"
    inner = get(tool, kind)
    return {"type": kind, **(inner if isinstance(inner, Mapping) else {})}


def _input_message(message: Any) -> dict[str, Any]:
    fields = fields_of(message)
    role = fields.get("role") or ""
    if role in ("tool", "function"):
        answer = tool_response_part(fields.get("tool_call_id"), fields.get("content"))
        told = {"role": role, "parts": [answer]}
    else:
        told = {"role": role, "parts": _parts(fields)}
    if name := fields.get("name"):
        told["name"] = name
    return told


def _output_message(choice: Mapping[str, Any], finish: str) -> dict[str, Any]:
    message = fields_of(choice.get("message"))
    return {
        "role": message.get("role") or "assistant",
        "parts": _parts(message),
        "finish_reason": _FINISH_OF_SCHEMA.get(finish, finish),
    }


def _parts(message: Mapping[str, Any]) -> list[Part]:
    """Return the parts of a message in the order in which a model makes them."""
    if not any(map(message.get, _BESIDE_CONTENT)):
        return content_parts(message.get("content"))
    parts: list[Part] = []
    if reasoning := text(message, "reasoning_content") or text(message, "reasoning"):
        parts.append(reasoning_part(reasoning))
    parts += content_parts(message.get("content"))
    if refusal := text(message, "refusal"):
        parts.append(refusal_part(refusal))
    if audio := message.get("audio"):
        parts += _audio_parts(fields_of(audio))
    if calls := items(message, "tool_calls"):
        parts += [_call_part(fields_of(call)) for call in calls]
    if legacy := message.get("function_call"):
        name, arguments = get(legacy, "name"), get(legacy, "arguments")
        parts.append(tool_call_part(None, name, arguments))
    return parts


def _audio_parts(audio: Mapping[str, Any]) -> list[Part]:
    """Return what was spoken; in a request, the id of what the model spoke before."""
    if not audio.get("data") and not audio.get("transcript"):
        return [{"type": "file", "modality": "audio", "file_id": text(audio, "id")}]
    parts = [blob_part("audio", "", text(audio, "data"))]
    if transcript := text(audio, "transcript"):
        parts.append(text_part(transcript))
    return parts


def _call_part(call: Mapping[str, Any]) -> Part:
    custom = call.get("custom")
    if custom is not None:
        said = fields_of(custom)
        return tool_call_part(call.get("id"), said.get("name"), said.get("input"))
    said = fields_of(call.get("function"))
    return tool_call_part(call.get("id"), said.get("name"), said.get("arguments"))
