"""What a scorer answered, as scores: a value, a label, nothing, or an error."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracer._values.text import clean_text
from tracer.evaluation._scored import Scored
from tracer.semconv import MAX_SCORE


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
    """Why; of an error what the exception said."""

    metadata: Mapping[str, Any] | None = None
    """Facts about the judgement."""

    repeat: int = 0
    """Which judgement of the same author it is, from 0."""

    scale: tuple[float, float] | None = None
    """The least and the most that a number can be, as its scorer says."""


MISSING = Outcome()


def outcomes_of(
    name: str,
    value: Any,
    *,
    label: str | None = None,
    scale: tuple[float, float] | None = None,
) -> Iterator[tuple[str, Outcome]]:
    """Yield name and outcome of what a scorer answered.

    A mapping (or what has ``model_dump``) gives one score a key, named
    ``name.key``; None is a missing score; NaN, infinity and what is near it are
    errors. A tuple of `Scored` gives one outcome each. The scale is of every number
    that does not bring its own.

    Raises:
        ValueError: The value is nothing that can be averaged or counted.
    """
    value = _simple(value)
    if isinstance(value, Scored):
        yield name, _of_scored(name, value, label, scale)
    elif value and isinstance(value, tuple) and _are_scored(value):
        for one in value:
            yield name, _of_scored(name, one, label, scale)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from outcomes_of(f"{name}.{key}", part, scale=scale)
    else:
        yield name, _outcome(name, value, label, scale)


def _are_scored(values: tuple[Any, ...]) -> bool:
    return all(isinstance(one, Scored) for one in values)


def _of_scored(
    name: str, scored: Scored, label: str | None, scale: tuple[float, float] | None
) -> Outcome:
    value, scale = _simple(scored.value), scored.scale or scale
    said: Outcome = (
        _outcome(name, value, scored.label or label, scale)
        if scored.error is None
        else Outcome(error=scored.error)
    )
    return replace(
        said,
        detail=scored.explanation or said.detail,
        metadata=scored.metadata,
        repeat=scored.repeat,
    )


def _outcome(
    name: str, value: Any, label: str | None, scale: tuple[float, float] | None
) -> Outcome:
    if value is None:
        return MISSING if label is None else Outcome("label", label=label)
    if isinstance(value, bool):
        return Outcome("bool", value, label)
    if isinstance(value, int | float):
        number = _number(value)
        if abs(number) <= MAX_SCORE:  # not so of NaN
            return Outcome("number", number, label, scale=scale)
        said = f"the score is {number}; it must lie within {MAX_SCORE:g}"
        return Outcome(error="ValueError", detail=said)
    if isinstance(value, str):
        return Outcome("label", label=clean_text(value))
    raise ValueError(
        f"score {name!r} is a {type(value).__name__}; give a bool, a number, a text, "
        "None, or a mapping of those"
    )


def _number(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def plain_of(value: Any) -> Any:
    """Return what a scorer answered as values alone; of repeats a list."""
    if isinstance(value, Scored):
        return value.value if value.value is not None else value.label
    if isinstance(value, tuple):
        return [plain_of(one) for one in value]
    if isinstance(value, Mapping):
        return {key: plain_of(part) for key, part in value.items()}
    return value


def failure_of(value: Any) -> str | None:
    """Return why there is no score at all; None if there is one."""
    if isinstance(value, Scored):
        return value.error and (value.explanation or value.error)
    parts = value.values() if isinstance(value, Mapping) else value
    if not isinstance(value, tuple | Mapping) or not parts:
        return None
    failures = [failure_of(part) for part in parts]
    return failures[0] if all(failures) else None


def _simple(value: Any) -> Any:
    """Return numpy scalars, decimals and the like as Python's own."""
    if value is None or isinstance(value, bool | int | float | str | Mapping | Scored):
        return value
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return value.item()
    if hasattr(type(value), "__float__") and not hasattr(value, "__len__"):
        return float(value)
    return value
