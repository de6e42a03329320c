"""Attribute values of every type as OTLP's AnyValue and KeyValue."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from tracer._delivery.otlp.wire import (
    SHORT,
    double,
    field,
    repeated_field,
    utf8,
    varint,
)

_DEEPEST = 32
_INT64_LEAST, _INT64_MOST = -(1 << 63), (1 << 63) - 1
_UINT64_MASK = (1 << 64) - 1


def encode_attributes(tag: bytes, entries: Mapping[str, Any], depth: int = 0) -> bytes:
    """Encode each entry as a KeyValue field with this tag, in the mapping's order."""
    parts = []
    for key, value in entries.items():
        if (
            type(value) is type(key) is str
            and len(value) <= SHORT
            and len(key) <= SHORT
        ):
            parts.append(_short_entry(tag, key, value))
        else:
            encode = _OF_TYPE.get(type(value))
            any_value = encode(value) if encode else encode_value(value, depth)
            parts.append(_entry(tag, key, any_value))
    return b"".join(parts)


def encode_value(value: Any, depth: int = 0) -> bytes:
    """Encode the inside of an AnyValue; never raises.

    An integer beyond 64 bits and a value of a foreign type become text, and so does
    what is nested deeper than readers of protobuf accept.
    """
    for kind, encode in _OF_TYPE.items():
        if isinstance(value, kind):
            return encode(value)
    if depth >= _DEEPEST:
        return _text("<nested too deeply>")
    if isinstance(value, Sequence):
        items = [field(b"\x0a", encode_value(item, depth + 1)) for item in value]
        return field(b"\x2a", b"".join(items))
    if isinstance(value, Mapping):
        return field(b"\x32", encode_attributes(b"\x0a", value, depth + 1))
    return _text(f"<{type(value).__qualname__}>")


def rough_bytes(value: Any, depth: int = 0) -> int:
    """Estimate a value's size in memory, cheaply: text and bytes count, not numbers."""
    if isinstance(value, (str, bytes)):
        return value.__sizeof__()
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (tuple, list)):
        return 0
    if depth >= _DEEPEST:
        return 0
    return 64 * len(value) + sum(rough_bytes(item, depth + 1) for item in value)


def utf8_entry(tag: bytes, key: str, text: bytes) -> tuple[bytes, bytes]:
    """Encode a KeyValue field whose value is UTF-8 already: its head, and the text.

    They are joined by whoever joins the rest, so that long text is copied once.
    """
    head = repeated_field(b"\x0a", key)
    length = b"\x0a" + varint(len(text))
    value = varint(len(length) + len(text))
    total = varint(len(head) + 1 + len(value) + len(length) + len(text))
    return b"%b%b%b\x12%b%b" % (tag, total, head, value, length), text


def _entry(tag: bytes, key: str, any_value: bytes) -> bytes:
    head = repeated_field(b"\x0a", str(key))
    length = varint(len(any_value))
    total = varint(len(head) + 1 + len(length) + len(any_value))
    return b"%b%b%b\x12%b%b" % (tag, total, head, length, any_value)


@lru_cache(maxsize=8192)
def _short_entry(tag: bytes, key: str, value: str) -> bytes:
    """Remember entries that come again and again: kinds, models, users."""
    return _entry(tag, key, _text(value))


def _text(value: str) -> bytes:
    text = utf8(value)
    return b"\x0a" + varint(len(text)) + text


def _integer(value: int) -> bytes:
    if _INT64_LEAST <= value <= _INT64_MOST:
        return b"\x18" + varint(value & _UINT64_MASK)
    return _text(str(value))


_OF_TYPE: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    bool: lambda value: b"\x10\x01" if value else b"\x10\x00",
    int: _integer,
    float: lambda value: b"\x21" + double(value),
    bytes: lambda value: field(b"\x3a", value),
    type(None): lambda value: b"",
}
"""How each plain type is written; ``bool`` stands before ``int``, its base."""
