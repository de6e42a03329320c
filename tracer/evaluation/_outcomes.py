"""What a scorer answered, as scores: a value, a label, nothing, or an error."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """One score of one prediction, whether or not there is a value."""

    type: str | None = None
    """``bool``, ``number`` or ``label``; None if there is nothing to score by."""

    value: bool | float | None = None
    """The value of yes/no and numbers."""

    label: str | None = None
    """The label, which may also stand beside a value."""

    error: str | None = None
    """Qualified name of the exception, where the scorer failed instead."""

    detail: str | None = None
    """What the exception said."""


MISSING = Outcome()


def outcomes_of(
    name: str, value: Any, *, label: str | None = None
) -> Iterator[tuple[str, Outcome]]:
    """Yield name and outcome of what a scorer answered.

    A mapping (or what has ``model_dump``) gives one score a key, named
    ``name.key``; None is a missing score; a number that is not finite is an error.

    Raises:
        ValueError: The value is nothing that can be averaged or counted.
    """
    value = _simple(value)
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from outcomes_of(f"{name}.{key}", part)
    else:
        yield name, _outcome(name, value, label)


def _outcome(name: str, value: Any, label: str | None) -> Outcome:
    if value is None:
        return MISSING if label is None else Outcome("label", label=label)
    if isinstance(value, bool):
        return Outcome("bool", value, label)
    if isinstance(value, int | float):
        number = _number(value)
        if isfinite(number):
            return Outcome("number", number, label)
        return Outcome(error="ValueError", detail=f"the score is {number}")
    if isinstance(value, str):
        return Outcome("label", label=value)
    raise ValueError(
        f"score {name!r} is a {type(value).__name__}; give a bool, a number, a text, "
        "None, or a mapping of those"
    )


def _number(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _simple(value: Any) -> Any:
    """Return numpy scalars, decimals and the like as Python's own."""
    if value is None or isinstance(value, bool | int | float | str | Mapping):
        return value
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return value.item()
    if hasattr(type(value), "__float__") and not hasattr(value, "__len__"):
        return float(value)
    return value
