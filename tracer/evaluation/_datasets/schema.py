"""Rows held against a JSON Schema, with an error for each that does not fit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from tracer._extras import require
from tracer._values.encoding import to_json
from tracer.evaluation._identity import WHOLE
from tracer.evaluation._rows import Example

MOST_SHOWN: Final = 10
"""Errors that the exception's text shows; it holds all of them."""


@dataclass(frozen=True)
class RowError:
    """What is wrong with one row."""

    number: int
    """Its place in the dataset, from 0."""

    id: str
    """Id of the example."""

    path: str
    """Where in the row: ``inputs.question``; empty for the row as a whole."""

    message: str
    """What is wrong there."""

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        return f"row {self.number} ({self.id}){where}: {self.message}"


class SchemaError(ValueError):
    """Rows do not fit a JSON Schema."""

    errors: tuple[RowError, ...]
    """Every error, in the order of the rows."""

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = tuple(errors)
        n_rows = len({error.number for error in self.errors})
        shown = [str(error) for error in self.errors[:MOST_SHOWN]]
        n_more = len(self.errors) - len(shown)
        more = [f"and {n_more} more, see .errors"] if n_more else []
        text = "\n".join([f"{n_rows} rows do not fit the schema", *shown, *more])
        super().__init__(text)


def check_schema(examples: Iterable[Example], schema: Mapping[str, Any]) -> None:
    """Raise `SchemaError` if a row, in the form of docs/api.md, does not fit.

    Raises:
        MissingExtraError: jsonschema is not installed.
        ValueError: The schema itself is wrong.
    """
    jsonschema = require("jsonschema", extra="datasets", purpose="a JSON Schema")
    kind = jsonschema.validators.validator_for(schema)
    try:
        kind.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ValueError(f"this is no JSON Schema: {error.message}") from None
    validator = kind(schema)
    if errors := tuple(_errors(examples, validator)):
        raise SchemaError(errors)


def _errors(examples: Iterable[Example], validator: Any) -> Iterator[RowError]:
    for number, example in enumerate(examples):
        # as JSON has it: a schema knows no tuples, dates or numbers of numpy
        row = orjson.loads(to_json(example.row, max_bytes=WHOLE))
        for error in validator.iter_errors(row):
            path = ".".join(map(str, error.absolute_path))
            yield RowError(number, example.id, path, error.message)
