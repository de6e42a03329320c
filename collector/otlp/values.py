"""OTLP's AnyValue in Python: the same text and type as the engine writes."""

import base64
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

MAX_LEVELS = 100
"""Lists and maps within each other; protobuf's own readers go no deeper, and JSON text
of some more could be stored but not written again."""

TOO_DEEP = "… (nested too deep)"
"""Stands for what lies deeper."""


def plain(value: AnyValue, *, levels: int = MAX_LEVELS) -> Any:
    """Return a value as Python's; bytes as base64, NaN and infinities as text.

    Lists and maps below so many levels become the text `TOO_DEEP`.
    """
    arm = value.WhichOneof("value")
    if arm in ("array_value", "kvlist_value") and levels == 0:
        return TOO_DEEP
    if arm == "array_value":
        return [plain(item, levels=levels - 1) for item in value.array_value.values]
    if arm == "kvlist_value":
        items = value.kvlist_value.values
        return {item.key: plain(item.value, levels=levels - 1) for item in items}
    if arm == "bytes_value":
        return base64.b64encode(value.bytes_value).decode()
    if arm == "double_value" and not math.isfinite(value.double_value):
        return str(value.double_value)
    return getattr(value, arm) if arm else None


def as_json(value: AnyValue) -> str:
    """Return a value as JSON text."""
    return orjson.dumps(plain(value)).decode()


def text_and_type(value: AnyValue) -> tuple[str, str]:
    """Return a value as attribute maps hold it, and its type; text has none."""
    arm = value.WhichOneof("value")
    if arm == "string_value":
        return value.string_value, ""
    if arm == "bool_value":
        return ("true" if value.bool_value else "false"), "bool"
    if arm == "int_value":
        return str(value.int_value), "int"
    if arm == "double_value":
        return double_text(value.double_value), "double"
    if arm == "bytes_value":
        return base64.b64encode(value.bytes_value).decode(), "bytes"
    if arm == "array_value" and not is_nested(value):
        return as_json(value), "array"
    return as_json(value), "json"


def double_text(value: float) -> str:
    """Return a double as the engine writes it: the shortest digits that mean it.

    Plain from 1e-6 to 1e21, with an exponent beyond, without a point if it is whole.
    """
    if not math.isfinite(value):
        return repr(value)
    negative, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
    minus, digits = "-" * negative, "".join(map(str, figures))
    point = len(digits) + int(exponent)
    if not value:
        return f"{minus}0"
    if not -6 < point <= 21:
        rest = f".{digits[1:]}" if digits[1:] else ""
        return f"{minus}{digits[0]}{rest}e{point - 1}"
    if point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    digits = digits.ljust(point, "0")
    rest = f".{digits[point:]}" if digits[point:] else ""
    return f"{minus}{digits[:point]}{rest}"


def texts_and_types(
    attributes: Iterable[KeyValue],
) -> tuple[dict[str, str], dict[str, str]]:
    """Return key → text of all attributes and key → type of those that are no text."""
    texts: dict[str, str] = {}
    types: dict[str, str] = {}
    for attribute in attributes:
        texts[attribute.key], type_name = text_and_type(attribute.value)
        if type_name:
            types[attribute.key] = type_name
        else:
            types.pop(attribute.key, None)
    return texts, types


def is_nested(value: AnyValue) -> bool:
    """Return whether the engine leaves a value to Python.

    True for maps, arrays of more than scalars, empty arrays and values without content.
    """
    arm = value.WhichOneof("value")
    if arm == "array_value":
        items = value.array_value.values
        deep = ("array_value", "kvlist_value")
        return not items or any(item.WhichOneof("value") in deep for item in items)
    return arm is None or arm == "kvlist_value"


def text_map(attributes: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return the attributes whose key begins with a prefix, without it."""
    return {
        key.removeprefix(prefix): text
        for key, text in attributes.items()
        if key.startswith(prefix)
    }
