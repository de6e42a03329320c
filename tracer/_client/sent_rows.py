"""Rows of a dataset, as they are sent to be stored."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from tracer._values.encoding import to_json

if TYPE_CHECKING:
    from tracer.evaluation._rows import Example


def sent_rows(rows: Iterable[Mapping[str, Any]]) -> list[orjson.Fragment]:
    """Return rows as they are sent.

    Raises:
        ValueError: One is no mapping or has no inputs, or one id is of several.
    """
    from tracer.evaluation._rows import read_row, refuse_shared_ids

    examples = [read_row(row, number=number) for number, row in enumerate(rows)]
    refuse_shared_ids(examples)
    return [_sent(example) for example in examples]


def sent_row(row: Mapping[str, Any], number: int) -> orjson.Fragment:
    """Return one row as it is sent.

    Raises:
        ValueError: It is no mapping or has no inputs.
    """
    from tracer.evaluation._rows import read_row

    return _sent(read_row(row, number=number))


def _sent(example: "Example") -> orjson.Fragment:
    """Return the JSON that a row's hash is made of: one version here and there."""
    from tracer.evaluation._identity import WHOLE

    return orjson.Fragment(to_json(example.row, max_bytes=WHOLE))
