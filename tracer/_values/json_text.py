"""JSON text as the value that it stands for; other text is what it is."""

from typing import Any

import orjson


def value_of(text: Any) -> Any:
    """Return what JSON text says; what is no JSON, or no text, as it is."""
    if not isinstance(text, str):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def is_json(text: str) -> bool:
    """Return whether a text is JSON as a whole."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True
