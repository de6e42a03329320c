"""The JSON types that columns have, and how rows are put together of them."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
Columns = dict[str, Schema]

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "number"}
NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
COUNT_OR_NULL: Schema = {"type": ["integer", "null"], "minimum": 0}
FLAG: Schema = {"type": "boolean"}
ANYTHING: Schema = {}
OBJECT: Schema = {"type": "object"}
TEXTS: Schema = {"type": "array", "items": TEXT}
TRACE_ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
TRACE_ID_OR_NULL: Schema = {"type": ["string", "null"], "pattern": "^[0-9a-f]{32}$"}
SPAN_ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
SPAN_ID_OR_NULL: Schema = {"type": ["string", "null"], "pattern": "^[0-9a-f]{16}$"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}
NS: Schema = {"type": "integer", "description": "UTC nanoseconds since 1970"}
NS_OR_NULL: Schema = {"type": ["integer", "null"], "description": NS["description"]}


def one_of(*words: str) -> Schema:
    """Return the schema of a text from a closed set."""
    return {"type": "string", "enum": list(words)}


def row(columns: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object that has all of these columns."""
    return {
        "type": "object",
        "properties": dict(columns),
        "required": list(columns),
    }


def ref(name: str) -> Schema:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def rows_of(name: str, *, is_cut: bool = False) -> Schema:
    """Return the schema of a list's answer.

    Args:
        name: the schema of a row.
        is_cut: whether it says ``truncated`` in place of naming a next page.
    """
    columns = {"rows": {"type": "array", "items": ref(name)}, "next": TEXT_OR_NULL}
    return row(columns | ({"truncated": FLAG} if is_cut else {}))


def every(schema: Schema, names: str) -> Columns:
    """Return columns that all have one schema.

    Args:
        schema: theirs.
        names: their names, with spaces between.
    """
    return dict.fromkeys(names.split(), schema)
