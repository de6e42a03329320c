"""JSON text as values that an answer can be written with; pure."""

from typing import Any

import orjson

MAX_OPEN = 200
"""The writer of JSON stops at 254 levels, of which an answer takes some."""


def value_of(text: str) -> Any:
    """Return the value of JSON text; other text as it is.

    Text that nests too deep to be written again within an answer stays text.
    """
    try:
        value = orjson.loads(text)
        if text.count("[") + text.count("{") > MAX_OPEN:
            orjson.dumps(_within(value, 50))
    except (orjson.JSONDecodeError, TypeError):
        return text
    return value


def _within(value: Any, levels: int) -> Any:
    for _ in range(levels):
        value = [value]
    return value
