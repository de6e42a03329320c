"""Fields of Langfuse's objects by their names in its API.

Its packages in Python, and its exports to blob storage, write ``trace_id`` where the
API writes ``traceId``.
"""

import re
from typing import Any, Final

from tracer.importers._records import Record

_WITHIN: Final = ("observations", "scores", "datasetRunItems", "items", "subject")
"""Fields that hold objects of the API; what users said has its own names."""

_SNAKE: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")


def as_the_api_names(record: Record) -> Record:
    """Return an object with the API's names; what has them stays as it is."""
    named = {_name(key): value for key, value in record.items() if _is_snake(key)}
    whole = {**named, **{k: v for k, v in record.items() if not _is_snake(k)}}
    return {
        key: _inner(value) if key in _WITHIN else value for key, value in whole.items()
    }


def _inner(value: Any) -> Any:
    if isinstance(value, list):
        return [_inner(one) for one in value]
    return as_the_api_names(value) if isinstance(value, dict) else value


def _is_snake(key: str) -> bool:
    return _SNAKE.fullmatch(key) is not None


def _name(key: str) -> str:
    first, *others = key.split("_")
    return first + "".join(word.capitalize() for word in others)
