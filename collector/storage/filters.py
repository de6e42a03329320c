"""Conditions of people (``[field, op, value]``) as SQL with server-side parameters.

Field names come from the closed maps of `collector.storage.fields`; keys and values
only ever travel as parameters, so nothing a caller sends becomes SQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from collector.refusals import Refusal, bad_filter, close_matches
from collector.storage.fields import SPANS, Field, Filterable

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
OPERATORS = (*COMPARISONS, "in", "contains", "starts_with", "exists", "missing")
MAX_CONDITIONS = 50
_ID_HEX = {"trace_id": 32, "span_id": 16}


@dataclass(frozen=True)
class Condition:
    """One thing that must hold of a row."""

    field: str
    """Name as written by the caller (``metadata.department``)."""

    op: str
    """One of `OPERATORS`."""

    value: Any = None
    """Text, number, bool or a list of them; nothing for ``exists`` and ``missing``."""


@dataclass
class Parameters:
    """Collects values as named, typed server-side parameters."""

    values: dict[str, Any] = field(default_factory=dict)
    """Parameter name to value."""

    def add(self, value: Any, type_name: str) -> str:
        """Keep the value and return the placeholder that stands for it."""
        name = f"f{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{type_name}}}"


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


def compile_where(
    conditions: Sequence[Condition],
    rows: Filterable,
    parameters: Parameters,
    *,
    scope: str = "1",
) -> str:
    """Return the SQL condition that holds where all conditions do.

    Args:
        conditions: what must hold.
        rows: which names these rows have.
        parameters: receives every value and map key.
        scope: condition over ``spans`` that sub-selects repeat (project and window).

    Raises:
        Refusal: 400 for an unknown field or a value that does not fit it.
    """
    compiler = _Compiler(rows, parameters, scope)
    parts = [compiler.condition(condition) for condition in conditions]
    return " AND ".join(f"({part})" for part in parts) or "1"


@dataclass(frozen=True)
class _Compiler:
    rows: Filterable
    parameters: Parameters
    scope: str

    def condition(self, condition: Condition) -> str:
        name, rows = condition.field, self.rows
        if name in rows.fields:
            return self._field(rows.fields[name], condition)
        if name in rows.totals:
            inner = self._field(rows.totals[name], condition)
            return self._some_span(f"1 GROUP BY spans.trace_id HAVING {inner}")
        if name in rows.texts:
            searched = [
                self._field(Field(column), condition) for column in rows.texts[name]
            ]
            word = " AND " if condition.op in ("!=", "missing") else " OR "
            return word.join(searched)
        prefix, _, key = name.partition(".")
        if key and prefix in rows.maps:
            return self._map(rows.maps[prefix], key, condition)
        if key and prefix == "score" and rows.scores:
            return self._score(key, condition)
        if key and prefix == "span" and rows.spans:
            inner_condition = Condition(key, condition.op, condition.value)
            inner_compiler = _Compiler(SPANS, self.parameters, self.scope)
            return self._some_span(inner_compiler.condition(inner_condition))
        raise bad_filter(
            f"field {name!r} is not known here",
            hint=close_matches(name, rows.names()),
        )

    def _some_span(self, inner: str) -> str:
        return (
            "spans.trace_id IN (SELECT spans.trace_id FROM spans"
            f" WHERE {self.scope} AND {inner})"
        )

    def _field(self, column: Field, condition: Condition) -> str:
        if condition.op in ("exists", "missing"):
            found = _exists(column)
            return found if condition.op == "exists" else f"NOT ({found})"
        if column.type == "list":
            return self._list(column.sql, condition)
        if column.type == "text":
            return self._text(column.sql, condition)
        return self._typed(column, condition)

    def _text(self, sql: str, condition: Condition) -> str:
        op, value = condition.op, condition.value
        if op == "in":
            texts = [_as_text(item, condition) for item in _as_list(condition)]
            return f"{sql} IN {self.parameters.add(texts, 'Array(String)')}"
        placeholder = self.parameters.add(_as_text(value, condition), "String")
        if op == "contains":
            return f"positionCaseInsensitiveUTF8({sql}, {placeholder}) > 0"
        if op == "starts_with":
            return f"startsWith({sql}, {placeholder})"
        return f"{sql} {op} {placeholder}"

    def _typed(self, column: Field, condition: Condition) -> str:
        op = condition.op
        if op in ("contains", "starts_with"):
            if column.type not in _ID_HEX:
                raise _unfit(condition, f"{op} works on text")
            hexed = f"lower(hex({column.sql}))"
            lowered = Condition(condition.field, op, str(condition.value).lower())
            return self._text(hexed, lowered)
        values = _as_list(condition) if op == "in" else [condition.value]
        placeholders = [self._bind(column, value, condition) for value in values]
        if op == "in":
            return f"{column.sql} IN ({', '.join(placeholders)})"
        if op == "!=":
            return f"NOT ifNull({column.sql} = {placeholders[0]}, 0)"
        return f"ifNull({column.sql} {op} {placeholders[0]}, 0)"

    def _bind(self, column: Field, value: Any, condition: Condition) -> str:
        add = self.parameters.add
        if column.type == "number":
            return add(_as_number(value, condition), "Float64")
        if column.type == "bool":
            return add(1 if _as_bool(value, condition) else 0, "UInt8")
        if column.type == "time":
            nanoseconds = add(_as_time_ns(value, condition), "Int64")
            return f"fromUnixTimestamp64Nano({nanoseconds}, 'UTC')"
        digits = _as_hex(value, _ID_HEX[column.type], condition)
        length = _ID_HEX[column.type] // 2
        return f"toFixedString(unhex({add(digits, 'String')}), {length})"

    def _list(self, sql: str, condition: Condition) -> str:
        op = condition.op
        if op == "in":
            texts = [_as_text(item, condition) for item in _as_list(condition)]
            return f"hasAny({sql}, {self.parameters.add(texts, 'Array(String)')})"
        text = self.parameters.add(_as_text(condition.value, condition), "String")
        if op in ("=", "contains"):
            return f"has({sql}, {text})"
        if op == "!=":
            return f"NOT has({sql}, {text})"
        if op == "starts_with":
            return f"arrayExists(item -> startsWith(item, {text}), {sql})"
        raise _unfit(
            condition, "lists know = != in contains starts_with exists missing"
        )

    def _map(self, column: str, key: str, condition: Condition) -> str:
        placeholder = self.parameters.add(key, "String")
        entry = f"{column}[{placeholder}]"
        if condition.op in ("exists", "missing"):
            found = f"mapContains({column}, {placeholder})"
            return found if condition.op == "exists" else f"NOT {found}"
        return self._loose(entry, condition)

    def _loose(self, text: str, condition: Condition) -> str:
        """Compare text that may hold a number or bool, by the type of the value."""
        value = condition.value
        sample = value[0] if isinstance(value, list) and value else value
        if isinstance(sample, bool):
            words = [str(item).lower() for item in _items(value)]
            spoken = words if isinstance(value, list) else words[0]
            return self._text(text, Condition(condition.field, condition.op, spoken))
        if isinstance(sample, int | float) and condition.op in (*COMPARISONS, "in"):
            number = Field(f"toFloat64OrNull({text})", "number")
            return self._typed(number, condition)
        return self._text(text, condition)

    def _score(self, name: str, condition: Condition) -> str:
        keys = "trace_id" if self.rows.scores == "trace" else "trace_id, span_id"
        owner = ", ".join(f"spans.{key}" for key in keys.split(", "))
        placeholder = self.parameters.add(name, "String")
        held = "1" if condition.op in ("exists", "missing") else self._judged(condition)
        negated = "NOT " if condition.op == "missing" else ""
        return (
            f"({owner}) {negated}IN (SELECT {keys} FROM (SELECT {keys},"
            " argMax(scores.value, scores.version_ns) AS value,"
            " argMax(scores.label, scores.version_ns) AS label,"
            " argMax(scores.deleted, scores.version_ns) AS deleted"
            f" FROM scores WHERE scores.name = {placeholder}"
            f" GROUP BY scores.score_id, {keys}) AS judged"
            f" WHERE NOT judged.deleted AND {held})"
        )

    def _judged(self, condition: Condition) -> str:
        sample = next(iter(_items(condition.value)), None)
        if isinstance(sample, bool):
            number = [float(item) for item in _items(condition.value)]
            value = number if isinstance(condition.value, list) else number[0]
            condition = Condition(condition.field, condition.op, value)
        if isinstance(sample, int | float):
            return self._typed(Field("judged.value", "number"), condition)
        return self._text("judged.label", condition)


def _exists(column: Field) -> str:
    if column.type == "text":
        return f"{column.sql} != ''"
    if column.type == "list":
        return f"notEmpty({column.sql})"
    if column.type in _ID_HEX:
        return f"{column.sql} != toFixedString('', {_ID_HEX[column.type] // 2})"
    return f"isNotNull({column.sql})"


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unfit(condition: Condition, hint: str) -> Refusal:
    return bad_filter(
        f"{condition.field} {condition.op} {condition.value!r} does not work", hint=hint
    )


def _as_list(condition: Condition) -> list[Any]:
    if not isinstance(condition.value, list) or not condition.value:
        raise _unfit(condition, "in takes a list of values")
    return condition.value


def _as_text(value: Any, condition: Condition) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise _unfit(condition, "give text")


def _as_number(value: Any, condition: Condition) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise _unfit(condition, f"{condition.field} is a number") from None


def _as_bool(value: Any, condition: Condition) -> bool:
    if isinstance(value, bool):
        return value
    raise _unfit(condition, f"{condition.field} is true or false")


def _as_hex(value: Any, digits: int, condition: Condition) -> str:
    if isinstance(value, str) and len(value) == digits:
        try:
            return bytes.fromhex(value).hex()
        except ValueError:
            pass
    raise _unfit(condition, f"{condition.field} has {digits} hex digits")


def _as_time_ns(value: Any, condition: Condition) -> int:
    try:
        return time_ns(value)
    except ValueError:
        hint = "give ISO 8601 or integer nanoseconds since 1970"
        raise _unfit(condition, hint) from None


def time_ns(value: object) -> int:
    """Read ISO 8601 text (UTC if it names no zone) or integer nanoseconds.

    Raises:
        ValueError: it is neither, or lies outside what the store can hold.
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
    if not -(2**63) < nanoseconds < 2**63:
        raise ValueError(value)
    return nanoseconds
