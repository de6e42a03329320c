"""A model call's messages as a conversation to read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeGuard

MOST_ITEMS: Final = 50

Part = dict[str, Any]


def conversation(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return messages as the component draws them, in the order given."""
    return [
        {
            "role": str(message.get("role") or "message"),
            "note": _note(message),
            "parts": _parts(message),
        }
        for message in messages
    ]


def value_message(role: str, value: object) -> dict[str, Any]:
    """Return a plain input or output as one message: named fields one by one.

    What is copied from it is the value itself, as JSON.
    """
    return {"role": role, "note": "", "parts": _fields(value), "copy": pretty(value)}


def _fields(value: object) -> list[Part]:
    if isinstance(value, Mapping) and value:
        return [{**_readable(item), "title": str(key)} for key, item in value.items()]
    if _are_plain(value):
        return [
            {**_readable(item), "title": f"{number}"}
            for number, item in enumerate(value, start=1)
        ]
    return [_text(value)]


def _readable(value: object) -> Part:
    """Return a field's value: texts as texts, turns as a dialogue, else JSON."""
    if isinstance(value, Mapping) and _are_plain([value]):
        return _text("\n".join(f"{key}: {item}" for key, item in value.items()))
    if _are_plain(value) and all(item.keys() == {"role", "content"} for item in value):
        return _text("\n".join(f"{item['role']}: {item['content']}" for item in value))
    return _text(value)


def _are_plain(value: object) -> TypeGuard[list[Mapping[str, Any]]]:
    """Return whether a value is a list of objects that hold only texts and numbers."""
    return (
        isinstance(value, list)
        and 0 < len(value) <= MOST_ITEMS
        and all(isinstance(item, Mapping) and item for item in value)
        and all(
            isinstance(part, str | int | float)
            for item in value
            for part in item.values()
        )
    )


def pretty(value: object) -> str:
    """Return a value as indented JSON, Korean as Korean; text as it is."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _note(message: Mapping[str, Any]) -> str:
    reason = message.get("finish_reason")
    notes = [message.get("name"), f"finish: {reason}" if reason else None]
    return " · ".join(str(note) for note in notes if note)


def _parts(message: Mapping[str, Any]) -> list[Part]:
    parts = message.get("parts")
    if parts is None:
        parts = message.get("content")
    if not isinstance(parts, list):
        parts = [] if parts is None else [parts]
    return [_part(part) for part in parts] or [{"type": "text", "text": ""}]


def _part(part: object) -> Part:
    if not isinstance(part, Mapping):
        return _text(part)
    kind = part.get("type")
    if kind == "text":
        return _text(part.get("content", part.get("text", "")))
    if kind in {"reasoning", "thinking"}:
        return {
            **_text(part.get("content", part.get("text", ""))),
            "type": "reasoning",
            "title": "reasoning",
        }
    if kind == "tool_call":
        return _call(part)
    if kind == "tool_call_response":
        answer = part.get("response", part.get("result"))
        return {
            **_text(_unpacked(answer)),
            "type": kind,
            "title": f"tool result {part.get('id') or ''}".strip(),
        }
    if kind in {"server_tool_call", "server_tool_call_response"}:
        return _of_server_tool(part, kind)
    if kind in {"blob", "file", "uri"} and not part.get("content"):
        return _reference(part, kind)
    if kind == "blob" and part.get("modality") == "image":
        source = (
            f"data:{part.get('mime_type') or 'image/png'};base64,{part.get('content')}"
        )
        return {"type": "image", "text": "", "image": source}
    return {**_text(part), "title": str(kind or "part")}


def _reference(part: Mapping[str, Any], kind: str) -> Part:
    """Return what stands for bytes that were not recorded: which, and how many."""
    size_bytes = part.get("size_bytes")
    told = [
        part.get("name") or part.get("file_id") or part.get("uri"),
        part.get("mime_type"),
        f"{size_bytes:,} bytes" if isinstance(size_bytes, int) else None,
        part.get("size"),
    ]
    modality = part.get("modality") or part.get("field")
    title = " · ".join(str(each) for each in (modality, kind) if each)
    return {**_text(" · ".join(str(each) for each in told if each)), "title": title}


def _of_server_tool(part: Mapping[str, Any], kind: str) -> Part:
    """Return a call of one of the API's own tools, or what came of it."""
    said = part.get(kind)
    held = dict(said) if isinstance(said, Mapping) else {"value": said}
    called = str(part.get("name") or held.get("type") or "")
    shown = _text({key: value for key, value in held.items() if key != "type"})
    if kind == "server_tool_call":
        return {**shown, "type": "tool_call", "title": "tool call", "name": called}
    return {**shown, "type": "tool_call_response", "title": f"tool result {called}"}


def _call(part: Mapping[str, Any]) -> Part:
    arguments = _unpacked(part.get("arguments"))
    return {
        "type": "tool_call",
        "title": "tool call",
        "name": str(part.get("name") or ""),
        "text": pretty({} if arguments is None else arguments),
        "code": True,
    }


def _text(value: object) -> Part:
    return {"type": "text", "text": pretty(value), "code": not isinstance(value, str)}


def _unpacked(value: object) -> object:
    """Return what JSON text says, or the text itself."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
