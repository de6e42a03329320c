"""Any Python value as JSON text: at once, whole, and never with an exception."""

import math
from typing import Any, Final

import orjson

from tracer._guard import guarded
from tracer._values.plain import plain
from tracer._values.text import TRUNCATED, clean_text, cut_text

UNREADABLE: Final = '"[unserialisable]"'

_SHORTENING_STEPS: Final = ((4, 1000), (16, 250), (64, 60), (256, 15), (1024, 4))
"""Share of the limit for one text, and how many items of one list, ever shorter."""

_SERIALISING = guarded("turn a value into JSON")


def to_json(value: Any, *, max_bytes: int) -> str:
    """Return the value as JSON text of at most `max_bytes`, as it is at this moment.

    What JSON has no form for takes a readable one: see `plain_leaf`. NaN becomes the
    text ``"NaN"``, integers beyond 64 bits their digits, a lone surrogate U+FFFD, a
    cycle ``"<cycle>"``. What is too long is left out where `TRUNCATED` marks it.
    """
    with _SERIALISING:
        return encoded(value, max_bytes).decode()
    return UNREADABLE


def encoded(value: Any, max_bytes: int) -> bytes:
    """Return the same as UTF-8, for a caller who stands in a guard already."""
    data = _dump(value)
    return data if len(data) <= max_bytes else _shorten(data, max_bytes)


def _dump(value: Any) -> bytes:
    """Return the value as JSON; what orjson does not know, as a copy that it does.

    orjson's own ``default`` would run code of the app while orjson holds the app's
    lists: one that becomes shorter meanwhile is read after it was freed.
    """
    try:
        data = orjson.dumps(value)
    except TypeError:  # orjson's own error is one
        return orjson.dumps(plain(value))
    if b"null" in data and _holds_no_number(value):
        return orjson.dumps(plain(value))
    return data


def _holds_no_number(value: Any) -> bool:
    """Return whether a NaN or an infinity became a null; depth is that of the JSON."""
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, dict):
        return any(_holds_no_number(item) for item in value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return any(_holds_no_number(item) for item in value)
    fields = getattr(value, "__dict__", None)
    if fields and hasattr(value, "__dataclass_fields__"):
        return _holds_no_number(fields)
    return False


def _shorten(data: bytes, max_bytes: int) -> bytes:
    """Return JSON of the same shape whose longest texts and lists are cut."""
    tree = orjson.loads(data)
    for share, most_items in _SHORTENING_STEPS:
        shorter = orjson.dumps(_cut(tree, max_bytes // share, most_items))
        if len(shorter) <= max_bytes:
            return shorter
    return orjson.dumps(f"{TRUNCATED}: all of {len(data):,} bytes of JSON]")


def _cut(node: Any, most_characters: int, most_items: int) -> Any:
    if isinstance(node, str):
        return cut_text(node, most_characters)
    if isinstance(node, list):
        kept = [_cut(item, most_characters, most_items) for item in node[:most_items]]
        if len(node) > most_items:
            kept.append(f"{TRUNCATED}: {len(kept):,} of {len(node):,} items kept]")
        return kept
    if isinstance(node, dict):
        first = list(node.items())[:most_items]
        kept_items = {
            cut_text(key, most_characters): _cut(item, most_characters, most_items)
            for key, item in first
        }
        if len(node) > most_items:
            kept_items["…"] = f"{TRUNCATED}: {len(first):,} of {len(node):,} keys kept]"
        return kept_items
    return node


def attribute_value(value: Any, *, max_bytes: int) -> str | bool | int | float:
    """Return a metadata value as an attribute: scalars as they are, others as JSON.

    So readers take a text for JSON where it is a list, an object or ``null`` as a
    whole. A text of the caller's that would be taken so goes within quotes, as JSON
    text; all others stay as they are, and are found by what they say.
    """
    kind = type(value)
    if kind is str:
        text = cut_text(clean_text(value), max_bytes)
        return orjson.dumps(text).decode() if _is_read_as_json(text) else text
    if kind is bool or kind is float or (kind is int and -(2**63) <= value < 2**63):
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    text = to_json(value, max_bytes=max_bytes)
    if _is_read_as_json(text):
        return text
    scalar: str | bool | int | float = orjson.loads(text)
    return scalar


def metadata_value(attribute: Any) -> Any:
    """Return the value that `attribute_value` made an attribute of, as JSON has it."""
    if isinstance(attribute, str) and _is_read_as_json(attribute):
        return orjson.loads(attribute)
    return attribute


def _is_read_as_json(text: str) -> bool:
    """Return whether a text of metadata stands for more than itself.

    Within quotes it does if what they hold would without them.
    """
    if text == "null":
        return True
    if text[:1] not in ("[", "{", '"'):
        return False
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return not isinstance(value, str) or _is_read_as_json(value)
