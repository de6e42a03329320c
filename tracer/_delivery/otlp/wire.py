"""Protobuf's wire format: lengths, texts, and reading fields back."""

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

SHORT: Final = 64
"""Most characters of a text that is remembered: memory is bounded by their number."""

_ONE_BYTE = tuple(bytes((number,)) for number in range(128))

fixed32 = struct.Struct("<I").pack
fixed64 = struct.Struct("<Q").pack
double = struct.Struct("<d").pack


def varint(number: int) -> bytes:
    """Encode an unsigned integer; a negative one must be masked to 64 bits before."""
    if number < 128:
        return _ONE_BYTE[number]
    if number < 16384:
        return bytes((number & 0x7F | 0x80, number >> 7))
    parts = bytearray()
    while number > 127:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def utf8(text: str) -> bytes:
    """Encode text; a lone surrogate becomes ``?``, so that it costs only itself."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def field(tag: bytes, payload: bytes) -> bytes:
    """Encode a length-delimited field: a message, bytes or UTF-8 text."""
    return tag + varint(len(payload)) + payload


def repeated_field(tag: bytes, text: str) -> bytes:
    """Encode a text that comes often (keys, span names); remember it if short."""
    if len(text) > SHORT:
        return field(tag, utf8(text))
    return _remembered_field(tag, text)


@lru_cache(maxsize=4096)
def _remembered_field(tag: bytes, text: str) -> bytes:
    return field(tag, utf8(text))


def fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Read a message's fields: number, and bytes (fixed32/64 too) or a varint's value.

    Raises:
        ValueError: The bytes are not a protobuf message.
    """
    position, end = 0, len(message)
    while position < end:
        tag, position = _read_varint(message, position)
        kind = tag & 7
        if kind == 0:
            number, position = _read_varint(message, position)
            yield tag >> 3, number
            continue
        if kind == 2:
            length, position = _read_varint(message, position)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError(f"protobuf wire type {kind} at byte {position}")
        if position + length > end:
            raise ValueError(f"protobuf field cut short at byte {position}")
        yield tag >> 3, message[position : position + length]
        position += length


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if position >= len(message):
            break
        byte = message[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 128:
            return number, position
    raise ValueError(f"protobuf varint broken at byte {position}")
