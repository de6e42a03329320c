"""A model call's messages as a conversation to read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeGuard

from dashboard.shaping.conversation import references

MOST_ITEMS: Final = 50
MOST_CHARACTERS: Final = 200_000
"""Of one text; all of it is in the download of the step."""

_EMPTY: Final = frozenset({"", "[]", "{}", "null"})
"""Texts, as values are written, in which nothing is said."""
_SPEAKING: Final = frozenset(
    {"text", "reasoning", "refusal", "tool_call", "tool_call_response"}
)
"""Parts whose text is all that they are."""

Part = dict[str, Any]


def conversation(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return messages as the component draws them, in the order given.

    Calls of tools and their results name each other.
    """
    shown = [_message(message) for message in messages]
    _match(part for message in shown for part in message["parts"])
    return shown


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    parts = _parts(message)
    copied = "\n\n".join(part.pop("raw", part["text"]) for part in parts)
    drawn = [_cut(part) for part in parts]
    speaking = [part for part in drawn if part.get("title") or not part.get("empty")]
    return {
        "role": str(message.get("role") or "message"),
        "note": _note(message),
        "parts": speaking or drawn[:1],
        "copy": copied,
    }


def value_message(role: str, value: object) -> dict[str, Any]:
    """Return a plain input or output as one message: named fields one by one.

    What is copied from it is the value itself, as JSON.
    """
    parts = [_cut(part) for part in _fields(value)]
    return {"role": role, "note": "", "parts": parts, "copy": pretty(value)}


def _cut(part: Part) -> Part:
    """Return a part as it is drawn: cut where it is long, marked where it is empty."""
    said = part["text"].strip()
    if part["type"] in _SPEAKING and said in _EMPTY and (part.get("code") or not said):
        return part | {"empty": True}
    n_left = len(part["text"]) - MOST_CHARACTERS
    if n_left <= 0:
        return part
    return part | {"text": part["text"][:MOST_CHARACTERS], "cut": n_left}


def _match(parts: Iterator[Part]) -> None:
    """Let each call of a tool and its result say where the other is."""
    calls: dict[str, Part] = {}
    for number, part in enumerate(parts):
        called = part.get("id")
        if not called or part["type"] not in {"tool_call", "tool_call_response"}:
            continue
        part["anchor"] = f"{part['type']}-{number}"
        if part["type"] == "tool_call":
            calls[called] = part
        elif (call := calls.get(called)) is not None:
            part["to"], part["name"] = call["anchor"], call["name"]
            call["to"] = part["anchor"]


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
    shown = [_part(part) for part in parts] or [{"type": "text", "text": ""}]
    if message.get("role") == "assistant":
        return [_structured(part) for part in shown]
    return shown


def _structured(part: Part) -> Part:
    """Return an answer that is JSON laid out as JSON; what is copied stays raw."""
    said = part["text"]
    if part["type"] != "text" or part.get("title") or said[:1] not in {"{", "["}:
        return part
    value = _unpacked(said)
    if isinstance(value, str):
        return part
    return part | {"text": pretty(value), "code": True, "raw": said}


def _part(part: object) -> Part:
    if not isinstance(part, Mapping):
        return _text(part)
    kind = part.get("type")
    if kind == "text":
        return _text(part.get("content", part.get("text", "")))
    if kind in {"reasoning", "thinking"}:
        return _told(part, "reasoning")
    if kind == "refusal":
        return {**_told(part, "refusal"), "title": "refusal"}
    if kind == "tool_call":
        return _call(part)
    if kind == "tool_call_response":
        return _result(part)
    if kind in {"server_tool_call", "server_tool_call_response"}:
        return _of_server_tool(part, kind)
    if kind in {"blob", "file", "uri"}:
        return _reference(part, kind)
    return {**_text(part), "title": str(kind or "part")}


def _told(part: Mapping[str, Any], kind: str) -> Part:
    said = part.get("content", part.get("text", part.get(kind, "")))
    return {**_text(said), "type": kind}


def _result(part: Mapping[str, Any]) -> Part:
    answer = _unpacked(part.get("response", part.get("result")))
    shown = {**_text(answer), "type": "tool_call_response", "title": "tool result"}
    return shown | ({"id": str(part["id"])} if part.get("id") else {})


def _reference(part: Mapping[str, Any], kind: str) -> Part:
    """Return a picture whose bytes are here, else what stands for the bytes."""
    drawn = references.picture(part)
    told = references.described(part)
    if drawn:
        return {"type": "image", "text": str(part.get("name") or ""), "image": drawn}
    title = references.titled(part, kind)
    return {**_text(told), "type": "reference", "title": title}


def _of_server_tool(part: Mapping[str, Any], kind: str) -> Part:
    """Return a call of one of the API's own tools, or what came of it."""
    said = part.get(kind)
    held = dict(said) if isinstance(said, Mapping) else {"value": said}
    called = str(part.get("name") or held.get("type") or "")
    shown = _text({key: value for key, value in held.items() if key != "type"})
    known = {"name": called} | ({"id": str(part["id"])} if part.get("id") else {})
    if kind == "server_tool_call":
        return {**shown, **known, "type": "tool_call", "title": "tool call"}
    return {**shown, **known, "type": "tool_call_response", "title": "tool result"}


def _call(part: Mapping[str, Any]) -> Part:
    arguments = _unpacked(part.get("arguments"))
    shown = {
        "type": "tool_call",
        "title": "tool call",
        "name": str(part.get("name") or ""),
        "text": pretty({} if arguments is None else arguments),
        "code": True,
    }
    return shown | ({"id": str(part["id"])} if part.get("id") else {})


def _text(value: object) -> Part:
    return {"type": "text", "text": pretty(value), "code": not isinstance(value, str)}


def _unpacked(value: object) -> object:
    """Return what JSON text says, or the text itself."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
