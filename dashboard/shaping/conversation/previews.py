"""The start of an input or output as people read it."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

import jiter

_SPOKEN: Final = (
    *("question", "query", "prompt", "user_input", "user_message", "input", "inputs"),
    *("answer", "response", "reply", "completion", "output", "outputs", "result"),
    *("text", "content", "message", "messages", "parts", "summary", "title"),
)
"""Fields that hold what was said, the likelier before the others."""

_CALLS: Final = frozenset({"tool_call", "function_call", "tool_use"})
_PLACES_OF_CALLS: Final = ("messages", "parts", "content", "output", "tool_calls")


def one_line(text: str | None) -> str | None:
    """Return a text without the line breaks that a table has no room for."""
    return " ".join(text.split()) if text else None


def preview(text: str | None) -> str | None:
    """Return what is said in an input or output of which `text` is the start.

    A preview is JSON that may be cut off: of an object the field that speaks is shown,
    else its first value if that is text; what cannot be told is shown as it is.
    """
    if text == "null":
        return None
    if text is None or not text.startswith(('"', "{", "[")):
        return one_line(text)
    try:
        value = jiter.from_json(text.encode(), partial_mode="trailing-strings")
    except ValueError:
        return one_line(text)
    return one_line(said(value) or calls(value) or _first(value) or text)


def said(value: object) -> str | None:
    """Return the text in a value: of messages the last, of an object its likeliest."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        told = (said(value[name]) for name in _SPOKEN if name in value)
    elif isinstance(value, list):
        told = (said(item) for item in reversed(value) if isinstance(item, Mapping))
    else:
        return None
    return next(filter(None, told), None)


def calls(value: object) -> str | None:
    """Return the tool calls in messages as a program writes them: ``find(id="7")``."""
    return ", ".join(_calls(value)) or None


def _calls(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _calls(item)
    elif isinstance(value, Mapping):
        own = value.get("function", value if value.get("type") in _CALLS else None)
        if isinstance(own, Mapping) and isinstance(own.get("name"), str):
            yield f"{own['name']}({_arguments(own.get('arguments', own.get('input')))})"
            return
        for place in _PLACES_OF_CALLS:
            yield from _calls(value.get(place))


def _arguments(given: object) -> str:
    """Return arguments by name; of a text that is JSON they may be cut off."""
    if isinstance(given, str):
        try:
            given = jiter.from_json(given.encode(), partial_mode="trailing-strings")
        except ValueError:
            return str(given)
    if not isinstance(given, Mapping):
        return "" if given is None else json.dumps(given, ensure_ascii=False)
    written = {key: json.dumps(one, ensure_ascii=False) for key, one in given.items()}
    return ", ".join(f"{key}={one}" for key, one in written.items())


def _first(value: object) -> str | None:
    if not isinstance(value, Mapping):
        return None
    first = next(iter(value.values()), None)
    return first if isinstance(first, str) else None
