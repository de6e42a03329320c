"""Metadata: values to the texts and types that the store keeps, and texts to values.

A map of the store holds text, which filters and SQL read. What was no text has its type
noted beside it (``metadata_types``), as on the wire. JSON has more than the wire's
scalars, so a text without a type is JSON where it is a list, an object or ``null`` as a
whole; a text that only looks so travels within quotes, as JSON text. The SDK writes by
the same rule (`tracer._values.encoding.attribute_value`); of a sender that knows none
of this, a text that happens to be a list, an object or ``null`` comes back as such.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from collector.json_text import value_of
from tracer import semconv

_BEGINS: Final = ("[", "{", '"')
_TYPES: Final[Mapping[type, str]] = {bool: "bool", int: "int", float: "double"}


def value_of_metadata(text: str) -> Any:
    """Return the value of a text without a type: mostly the text itself."""
    if text == "null":
        return None
    if text[:1] not in _BEGINS:
        return text
    value = value_of(text)
    if isinstance(value, str) and (value == text or value_of_metadata(value) == value):
        return text  # its quotes are its own
    return value


def metadata_texts(
    metadata: Mapping[str, Any],
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of JSON values by key, and the types of those that are no text.

    The types' keys are those of the wire, with `semconv.METADATA_PREFIX`.
    """
    texts, types = {}, {}
    for key, value in metadata.items():
        texts[key] = _text_of(value)
        if type_name := _TYPES.get(type(value)):
            types[semconv.METADATA_PREFIX + key] = type_name
    return texts, types


def _text_of(value: Any) -> str:
    if isinstance(value, str) and value_of_metadata(value) == value:
        return value
    return orjson.dumps(value).decode()
