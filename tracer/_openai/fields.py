"""Read a field of what the API sends or gets, be it a model object or plain JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from opentelemetry.util.types import AttributeValue

_NOTHING: dict[str, Any] = {}
_NO_MODEL: dict[str, Any] = {}
Scalar = type[str] | type[int] | type[float] | type[bool]
Wanted = Mapping[str, tuple[str, Scalar]]
"""Field → its attribute, and the type in which that travels."""


class Reading(NamedTuple):
    """What one request or response tells about its call."""

    attributes: dict[str, AttributeValue]
    """Attributes of the span, in the types of the convention."""

    content: Mapping[str, Any] = _NOTHING
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
    extra = getattr(source, "__pydantic_extra__", _NO_MODEL)
    if extra is _NO_MODEL and isinstance(source, Mapping):
        return source
    own: dict[str, Any] = getattr(source, "__dict__", _NOTHING)
    return {**own, **extra} if extra else own


def get(source: Any, name: str) -> Any:
    """Return a field, or None if it is not there."""
    return fields_of(source).get(name)


def items(source: Any, name: str) -> Sequence[Any]:
    """Return a field that is a list, empty if it is anything else."""
    value = fields_of(source).get(name)
    return value if isinstance(value, (list, tuple)) else ()


def text(source: Any, name: str) -> str:
    """Return a field that is text, empty if it is anything else."""
    value = fields_of(source).get(name)
    return value if isinstance(value, str) else ""


def number(source: Any, name: str) -> int:
    """Return a field that is a whole number, 0 if it is anything else."""
    value = fields_of(source).get(name)
    return value if type(value) is int else 0


def typed(source: Any, wanted: Wanted) -> dict[str, AttributeValue]:
    """Return the attributes whose field was given in the type that the wire wants.

    Args:
        source: A request's body or a response.
        wanted: The attribute of each field; a whole number does for a ``float``.
    """
    attributes: dict[str, AttributeValue] = {}
    for name, value in fields_of(source).items():
        if name in wanted and value is not None:
            attribute, kind = wanted[name]
            if type(value) is kind:
                attributes[attribute] = value
            elif kind is float and type(value) is int:
                attributes[attribute] = float(value)
            elif isinstance(value, kind) and not isinstance(value, bool):
                attributes[attribute] = value
    return attributes
