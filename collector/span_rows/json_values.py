"""JSON within attributes, read and written as the engine's functions do."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from collector.span_rows.attributes import LeftToEngine
from collector.span_rows.texts import double_text, json_text

_MAX_OPEN = 200
_LONG_NUMBER = re.compile(r"\d{19}")
"""Whole numbers beyond 64 bits, which the two read differently, look so."""


def as_letters(text: str) -> str:
    """Return JSON that was written with escapes as the letters that they mean.

    Other text stays as it is.

    Raises:
        LeftToEngine: the engine may read or write it otherwise.
    """
    if "\\u" not in text or not text.lstrip().startswith(("{", "[", '"')):
        return text
    if _LONG_NUMBER.search(text) or text.count("[") + text.count("{") > _MAX_OPEN:
        raise LeftToEngine("JSON with long numbers, or nested deep")
    try:
        return _written(orjson.loads(text))
    except orjson.JSONDecodeError:
        raise LeftToEngine("JSON that is none, or has half a letter") from None


def _written(value: Any) -> str:
    if isinstance(value, dict):
        members = (f"{_raw_text(k)}:{_written(v)}" for k, v in value.items())
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, str):
        return _raw_text(value)
    return double_text(value) if isinstance(value, float) else _word(value)


def _raw_text(text: str) -> str:
    """Return JSON text as JSONExtractRaw writes it: without escapes before slashes."""
    return json_text(text).replace("\\/", "/")


def _word(value: bool | int | None) -> str:
    if value is None:
        return "null"
    return str(value).lower()


def model_within(text: str) -> str:
    """Return the ``model`` of a JSON object, empty if it has none.

    Raises:
        LeftToEngine: it is no text.
    """
    found = _object(text).get("model")
    if found is None or isinstance(found, str):
        return found or ""
    raise LeftToEngine("a model that is no text")


def members(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield key, text and type of the members of a JSON object; none of other text.

    Raises:
        LeftToEngine: a value is neither text nor a whole number, a bool or null.
    """
    found = _object(text)
    if found and _LONG_NUMBER.search(text):
        raise LeftToEngine("metadata with long numbers")
    for key, value in found.items():
        if isinstance(value, str):
            yield key, value, ""
        elif isinstance(value, bool):
            yield key, _word(value), "bool"
        elif value is None or isinstance(value, int):
            yield key, _word(value), "json" if value is None else "int"
        else:
            raise LeftToEngine("metadata that is no scalar")


def _object(text: str) -> dict[str, Any]:
    if not text.lstrip().startswith("{"):
        return {}
    try:
        found: dict[str, Any] = orjson.loads(text)
    except orjson.JSONDecodeError:
        if "\\u" in text:
            raise LeftToEngine("JSON that has half a letter, or is none") from None
        return {}
    return found
