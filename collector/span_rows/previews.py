"""The first characters of what went in or came out, for lists."""

from typing import Any

import orjson

from collector.span_rows.attributes import LeftToEngine
from collector.storage.intake.expressions import PREVIEW_CHARACTERS


def preview(content: str, *, message: int) -> str:
    """Return the text of a message, of JSON text, or the content as it is; cut.

    Args:
        content: An input or output.
        message: Which message of a list to show: 0 is the first, -1 the last.

    Raises:
        LeftToEngine: what is shown of the message is no text.
    """
    return (_readable(content, message) or content)[:PREVIEW_CHARACTERS]


def _readable(content: str, message: int) -> str:
    if not content.startswith(("[", '"')):
        return ""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return ""
    if isinstance(found, str):
        return found
    try:
        shown = found[message]
    except IndexError:
        return ""
    if not isinstance(shown, dict):
        return ""
    return _first_part(shown) or _text(shown.get("content"))


def _first_part(message: dict[str, Any]) -> str:
    parts = message.get("parts") or [None]
    if not isinstance(parts, list):
        raise LeftToEngine("a message with parts that are no list")
    first = parts[0]
    return _text(first.get("content")) if isinstance(first, dict) else ""


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise LeftToEngine("a message with content that is no text")
