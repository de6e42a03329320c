"""What a dataset's rows should look like: a JSON Schema, and which rows do not fit."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tracer.evaluation._datasets.schema import RowError, SchemaError, check_schema
from tracer.evaluation._rows import read_row

Row = Mapping[str, Any]

_TYPES: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    dict: "object",
    list: "array",
}


def suggested(rows: Sequence[Row]) -> dict[str, Any]:
    """Return a schema that these rows fit: which inputs all have, and their types."""
    keys = dict.fromkeys(key for row in rows for key in row["inputs"])
    everywhere = [key for key in keys if all(key in row["inputs"] for row in rows)]
    properties = {key: _type([row["inputs"].get(key) for row in rows]) for key in keys}
    inputs: dict[str, Any] = {"type": "object", "properties": properties}
    if everywhere:
        inputs["required"] = everywhere
    told: dict[str, Any] = {"inputs": inputs}
    expected = [row["expected"] for row in rows]
    if rows and all(value is not None for value in expected):
        told["expected"] = _type(expected)
    return {"type": "object", "properties": told}


def _type(values: Sequence[Any]) -> dict[str, Any]:
    kinds = {_TYPES.get(type(value)) for value in values if value is not None}
    return {"type": kinds.pop()} if len(kinds) == 1 and None not in kinds else {}


def parsed(text: str) -> dict[str, Any]:
    """Return the schema that people wrote.

    Raises:
        ValueError: It is no JSON, or no object.
    """
    found = orjson.loads(text)
    if not isinstance(found, dict):
        raise ValueError("a schema is a JSON object")
    check_schema([], found)
    return found


def misfits(rows: Sequence[Row], schema: Mapping[str, Any]) -> tuple[RowError, ...]:
    """Return what is wrong with which rows, in their order.

    Raises:
        ValueError: The schema itself is wrong.
    """
    examples = [read_row(row, number=number) for number, row in enumerate(rows)]
    try:
        check_schema(examples, schema)
    except SchemaError as error:
        return error.errors
    return ()
