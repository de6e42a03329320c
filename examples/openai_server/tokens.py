"""Token counts: about right, the same every time."""

import json
import re
from collections.abc import Sequence
from typing import Any

_PIECE = re.compile(
    r"[A-Za-z]{1,6}|\d{1,3}|[\uac00-\ud7a3]{1,2}|[^\sA-Za-z\d\uac00-\ud7a3]"
)


def count(text: str) -> int:
    """Return how many tokens a text has: short pieces of words, digits and signs."""
    return len(_PIECE.findall(text))


def count_messages(messages: Sequence[Any]) -> int:
    """Return the prompt's tokens, with the usual few for each message."""
    return sum(4 + count(_text_of(message)) for message in messages) + 3


def pieces(text: str) -> list[str]:
    """Split a text as it is streamed; joined again it is the same text."""
    return re.findall(r"\s*\S+\s*$|\s*\S+", text)


def _text_of(message: Any) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    return content if isinstance(content, str) else json.dumps(content)
