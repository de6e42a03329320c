"""Answers that fit into an assistant's context: long texts cut, with a mark."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

MOST_ITEMS = 200
"""Members of one list that are shown."""


def shortened(value: Any, most_characters: int) -> Any:
    """Return JSON of a value, every text in it cut to so many characters.

    What was left out is said where it was: ``… (1,204 characters more)``.
    """
    if isinstance(value, str):
        return _cut(value, most_characters)
    if isinstance(value, Mapping):
        return {str(key): shortened(one, most_characters) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        shown = [shortened(one, most_characters) for one in value[:MOST_ITEMS]]
        if len(value) > MOST_ITEMS:
            shown.append(f"… ({len(value) - MOST_ITEMS:,} items more)")
        return shown
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def without_empty(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without what says nothing: None, empty texts, lists and maps."""
    return {
        key: value
        for key, value in row.items()
        if value is not None and value not in ("", [], {})
    }


def _cut(text: str, most_characters: int) -> str:
    if len(text) <= most_characters:
        return text
    n_more = len(text) - most_characters
    return f"{text[:most_characters]}… ({n_more:,} characters more)"
