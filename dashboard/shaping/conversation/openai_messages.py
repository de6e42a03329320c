"""Recorded messages back in the form in which the OpenAI API takes them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dashboard.shaping.conversation import references
from dashboard.shaping.conversation.messages import pretty

Row = Mapping[str, Any]
Items = list[dict[str, Any]]

UNRECORDED: Final = "media"
"""What a request lacks where bytes stand only by name and size in the record."""

_RESULT: Final = "tool_call_response"


def chat_messages(messages: Iterable[Row], missing: set[str]) -> Items:
    """Return messages as chat completions take them.

    Args:
        messages: ``{role, parts, name?}``, oldest first.
        missing: Told what was not recorded.
    """
    return [each for message in messages for each in _of_chat(message, missing)]


def _of_chat(message: Row, missing: set[str]) -> Iterator[dict[str, Any]]:
    parts = _parts(message)
    results = [part for part in parts if part.get("type") == _RESULT]
    for part in results:
        yield {
            "role": "tool",
            "tool_call_id": str(part.get("id") or ""),
            "content": _text_of(part.get("response", part.get("result"))),
        }
    others = [part for part in parts if part.get("type") != _RESULT]
    if results and not others:
        return
    told: dict[str, Any] = {"role": str(message.get("role") or "user")}
    if message.get("name"):
        told["name"] = str(message["name"])
    content = [_chat_part(part, missing) for part in others]
    told["content"] = _plain([each for each in content if each]) or ""
    if refusals := [_said(part) for part in others if part.get("type") == "refusal"]:
        told["refusal"] = "\n".join(refusals)
    if calls := [part for part in others if part.get("type") == "tool_call"]:
        told["content"] = told["content"] or None
        told["tool_calls"] = [_chat_call(part) for part in calls]
    yield told


def _chat_call(part: Row) -> dict[str, Any]:
    return {
        "id": str(part.get("id") or ""),
        "type": "function",
        "function": {
            "name": str(part.get("name") or ""),
            "arguments": _arguments(part),
        },
    }


def _chat_part(part: Row, missing: set[str]) -> dict[str, Any] | None:
    kind = part.get("type")
    if kind == "text":
        return {"type": "text", "text": _said(part)}
    if kind in {"reasoning", "thinking", "refusal", "tool_call"}:
        return None
    if url := _picture(part):
        return {"type": "image_url", "image_url": {"url": url}}
    if kind == "file" and part.get("file_id"):
        return {"type": "file", "file": {"file_id": str(part["file_id"])}}
    return {"type": "text", "text": _stand_in(part, missing)}


def response_items(messages: Iterable[Row], missing: set[str]) -> Items:
    """Return messages as items of the Responses API; arguments as `chat_messages`."""
    return [each for message in messages for each in _of_responses(message, missing)]


def _of_responses(message: Row, missing: set[str]) -> Iterator[dict[str, Any]]:
    role = str(message.get("role") or "user")
    said: Items = []
    for part in _parts(message):
        kind = part.get("type")
        if kind == "tool_call":
            yield {
                "type": "function_call",
                "call_id": str(part.get("id") or ""),
                "name": str(part.get("name") or ""),
                "arguments": _arguments(part),
            }
        elif kind == _RESULT:
            answer = part.get("response", part.get("result"))
            yield {
                "type": "function_call_output",
                "call_id": str(part.get("id") or ""),
                "output": _text_of(answer),
            }
        elif kind not in {"reasoning", "thinking"}:
            said.append(_response_part(part, missing, is_answer=role == "assistant"))
    if not said:
        return
    texts = [each["text"] for each in said if each["type"] in {"input_text"}]
    if len(said) == len(texts) == 1:
        yield {"role": role, "content": texts[0]}
    else:
        yield {"role": role, "content": said}


def _response_part(part: Row, missing: set[str], *, is_answer: bool) -> dict[str, Any]:
    kind = part.get("type")
    if kind == "refusal":
        return {"type": "refusal", "refusal": _said(part)}
    if kind == "text":
        return {
            "type": "output_text" if is_answer else "input_text",
            "text": _said(part),
        }
    if url := _picture(part):
        return {"type": "input_image", "image_url": url, "detail": "auto"}
    if kind == "file" and part.get("file_id"):
        return {"type": "input_file", "file_id": str(part["file_id"])}
    return {"type": "input_text", "text": _stand_in(part, missing)}


def _parts(message: Row) -> list[Row]:
    """Return the parts of a message; a bare text is one of them."""
    parts = message.get("parts", message.get("content"))
    listed = parts if isinstance(parts, list) else [] if parts is None else [parts]
    return [
        part if isinstance(part, Mapping) else {"type": "text", "content": part}
        for part in listed
    ]


def _plain(parts: Items) -> str | Items:
    """Return one text as text, several parts as a list."""
    if len(parts) == 1 and parts[0]["type"] == "text":
        return str(parts[0]["text"])
    return parts


def _said(part: Row) -> str:
    return pretty(part.get("content", part.get("text", part.get("refusal", ""))))


def _picture(part: Row) -> str | None:
    uri = part.get("uri")
    is_address = isinstance(uri, str) and uri.startswith(("https://", "http://"))
    if part.get("modality") == "image" and is_address:
        return str(uri)
    return references.picture(part) if part.get("type") in {"uri", "blob"} else None


def _stand_in(part: Row, missing: set[str]) -> str:
    """Return words in place of what is not recorded, or has no form in a request."""
    kind = str(part.get("type") or "part")
    if kind in {"blob", "file", "uri"}:
        missing.add(UNRECORDED)
        told = references.described(part)
        return f"[{references.titled(part, kind)}: {told}]"
    return pretty(part)


def _arguments(part: Row) -> str:
    arguments = part.get("arguments")
    if isinstance(arguments, str):
        return arguments
    return json.dumps({} if arguments is None else arguments, ensure_ascii=False)


def _text_of(answer: object) -> str:
    if isinstance(answer, list) and all(
        isinstance(part, Mapping) and part.get("type") == "text" for part in answer
    ):
        return "\n".join(_said(part) for part in answer)
    return pretty("" if answer is None else answer)
