"""OTLP's JSON as protobuf messages (specification 1.11, "JSON Protobuf Encoding").

Not protobuf's own JSON mapping: ids are hex, names are lowerCamelCase only, unknown
fields are passed over, and an id that is no id empties only itself, so that its item is
rejected and its neighbours are not.
"""

import base64
import binascii
import json
from typing import Any

import orjson
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from collector.errors import RequestTooLarge, UnreadableRequest

MAX_OPEN = 2_000_000
"""Lists and objects of one body: each takes a hundred times its bytes of memory, and as
a message some microseconds of the interpreter."""

_ITEMS = frozenset({"Span", "LogRecord"})
_NO_OTLP = (TypeError, ValueError, AttributeError, OverflowError)
_IDS = frozenset({"trace_id", "span_id", "parent_span_id"})
_WHOLE = frozenset(
    {
        FieldDescriptor.CPPTYPE_INT32,
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT32,
        FieldDescriptor.CPPTYPE_UINT64,
        FieldDescriptor.CPPTYPE_ENUM,
    }
)


def fill_from_json(message: Message, body: bytes) -> list[str]:
    """Read a JSON body into a message; return why items of it were left out.

    An item is a span or a log record; one that holds a value that cannot be is no part
    of the message, and its neighbours are.

    Raises:
        UnreadableRequest: it is no JSON, or a field around the items holds another
            type than OTLP's.
        RequestTooLarge: it holds too many lists and objects.
    """
    problems: list[str] = []
    try:
        content = _loads(body)
        if not isinstance(content, dict):
            holds = message.DESCRIPTOR.fields[0].json_name
            raise UnreadableRequest(
                f"the JSON body is {_kind(content)}; OTLP is an object with {holds}"
            )
        _fill(message, content, problems)
    except RecursionError:
        raise UnreadableRequest("the JSON body is nested too deeply") from None
    except _NO_OTLP as error:
        raise UnreadableRequest(f"the JSON body is no OTLP: {error}") from None
    return problems


def _loads(body: bytes) -> Any:
    """Return the values of JSON text.

    Raises:
        RequestTooLarge: it opens too many lists and objects.
    """
    if body.count(b"{") + body.count(b"[") > MAX_OPEN:
        raise RequestTooLarge(
            f"over {MAX_OPEN} lists and objects in one request; send smaller batches"
        )
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # bare NaN and lone surrogates, which orjson refuses and senders do send
        return json.loads(body.decode("utf-8", "replace"))


def _fill(message: Message, content: dict[str, Any], problems: list[str]) -> None:
    for field in message.DESCRIPTOR.fields:
        value = content.get(field.json_name)
        if value is None:
            continue
        if field.is_repeated:
            _fill_list(message, field, value, problems)
        elif field.message_type is not None:
            child = getattr(message, field.name)
            child.SetInParent()
            _fill(child, _object(field, value), problems)
        else:
            setattr(message, field.name, _scalar(field, value))


def _fill_list(
    message: Message, field: FieldDescriptor, value: Any, problems: list[str]
) -> None:
    if not isinstance(value, list):
        raise TypeError(f"{field.json_name} is no list")
    items = getattr(message, field.name)
    for item in value:
        if field.message_type is None:
            items.append(_scalar(field, item))
        elif field.message_type.name in _ITEMS:
            _fill_item(items, field, item, problems)
        else:
            _fill(items.add(), _object(field, item), problems)


def _fill_item(
    items: Any, field: FieldDescriptor, item: Any, problems: list[str]
) -> None:
    try:
        _fill(items.add(), _object(field, item), problems)
    except (*_NO_OTLP, RecursionError) as error:
        del items[-1]
        problems.append(f"an item is no OTLP: {error}")


def _object(field: FieldDescriptor, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{field.json_name} holds {_kind(value)}, not an object")
    return value


def _kind(value: Any) -> str:
    """Return what a value of JSON is, in its own words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    words: dict[type, str] = {list: "a list", str: "a text", dict: "an object"}
    return words.get(type(value), "a number")


def _scalar(field: FieldDescriptor, value: Any) -> Any:
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _identifier(value) if field.name in _IDS else base64.b64decode(value)
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        if not isinstance(value, str):
            raise TypeError(f"{field.json_name} is no text")
        return value.encode("utf-8", "replace").decode()
    if field.cpp_type in _WHOLE:
        return _whole_number(field, value)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        if not isinstance(value, bool):
            raise TypeError(f"{field.json_name} is no boolean")
        return value
    return float(value)


def _whole_number(field: FieldDescriptor, value: Any) -> int:
    if isinstance(value, str) and field.enum_type is not None:
        by_name = field.enum_type.values_by_name  # not the specification's, but seen
        if value in by_name:
            return int(by_name[value].number)
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"{field.json_name} is no whole number")
    return int(value)


def _identifier(value: Any) -> bytes:
    try:
        return bytes.fromhex(value)
    except (TypeError, ValueError, binascii.Error):
        return b""
