"""Conditions as people write them: a field, an operator, a value that fits both."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from collector.api.refusals import Refusal, bad_filter

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
OPERATORS = (*COMPARISONS, "in", "contains", "starts_with", "exists", "missing")
MAX_CONDITIONS = 50


@dataclass(frozen=True)
class Condition:
    """One thing that must hold of a row."""

    field: str
    """Name as written by the caller (``metadata.department``)."""

    op: str
    """One of `OPERATORS`."""

    value: Any = None
    """Text, number, bool or a list of them; nothing for ``exists`` and ``missing``."""


def parse_where(text: str | None) -> list[Condition]:
    """Read the JSON list of conditions that the ``where`` parameter holds.

    Raises:
        Refusal: 400 for anything but a list of ``[field, op, value]``.
    """
    try:
        items = orjson.loads(text) if text else []
    except orjson.JSONDecodeError as error:
        raise _malformed(text, str(error)) from None
    if not isinstance(items, list):
        raise _malformed(text, "it is not a list")
    if len(items) > MAX_CONDITIONS:
        raise _malformed(f"{len(items)} conditions", f"at most {MAX_CONDITIONS} work")
    return [_condition(item) for item in items]


def are_conditions(value: object) -> bool:
    """Return whether a value is what ``where`` holds; of which fields, lists know."""
    return (
        isinstance(value, list)
        and len(value) <= MAX_CONDITIONS
        and all(
            isinstance(one, list)
            and len(one) in (2, 3)
            and isinstance(one[0], str)
            and one[1] in OPERATORS
            for one in value
        )
    )


def _condition(item: object) -> Condition:
    if not isinstance(item, list) or len(item) not in (2, 3):
        raise _malformed(item, "a condition has a field, an operator and a value")
    name, op, *rest = item
    if not isinstance(name, str) or not isinstance(op, str):
        raise _malformed(item, "field and operator are text")
    if op not in OPERATORS:
        raise bad_filter(
            f"operator {op!r} is not known", hint=f"use one of {', '.join(OPERATORS)}"
        )
    return Condition(name, op, rest[0] if rest else None)


def _malformed(value: object, why: str) -> Refusal:
    return bad_filter(
        f"where {value!r} cannot be read: {why}",
        hint='write a JSON list of [field, op, value], as [["model","=","gpt-4o"]]',
    )


def items_of(value: Any) -> list[Any]:
    """Return a list's items, or the one value."""
    return value if isinstance(value, list) else [value]


def unfit(condition: Condition, hint: str) -> Refusal:
    """Return a 400 for a value that does not fit its field and operator."""
    return bad_filter(
        f"{condition.field} {condition.op} {condition.value!r} does not work", hint=hint
    )


def as_list(condition: Condition) -> list[Any]:
    """Return the values of ``in``; at least one."""
    if not isinstance(condition.value, list) or not condition.value:
        raise unfit(condition, "in takes a list of values")
    return condition.value


def as_text(value: Any, condition: Condition) -> str:
    """Return a value as the text that columns hold."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise unfit(condition, "give text")


def as_number(value: Any, condition: Condition) -> float:
    """Return a value as a number; text that says one is one."""
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise unfit(condition, f"{condition.field} is a number") from None


def as_bool(value: Any, condition: Condition) -> bool:
    """Return a value that is true or false."""
    if isinstance(value, bool):
        return value
    raise unfit(condition, f"{condition.field} is true or false")


def as_hex(value: Any, digits: int, condition: Condition) -> str:
    """Return an id of this many digits in lower case."""
    if isinstance(value, str) and len(value) == digits:
        try:
            return bytes.fromhex(value).hex()
        except ValueError:
            pass
    raise unfit(condition, f"{condition.field} has {digits} hex digits")


def as_time_ns(value: Any, condition: Condition) -> int:
    """Return a moment as UTC nanoseconds since 1970."""
    try:
        return time_ns(value)
    except ValueError:
        hint = "give ISO 8601 or integer nanoseconds since 1970"
        raise unfit(condition, hint) from None


def time_ns(value: object) -> int:
    """Read ISO 8601 text (UTC if it names no zone) or integer nanoseconds.

    Raises:
        ValueError: it is neither, or lies before 1970 or after 2262: the store holds
            no such time.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(value)
    if (
        isinstance(value, int)
        or value.lstrip("-").isascii()
        and value.lstrip("-").isdigit()
    ):
        nanoseconds = int(value)
    else:
        moment = datetime.fromisoformat(value)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        since_1970 = aware - datetime(1970, 1, 1, tzinfo=UTC)
        microseconds = (
            since_1970.days * 86_400_000_000
            + since_1970.seconds * 1_000_000
            + since_1970.microseconds
        )
        nanoseconds = microseconds * 1000
    if not 0 <= nanoseconds < 2**63:
        raise ValueError(value)
    return nanoseconds
