"""The Responses API: the same model, asked and answering in the newer form."""

from collections.abc import Iterator, Mapping
from typing import Any

from examples.openai_server import logprobs, server_tools
from examples.openai_server.tokens import pieces

_STATUS = {"length": "incomplete"}


def as_chat(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the chat request that asks the same."""
    given = body.get("input") or ""
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    messages = [_message(item) for item in items]
    if instructions := body.get("instructions"):
        messages.insert(0, {"role": "system", "content": instructions})
    chat: dict[str, Any] = {"model": body["model"], "messages": messages}
    chat["tools"] = [
        {"type": "function", "function": tool}
        for tool in body.get("tools") or ()
        if tool["type"] == "function"
    ]
    form = (body.get("text") or {}).get("format") or {}
    if form.get("type") == "json_schema":
        chat["response_format"] = {"json_schema": form}
    return chat | {
        "max_completion_tokens": body.get("max_output_tokens"),
        "reasoning_effort": (body.get("reasoning") or {}).get("effort"),
        "temperature": body.get("temperature"),
    }


def response(
    completion: Mapping[str, Any], scenario: str, *, with_logprobs: bool = False
) -> dict[str, Any]:
    """Return the response that answers what a completion answers."""
    [choice] = completion["choices"]
    number = completion["id"].removeprefix("chatcmpl-")
    status = _STATUS.get(choice["finish_reason"], "completed")
    answered: dict[str, Any] = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": completion["created"],
        "model": completion["model"],
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "output": list(_output(choice["message"], number)),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "temperature": 1.0,
        "top_p": 1.0,
        "service_tier": "default",
        "usage": _usage(completion["usage"]),
    }
    if with_logprobs:
        for part in answered["output"][-1].get("content", ()):
            part["logprobs"] = logprobs.of_chat(part["text"], 0)["content"]
    if status == "incomplete":
        answered["incomplete_details"] = {"reason": "max_output_tokens"}
    if scenario == "server-tools":
        answered["output"] = [*server_tools.ITEMS, *answered["output"]]
    if scenario == "failed":
        error = {"code": "server_error", "message": "The model failed."}
        answered |= {"status": "failed", "error": error}
    return answered


def events(answered: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the response as the API streams it, events numbered."""
    begun = {**answered, "status": "in_progress", "output": [], "usage": None}
    told = [{"type": "response.created", "response": begun}]
    for index, item in enumerate(answered["output"]):
        place = {"output_index": index, "item_id": item["id"]}
        told += [event | place for event in _item_events(item)]
    told.append({"type": f"response.{answered['status']}", "response": answered})
    for number, event in enumerate(told):
        yield event | {"sequence_number": number}


def _item_events(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    opened = {**item, "status": "in_progress"}
    if item["type"] == "function_call":
        yield {
            "type": "response.output_item.added",
            "item": opened | {"arguments": ""},
        }
        for piece in pieces(item["arguments"]):
            yield {"type": "response.function_call_arguments.delta", "delta": piece}
    elif item["type"] != "message":
        yield {"type": "response.output_item.added", "item": opened}
    else:
        yield {"type": "response.output_item.added", "item": opened | {"content": []}}
        [part] = item["content"]
        place = {"content_index": 0}
        empty = {**part, "text": ""}
        yield {"type": "response.content_part.added", "part": empty} | place
        for piece in pieces(part["text"]):
            delta = {"delta": piece, "logprobs": []}
            yield {"type": "response.output_text.delta"} | delta | place
        yield {"type": "response.content_part.done", "part": part} | place
    yield {"type": "response.output_item.done", "item": item}


def _message(item: Mapping[str, Any]) -> dict[str, Any]:
    if item.get("type") == "function_call_output":
        return {"role": "tool", "content": item["output"]}
    return {"role": item.get("role", "assistant"), "content": item.get("content")}


def _output(message: Mapping[str, Any], number: str) -> Iterator[dict[str, Any]]:
    for index, call in enumerate(message.get("tool_calls") or ()):
        yield {
            "id": f"fc_{index}_{number}",
            "type": "function_call",
            "call_id": call["id"],
            "status": "completed",
            **call["function"],
        }
    if message["content"] is not None:
        part = {"type": "output_text", "text": message["content"], "annotations": []}
        yield {
            "id": f"msg_{number}",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [part],
        }


def _usage(usage: Mapping[str, Any]) -> dict[str, Any]:
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    reasoning = usage["completion_tokens_details"]["reasoning_tokens"]
    return {
        "input_tokens": usage["prompt_tokens"],
        "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
        "output_tokens": usage["completion_tokens"],
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": usage["total_tokens"],
    }
