"""Read a field of what the API sends or gets, be it a model object or plain JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.util.types import AttributeValue

_NOTHING: dict[str, Any] = {}
Scalar = type[str] | type[int] | type[float]


@dataclass(frozen=True)
class Reading:
    """What one request or response tells about its call."""

    attributes: Mapping[str, AttributeValue]
    """Attributes of the span, in the types of the convention."""

    content: Mapping[str, Any] = field(default_factory=dict)
    """What people and models said, by attribute name; JSON values, not yet text."""

    failure: str | None = None
    """What the API says went wrong in an answer that raised nothing, if anything."""


def fields_of(source: Any) -> Mapping[str, Any]:
    """Return all fields of a model object or of plain JSON; empty for anything else.

    Asking a model for an attribute that it lacks costs a raised exception, so its
    fields are read where pydantic keeps them.
    """
    if isinstance(source, dict):
        return source
    own: dict[str, Any] = getattr(source, "__dict__", _NOTHING)
    extra = getattr(source, "__pydantic_extra__", None)
    return {**own, **extra} if extra else own


def get(source: Any, name: str) -> Any:
    """Return a field, or None if it is not there."""
    return fields_of(source).get(name)


def items(source: Any, name: str) -> Sequence[Any]:
    """Return a field that is a list, empty if it is anything else."""
    value = get(source, name)
    return value if isinstance(value, (list, tuple)) else ()


def text(source: Any, name: str) -> str:
    """Return a field that is text, empty if it is anything else."""
    value = get(source, name)
    return value if isinstance(value, str) else ""


def number(source: Any, name: str) -> int:
    """Return a field that is a whole number, 0 if it is anything else."""
    value = get(source, name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def typed(
    source: Any, wanted: Sequence[tuple[str, str, Scalar]]
) -> dict[str, AttributeValue]:
    """Return the attributes whose field was given in the type that the wire wants.

    Args:
        source: A request's body or a response.
        wanted: (attribute, field, type); a whole number does for a ``float``.
    """
    attributes: dict[str, AttributeValue] = {}
    fields = fields_of(source)
    for attribute, name, kind in wanted:
        value = fields.get(name)
        if value is None or isinstance(value, bool):
            continue
        if kind is float and isinstance(value, int):
            value = float(value)
        if isinstance(value, kind):
            attributes[attribute] = value
    return attributes
