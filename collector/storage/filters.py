"""Conditions as SQL with server-side parameters.

Field names come from the closed maps of `collector.storage.fields`; keys and values
only ever travel as parameters, so nothing a caller sends becomes SQL.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from collector.api.refusals import bad_filter, close_matches
from collector.storage.conditions import (
    COMPARISONS,
    Condition,
    as_bool,
    as_hex,
    as_list,
    as_number,
    as_text,
    as_time_ns,
    items_of,
    unfit,
)
from collector.storage.fields import SPAN_PREFIXES, Field, Filterable

_OPPOSITES = {"!=": "=", "missing": "exists"}
_INDEXED = ("spans.input", "spans.output")
INDEXED_BYTES = 4096
"""What of an input or output the text index holds."""

_ID_HEX = {"trace_id": 32, "span_id": 16}


@dataclass
class Parameters:
    """Collects values as named, typed server-side parameters."""

    values: dict[str, Any] = field(default_factory=dict)
    """Parameter name to value."""

    text_indexed: bool = False
    """Whether inputs and outputs are searched by their text index."""

    def add(self, value: Any, type_name: str) -> str:
        """Keep the value and return the placeholder that stands for it."""
        name = f"f{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{type_name}}}"


def compile_where(
    conditions: Sequence[Condition],
    rows: Filterable,
    parameters: Parameters,
    *,
    scope: str = "1",
    scores: str = "1",
) -> str:
    """Return the SQL condition that holds where all conditions do.

    Args:
        conditions: what must hold.
        rows: which names these rows have.
        parameters: receives every value and map key.
        scope: condition over ``spans`` that sub-selects repeat: where the other spans
            of a trace lie.
        scores: the same over ``scores`` (project).

    Raises:
        Refusal: 400 for an unknown field or a value that does not fit it.
    """
    compiler = _Compiler(rows, parameters, scope, scores)
    of_one_span: defaultdict[str, list[Condition]] = defaultdict(list)
    parts = []
    for condition in conditions:
        prefix, _, name = condition.field.partition(".")
        if name and rows.of_spans and prefix in SPAN_PREFIXES:
            of_one_span[prefix].append(replace(condition, field=name))
        else:
            parts.append(compiler.condition(condition))
    parts += [compiler.one_span(group) for group in of_one_span.values()]
    return " AND ".join(f"({part})" for part in parts) or "1"


@dataclass(frozen=True)
class _Compiler:
    rows: Filterable
    parameters: Parameters
    scope: str
    scores: str

    def condition(self, condition: Condition) -> str:
        name, rows = condition.field, self.rows
        prefix, _, key = name.partition(".")
        if name in rows.anywhere or (key and prefix in rows.anywhere):
            return self._some_span_says(condition)
        if name in rows.fields:
            return self._field(rows.fields[name], condition)
        if name in rows.totals:
            inner = self._field(rows.totals[name], condition)
            return self._in_traces(f"1 GROUP BY spans.trace_id HAVING {inner}")
        if name in rows.texts:
            searched = [
                self._field(Field(column), condition) for column in rows.texts[name]
            ]
            word = " AND " if condition.op in ("!=", "missing") else " OR "
            return word.join(searched)
        if key and prefix in rows.maps:
            return self._map(rows.maps[prefix], key, condition)
        if key and prefix == "score" and rows.scores:
            return self._score(key, condition)
        if key and prefix == "entry" and rows.of_spans:
            return self._of_spans().condition(replace(condition, field=key))
        raise bad_filter(
            f"field {name!r} is not known here",
            hint=close_matches(name, rows.names()),
        )

    def one_span(self, conditions: Sequence[Condition]) -> str:
        """Return that some span of the trace meets all of the conditions."""
        of_spans = self._of_spans()
        parts = [of_spans.condition(condition) for condition in conditions]
        return self._in_traces(" AND ".join(f"({part})" for part in parts))

    def _some_span_says(self, condition: Condition) -> str:
        """Return that some span meets the condition; of a negation, that none does."""
        meant = replace(condition, op=_OPPOSITES.get(condition.op, condition.op))
        found = self._in_traces(f"({self._of_spans().condition(meant)})")
        return f"NOT {found}" if condition.op in _OPPOSITES else found

    def _of_spans(self) -> "_Compiler":
        assert self.rows.of_spans is not None
        return _Compiler(self.rows.of_spans, self.parameters, self.scope, self.scores)

    def _in_traces(self, inner: str) -> str:
        return (
            "(spans.trace_id IN (SELECT spans.trace_id FROM spans"
            f" WHERE {self.scope} AND {inner}))"
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
            texts = [as_text(item, condition) for item in as_list(condition)]
            return f"{sql} IN {self.parameters.add(texts, 'Array(String)')}"
        placeholder = self.parameters.add(as_text(value, condition), "String")
        if op == "contains" and self.parameters.text_indexed and sql in _INDEXED:
            # what the index is made of, word for word
            pattern = self.parameters.add(f"%{_escaped(str(value))}%", "String")
            return f"lowerUTF8(left({sql}, {INDEXED_BYTES})) LIKE lowerUTF8({pattern})"
        if op == "contains":
            return f"positionCaseInsensitiveUTF8({sql}, {placeholder}) > 0"
        if op == "starts_with":
            return f"startsWith({sql}, {placeholder})"
        return f"{sql} {op} {placeholder}"

    def _typed(self, column: Field, condition: Condition) -> str:
        op = condition.op
        if op in ("contains", "starts_with"):
            if column.type not in _ID_HEX:
                raise unfit(condition, f"{op} works on text")
            hexed = f"lower(hex({column.sql}))"
            lowered = Condition(condition.field, op, str(condition.value).lower())
            return self._text(hexed, lowered)
        values = as_list(condition) if op == "in" else [condition.value]
        placeholders = [self._bind(column, value, condition) for value in values]
        if op == "in":
            return f"{column.sql} IN ({', '.join(placeholders)})"
        if op == "!=":
            return f"NOT ifNull({column.sql} = {placeholders[0]}, 0)"
        return f"ifNull({column.sql} {op} {placeholders[0]}, 0)"

    def _bind(self, column: Field, value: Any, condition: Condition) -> str:
        add = self.parameters.add
        if column.type == "number":
            return add(as_number(value, condition), "Float64")
        if column.type == "bool":
            return add(1 if as_bool(value, condition) else 0, "UInt8")
        if column.type == "time":
            nanoseconds = add(as_time_ns(value, condition), "Int64")
            return f"fromUnixTimestamp64Nano({nanoseconds}, 'UTC')"
        digits = as_hex(value, _ID_HEX[column.type], condition)
        length = _ID_HEX[column.type] // 2
        return f"toFixedString(unhex({add(digits, 'String')}), {length})"

    def _list(self, sql: str, condition: Condition) -> str:
        op = condition.op
        if op == "in":
            texts = [as_text(item, condition) for item in as_list(condition)]
            return f"hasAny({sql}, {self.parameters.add(texts, 'Array(String)')})"
        text = self.parameters.add(as_text(condition.value, condition), "String")
        if op in ("=", "contains"):
            return f"has({sql}, {text})"
        if op == "!=":
            return f"NOT has({sql}, {text})"
        if op == "starts_with":
            return f"arrayExists(item -> startsWith(item, {text}), {sql})"
        raise unfit(condition, "lists know = != in contains starts_with exists missing")

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
            words = [str(item).lower() for item in items_of(value)]
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
            f" FROM scores WHERE {self.scores} AND scores.name = {placeholder}"
            f" GROUP BY scores.score_id, {keys}) AS judged"
            f" WHERE NOT judged.deleted AND {held})"
        )

    def _judged(self, condition: Condition) -> str:
        sample = next(iter(items_of(condition.value)), None)
        if isinstance(sample, bool):
            numbers = [as_number(item, condition) for item in items_of(condition.value)]
            value = numbers if isinstance(condition.value, list) else numbers[0]
            condition = Condition(condition.field, condition.op, value)
        if isinstance(sample, int | float):
            return self._typed(Field("judged.value", "number"), condition)
        return self._text("judged.label", condition)


def _escaped(text: str) -> str:
    """Return text in which no sign stands for another in a pattern."""
    return re.sub(r"([%_\\])", r"\\\1", text)


def _exists(column: Field) -> str:
    if column.type == "text":
        return f"{column.sql} != ''"
    if column.type == "list":
        return f"notEmpty({column.sql})"
    if column.type in _ID_HEX:
        return f"{column.sql} != toFixedString('', {_ID_HEX[column.type] // 2})"
    return f"isNotNull({column.sql})"
