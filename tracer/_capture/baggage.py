"""Context fields between processes, by W3C baggage, where both sides ask for it."""

from collections.abc import Mapping
from typing import Final

import orjson
from opentelemetry import baggage
from opentelemetry.context import Context
from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._values.json_text import value_of

MOST_ENTRY_CHARACTERS: Final = 1_000
"""A longer value is left at home: all of W3C baggage has 8 kB of room."""

_TRAVELLING: Final = (semconv.USER_ID, semconv.SESSION_ID, semconv.TAGS)


def with_fields(fields: Mapping[str, AttributeValue], context: Context) -> Context:
    """Return the context with the fields among its baggage."""
    for key, value in fields.items():
        if _travels(key):
            text = orjson.dumps(value).decode()
            if len(text) <= MOST_ENTRY_CHARACTERS:
                context = baggage.set_baggage(key, text, context)
    return context


def fields(context: Context | None) -> dict[str, AttributeValue]:
    """Return the fields that came in as baggage; what is not ours is passed over."""
    found: dict[str, AttributeValue] = {}
    for key, text in baggage.get_all(context).items():
        if _travels(key) and isinstance(text, str):
            value = value_of(text)  # text itself of a sender that writes no JSON
            if isinstance(value, str | bool | int | float):
                found[key] = value
            elif isinstance(value, list):
                found[key] = tuple(str(item) for item in value)
    return found


def _travels(key: str) -> bool:
    return key in _TRAVELLING or key.startswith(semconv.METADATA_PREFIX)
