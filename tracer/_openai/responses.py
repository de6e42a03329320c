"""The Responses API: what a request asks and what a response answers."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tracer import semconv
from tracer._openai.fields import Reading, Wanted, fields_of, get, items, text, typed
from tracer._openai.items import CALLS, item_parts
from tracer._openai.logprobs import listed, summary
from tracer._openai.parts import text_part
from tracer._openai.settings import request_settings, schema_format
from tracer._openai.usage import usage_attributes

INTERRUPTED: Final = "interrupted"
"""Status of a response whose stream ended before it did; ours, not the API's."""

_RESPONSE: Final[Wanted] = {
    "id": (semconv.RESPONSE_ID, str),
    "model": (semconv.RESPONSE_MODEL, str),
    "service_tier": (semconv.OPENAI_RESPONSE_SERVICE_TIER, str),
}
_FINISH_OF_INCOMPLETE: Final = {"max_output_tokens": "length"}


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what a request asks for."""
    attributes = request_settings(body)
    attributes[semconv.OPENAI_API_TYPE] = "responses"
    return Reading(attributes, _asked(body))


def read_response(response: Any) -> Reading:
    """Return what a response answers, streamed and joined or not."""
    fields = fields_of(response)
    attributes = typed(fields, _RESPONSE)
    attributes.update(usage_attributes(fields.get("usage")))
    output = [fields_of(item) for item in items(fields, "output")]
    finish = _finish_reason(fields, output)
    if finish:
        attributes[semconv.RESPONSE_FINISH_REASONS] = [finish]
    elif status := text(fields, "status"):
        attributes[semconv.RESPONSE_STATUS] = status
    content: dict[str, Any] = {}
    if output:
        parts = [part for item in output for part in item_parts(item)]
        message = {"role": "assistant", "parts": parts}
        if finish:
            message["finish_reason"] = _FINISH_OF_SCHEMA.get(finish, finish)
        content[semconv.OUTPUT_MESSAGES] = [message]
        if numbers := list(_logprobs(output)):
            content[semconv.LOGPROBS] = summary([numbers])
    error = fields.get("error")
    return Reading(attributes, content, text(error, "message") if error else None)


def read_compaction(response: Any) -> Reading:
    """Return what a compaction answers: the shorter conversation and its price."""
    read = read_response(response)
    read.attributes[semconv.CONVERSATION_COMPACTED] = True
    return read


_FINISH_OF_SCHEMA: Final = {"tool_calls": "tool_call"}


def _asked(body: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    given = body.get("input")
    if isinstance(given, str):
        message = {"role": "user", "parts": [text_part(given)]}
        content[semconv.INPUT_MESSAGES] = [message]
    elif given:
        messages = [_input_message(fields_of(item)) for item in items(body, "input")]
        content[semconv.INPUT_MESSAGES] = messages
    if instructions := text(body, "instructions"):
        content[semconv.SYSTEM_INSTRUCTIONS] = [text_part(instructions)]
    if tools := [_tool(tool) for tool in items(body, "tools")]:
        content[semconv.TOOL_DEFINITIONS] = tools
    if (told := body.get("text")) is not None:
        content.update(schema_format(get(told, "format")))
    return content


def _tool(tool: Any) -> dict[str, Any]:
    """Return a tool's definition; tools of the API itself go by their type.

    What a tool of the API is given to log in elsewhere stays out.
    """
    fields = fields_of(tool)
    defined = {key: fields[key] for key in fields if key not in _CREDENTIALS}
    return {"name": text(tool, "server_label") or text(tool, "type"), **defined}


_CREDENTIALS: Final = ("headers", "authorization")


def _input_message(item: Mapping[str, Any]) -> dict[str, Any]:
    role = text(item, "role")
    if not role:
        role = "tool" if text(item, "type").endswith("_output") else "assistant"
    return {"role": role, "parts": item_parts(item)}


def _logprobs(output: list[Mapping[str, Any]]) -> Iterator[float | None]:
    for item in output:
        for part in items(item, "content"):
            yield from listed(items(part, "logprobs"))


def _finish_reason(
    response: Mapping[str, Any], output: list[Mapping[str, Any]]
) -> str | None:
    """Return why the model stopped; None while it has not begun or not stopped yet."""
    status = response.get("status")
    if status == "completed":
        called = any(item.get("type") in CALLS for item in output)
        return "tool_calls" if called else "stop"
    if status == "incomplete":
        reason = text(response.get("incomplete_details"), "reason")
        return _FINISH_OF_INCOMPLETE.get(reason, reason) or "error"
    return "error" if status in ("failed", "cancelled", INTERRUPTED) else None
