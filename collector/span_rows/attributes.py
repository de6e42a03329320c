"""A list of attributes as the engine sees it: keys, texts and types, side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from collector.otlp.values import as_json, is_nested, text_and_type
from collector.span_rows.texts import double_json, double_text, json_text


class LeftToEngine(Exception):
    """Something that only the engine writes down; raised before anything is stored."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """Attributes in the order in which they were sent."""

    keys: list[str]
    """Their keys."""

    texts: list[str]
    """Their values as text."""

    types: list[str]
    """The types of those that are no text, as in `attribute_types`; else empty."""

    def members(self) -> Iterator[tuple[str, str, str]]:
        """Yield key, text and type of each."""
        return zip(self.keys, self.texts, self.types, strict=True)

    def text_of(self, key: str) -> str:
        """Return the text of a key, empty if it is not there."""
        return self.texts[self.keys.index(key)] if key in self.keys else ""

    def as_map(self) -> dict[str, str]:
        """Return key → text.

        Raises:
            LeftToEngine: a key is there twice, and a map of the engine keeps both.
        """
        return unique(self.keys, self.texts)

    def as_json(self) -> str:
        """Return them as a JSON object."""
        members = (
            f"{json_text(key)}:{_json_of(text, type_name)}"
            for key, text, type_name in self.members()
        )
        return f"{{{','.join(members)}}}"


def read(sent: Iterable[KeyValue]) -> Attributes:
    """Return what a list of OTLP attributes holds."""
    found = Attributes([], [], [])
    for attribute in sent:
        text, type_name = _text_and_type(attribute.value)
        found.keys.append(attribute.key)
        found.texts.append(text)
        found.types.append(type_name)
    return found


def unique(keys: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    """Return key → text.

    Raises:
        LeftToEngine: a key is there twice.
    """
    found = dict(zip(keys, texts, strict=True))
    if len(found) < len(keys):
        raise LeftToEngine("a key is there twice")
    return found


def _text_and_type(value: AnyValue) -> tuple[str, str]:
    arm = value.WhichOneof("value")
    if arm == "string_value":
        return value.string_value, ""
    if arm == "double_value":
        return double_text(value.double_value), "double"
    if arm == "array_value" and not is_nested(value):
        items = ",".join(map(_element, value.array_value.values))
        return f"[{items}]", "array"
    return text_and_type(value)


def _element(value: AnyValue) -> str:
    arm = value.WhichOneof("value")
    if arm == "string_value":
        return json_text(value.string_value)
    if arm == "double_value":
        return double_json(double_text(value.double_value))
    return as_json(value)


def _json_of(text: str, type_name: str) -> str:
    if type_name in ("", "bytes"):
        return json_text(text)
    return double_json(text) if type_name == "double" else text
