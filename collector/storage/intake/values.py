"""OTLP's AnyValue in SQL: its columns, and a value as text, as a type, as JSON."""

from collections.abc import Callable

TYPES = ("", "int", "double", "bool", "json", "bytes", "array")
"""Names of the types in `attribute_types`; text has none."""

NESTED = 255
"""Type of a value that only Python can write down: maps, arrays of more than scalars,
and what is empty (to the engine an empty array and no value at all look the same)."""

NESTED_MARK = r"'\0'"
"""Stands for such a value within JSON, where no other zero byte can be."""

_SCALARS = (
    "string_value Nullable(String), bool_value Nullable(Bool), "
    "int_value Nullable(Int64), double_value Nullable(Float64), "
)
_ELEMENT = (
    f"{_SCALARS}array_value Nullable(String), kvlist_value Nullable(String), "
    "bytes_value Nullable(String)"
)
_VALUE = (
    f"{_SCALARS}array_value Tuple(values Array(Tuple({_ELEMENT}))), "
    "kvlist_value Nullable(String), bytes_value Nullable(String), "
    "json_value Nullable(String)"
)
_ATTRIBUTES = f"Array(Tuple(key String, value Tuple({_VALUE})))"
_SPAN = (
    "trace_id String, span_id String, parent_span_id String, name String, kind Int32, "
    "start_time_unix_nano UInt64, end_time_unix_nano UInt64, "
    f"attributes {_ATTRIBUTES}, "
    "events Array(Tuple(time_unix_nano UInt64, name String, "
    f"attributes {_ATTRIBUTES})), "
    "links Array(Tuple(trace_id String, span_id String, "
    f"attributes {_ATTRIBUTES})), "
    "status Tuple(message String, code Int32), flags UInt32"
)
OTLP_COLUMNS = (
    f"resource Tuple(attributes {_ATTRIBUTES}), "
    "scope_spans Array(Tuple(scope Tuple(name String, version String), "
    f"spans Array(Tuple({_SPAN})))), "
    "request_number UInt64, key_project String, received_ms Int64, digest String"
)
"""Columns of one ResourceSpans; the names are those of ``otlp.proto``."""

Write = Callable[[str], str]
"""Writes one arm of a value, given its SQL expression."""


def as_text(value: str) -> str:
    """Return a value as the text that attribute maps hold."""
    # outside: within the branch, the engine would copy the texts twice more
    text = _by_arm(
        value,
        string=lambda arm: arm,
        number=lambda arm: f"toString({arm})",
        double=lambda arm: f"toString({arm})",
        binary=lambda arm: f"base64Encode({arm})",
        otherwise=_array_as_json(f"{value}.array_value.values"),
    )
    return f"toValidUTF8({text})"


def as_json(value: str) -> str:
    """Return a value as JSON, or the mark of a nested one."""
    values = f"{value}.array_value.values"
    return _by_arm(
        value,
        string=_quoted,
        number=lambda arm: f"toString({arm})",
        double=_double_as_json,
        binary=lambda arm: f"concat('\"', base64Encode({arm}), '\"')",
        otherwise=f"if({_is_nested(values)}, {NESTED_MARK}, {_array_as_json(values)})",
    )


def type_of(value: str) -> str:
    """Return a value's type as its place in `TYPES`, or `NESTED`."""
    arms = ("string", "int", "double", "bool", "json", "bytes")
    known = ", ".join(
        f"isNotNull({value}.{arm}_value), {number}" for number, arm in enumerate(arms)
    )
    nested = _is_nested(f"{value}.array_value.values")
    return f"toUInt8(multiIf({known}, {nested}, {NESTED}, {TYPES.index('array')}))"


def attributes_as_json(attributes: str) -> str:
    """Return attributes as a JSON object."""
    member = f"concat({_quoted('b.key')}, ':', {as_json('b.value')})"
    members = f"arrayMap(b -> {member}, {attributes})"
    return f"concat('{{', arrayStringConcat({members}, ','), '}}')"


def _by_arm(
    value: str,
    *,
    string: Write,
    number: Write,
    double: Write,
    binary: Write,
    otherwise: str,
) -> str:
    # multiIf computes only the branch that is taken; coalesce would compute them all
    writers: dict[str, Write] = {
        "string_value": string,
        "int_value": number,
        "double_value": double,
        "bool_value": number,
        "json_value": lambda arm: arm,
        "bytes_value": binary,
    }
    branches = ", ".join(
        f"isNotNull({value}.{arm}), {write(f'assumeNotNull({value}.{arm})')}"
        for arm, write in writers.items()
    )
    return f"multiIf({branches}, {otherwise})"


def _is_nested(values: str) -> str:
    deep = "isNotNull(e.array_value) OR isNotNull(e.kvlist_value)"
    return f"(empty({values}) OR arrayExists(e -> {deep}, {values}))"


def _array_as_json(values: str) -> str:
    quoted = _quoted("assumeNotNull(e.string_value)")
    double = _double_as_json("assumeNotNull(e.double_value)")
    binary = "concat('\"', base64Encode(assumeNotNull(e.bytes_value)), '\"')"
    element = (
        f"multiIf(isNotNull(e.string_value), {quoted}, "
        "isNotNull(e.int_value), toString(assumeNotNull(e.int_value)), "
        f"isNotNull(e.double_value), {double}, "
        "isNotNull(e.bool_value), toString(assumeNotNull(e.bool_value)), "
        f"isNotNull(e.bytes_value), {binary}, 'null')"
    )
    elements = f"arrayMap(e -> {element}, {values})"
    return f"concat('[', arrayStringConcat({elements}, ','), ']')"


def _quoted(expression: str) -> str:
    return f"toJSONString(toValidUTF8({expression}))"


def _double_as_json(value: str) -> str:
    """Return a double as JSON: with a point, so that it is read back as one."""
    plain = f"toString({value})"
    return (
        f"multiIf(NOT isFinite({value}), concat('\"', {plain}, '\"'), "
        f"match({plain}, '[.e]'), {plain}, concat({plain}, '.0'))"
    )
