"""OTLP's AnyValue in SQL: its columns, and a value as text, as a type, as JSON."""

TYPES = (
    *("", "int", "double", "bool", "json", "bytes", "array"),
    *("input", "output", "expected"),
)
"""Names of the types in `attribute_types`; text has none. The last three stand for the
column that holds the value."""

NESTED = 255
"""Type of a value that only Python can write down: maps, arrays of more than scalars,
and what is empty (to the engine an empty array and no value at all look the same)."""

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
ATTRIBUTES = f"Array(Tuple(key String, value Tuple({_VALUE})))"
_SPAN = (
    "trace_id String, span_id String, parent_span_id String, name String, kind Int32, "
    "start_time_unix_nano UInt64, end_time_unix_nano UInt64, "
    f"attributes {ATTRIBUTES}, "
    "events Array(Tuple(time_unix_nano UInt64, name String, "
    f"attributes {ATTRIBUTES})), "
    "links Array(Tuple(trace_id String, span_id String, "
    f"attributes {ATTRIBUTES})), "
    "status Tuple(message String, code Int32), flags UInt32"
)
SCOPE_SPANS = (
    "Array(Tuple(scope Tuple(name String, version String), "
    f"spans Array(Tuple({_SPAN}))))"
)
OTLP_COLUMNS = (
    f"resource Tuple(attributes {ATTRIBUTES}), scope_spans {SCOPE_SPANS}, "
    "request_number UInt64, key_project String, received_ms Int64, digest String"
)
"""Columns of one ResourceSpans; the names are those of ``otlp.proto``."""


def as_texts(attributes: str) -> str:
    """Return the values of attributes as the texts that attribute maps hold."""
    # outside: within the branch, the engine would copy the texts twice more
    return _map_values(
        attributes,
        "toValidUTF8(multiIf("
        "isNotNull(s), assumeNotNull(s), "
        "isNotNull(i), toString(assumeNotNull(i)), "
        "isNotNull(d), toString(assumeNotNull(d)), "
        "isNotNull(b), toString(assumeNotNull(b)), "
        "isNotNull(j), assumeNotNull(j), "
        "isNotNull(y), base64Encode(assumeNotNull(y)), "
        f"{_array_as_json('es')}))",
    )


def types_of(attributes: str) -> str:
    """Return the types of values as places in `TYPES`, or `NESTED`."""
    deep = "isNotNull(e.array_value) OR isNotNull(e.kvlist_value)"
    return _map_values(
        attributes,
        "toUInt8(multiIf(isNotNull(s), 0, isNotNull(i), 1, isNotNull(d), 2, "
        "isNotNull(b), 3, isNotNull(j), 4, isNotNull(y), 5, "
        f"empty(es) OR arrayExists(e -> {deep}, es), {NESTED}, 6))",
    )


def json_of(value: str, type_: str) -> str:
    """Return a value's text as JSON, by its type."""
    return (
        f"multiIf({type_} IN (0, 5), toJSONString({value}), "
        f"{type_} = 2, {_double_as_json(value)}, {value})"
    )


def _map_values(attributes: str, expression: str) -> str:
    arms = ("string", "int", "double", "bool", "json", "bytes")
    value = f"tupleElement({attributes}, 'value')"
    columns = [f"tupleElement({value}, '{arm}_value')" for arm in arms]
    columns.append(f"tupleElement(tupleElement({value}, 'array_value'), 'values')")
    return f"arrayMap((s, i, d, b, j, y, es) -> {expression}, {', '.join(columns)})"


def _array_as_json(values: str) -> str:
    double = _double_as_json("toString(assumeNotNull(e.double_value))")
    element = (
        "multiIf(isNotNull(e.string_value), "
        "toJSONString(toValidUTF8(assumeNotNull(e.string_value))), "
        "isNotNull(e.int_value), toString(assumeNotNull(e.int_value)), "
        f"isNotNull(e.double_value), {double}, "
        "isNotNull(e.bool_value), toString(assumeNotNull(e.bool_value)), "
        "isNotNull(e.bytes_value), "
        "concat('\"', base64Encode(assumeNotNull(e.bytes_value)), '\"'), 'null')"
    )
    elements = f"arrayMap(e -> {element}, {values})"
    return f"concat('[', arrayStringConcat({elements}, ','), ']')"


def _double_as_json(text: str) -> str:
    """Return a double as JSON: with a point, so that it is read back as one."""
    pointed = rf"replaceRegexpOne({text}, '^-?[0-9]+$', '\\0.0')"
    return rf"replaceRegexpOne({pointed}, '^-?[a-z]+$', '\"\\0\"')"
