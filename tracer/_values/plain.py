"""Objects that JSON has no form for, in a form that people can read."""

import dataclasses
import math
import re
from collections.abc import Mapping, Sequence, Set
from datetime import date, time
from enum import Enum
from itertools import islice
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Final

from tracer._guard import attempt, is_held, warn_once
from tracer._values.text import TRUNCATED, clean_text

MOST_LEVELS: Final = 100
MOST_NODES: Final = 200_000
"""How much of one value is walked where orjson refuses it."""

MOST_BITS_WRITTEN: Final = 10_000
"""Of an integer; Python refuses to write very long ones out."""

HEAD_ITEMS: Final = 20
HEAD_ROWS: Final = 5
MOST_REPR_CHARACTERS: Final = 2_000

_ADDRESS = re.compile(r" object at 0x[0-9a-f]+>")
"""What Python itself says of an object; another one at each start, and no help."""

_AS_TEXT = (PurePath, complex, range)
_DECIMAL = "decimal"  # named, not imported: the module takes 5 ms
_OF_REQUESTS = (
    "starlette.requests",
    "starlette.websockets",
    "django.http.request",
    "werkzeug.wrappers.request",
    "aiohttp.web_request",
)
_NAMED = (type, FunctionType, MethodType, BuiltinFunctionType)


def plain_leaf(value: Any) -> Any:
    """Return something simpler than an object that orjson does not know.

    Named tuples, pydantic and attrs objects and mappings become objects; sets and
    other sequences lists; decimals, paths, functions and exceptions texts; bytes their
    size, arrays and frames their size and head; requests their method and path. An
    iterator is named, never consumed.
    """
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, tuple):
        return value._asdict() if hasattr(value, "_asdict") else list(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value):,} bytes>"  # their text could be a secret of any form
    if isinstance(value, _AS_TEXT) or _is_decimal(type(value)):
        return str(value)
    if (request := _request(value)) is not None:
        return request
    if isinstance(value, _NAMED):
        return f"<{value.__module__}.{value.__qualname__}>"
    if (fields := _fields(value)) is not None:
        return fields
    return _described(value, lambda: _contents(value))


def _request(value: Any) -> dict[str, Any] | None:
    """Return method and path of a request to a web framework, not its headers.

    Starlette's (and FastAPI's) is a mapping of the whole scope, cookies and keys too.
    """
    kind = type(value)
    if not any(base.__module__.startswith(_OF_REQUESTS) for base in kind.__mro__):
        return None
    path = getattr(value, "path", None) or getattr(
        getattr(value, "url", None), "path", None
    )
    return {
        "type": kind.__qualname__,
        "method": getattr(value, "method", None),
        "path": path,
    }


def _is_decimal(kind: type) -> bool:
    return any(base.__module__ == _DECIMAL for base in kind.__mro__)


def _contents(value: Any) -> Any:
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    if isinstance(value, Mapping):
        return {key: value[key] for key in islice(value, MOST_NODES)}
    if isinstance(value, Set | Sequence):
        return list(islice(value, MOST_NODES))
    return _ADDRESS.sub(" object>", repr(value)[:MOST_REPR_CHARACTERS])


def plain(value: Any) -> Any:
    """Return a tree of JSON's own types for any value, cycles and all."""
    return _Walk().plain(value, 0)


class _Walk:
    """One walk over a value: which containers we are inside, how much is left."""

    def __init__(self) -> None:
        self._inside: set[int] = set()
        self._nodes_left = MOST_NODES

    def plain(self, value: Any, level: int) -> Any:
        """Return the tree of one value; of one that cannot be read, what it is."""
        try:
            return self._plain(value, level)
        except BaseException as error:
            if not is_held(error):
                raise
            warn_once("read a value", f"could not read a value: {type(error).__name__}")
            return _named(value)

    def _plain(self, value: Any, level: int) -> Any:
        self._nodes_left -= 1
        if isinstance(value, Enum):
            value = value.value
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return _valid(value)
        if isinstance(value, int):
            return _integer(int(value))
        if isinstance(value, float):
            return _number(value)
        if level >= MOST_LEVELS:
            return f"<deeper than {MOST_LEVELS} levels>"
        if self._nodes_left < 0:
            return f"{TRUNCATED}: only {MOST_NODES:,} values kept]"
        if id(value) in self._inside:
            return "<cycle>"
        self._inside.add(id(value))
        try:
            return self._container(value, level + 1)
        finally:
            self._inside.discard(id(value))

    def _container(self, value: Any, level: int) -> Any:
        if isinstance(value, dict):
            return {_key(key): self.plain(item, level) for key, item in _items(value)}
        if isinstance(value, list | tuple) and not hasattr(value, "_asdict"):
            return [self.plain(item, level) for item in list(value)]
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            return {
                name: self.plain(getattr(value, name, None), level) for name in names
            }
        return self.plain(_known_leaf(value), level)


def _known_leaf(value: Any) -> Any:
    """Return what orjson itself would have made of a date, an enum or a UUID."""
    if isinstance(value, date | time):
        return value.isoformat()
    if type(value).__name__ == "UUID":
        return str(value)
    return plain_leaf(value)


def _items(value: dict[Any, Any]) -> list[tuple[Any, Any]]:
    """Return a copy of the items, which another thread may be changing."""
    return list(value.items())


def _key(key: Any) -> str:
    if isinstance(key, str):
        return _valid(key)
    return _valid(str(_described(key, lambda: str(getattr(key, "value", key)))))


def _valid(text: str) -> str:
    return clean_text(str(text))


def _integer(value: int) -> int | str:
    """Return an integer that JSON can hold, else its digits, or how long it is."""
    if -(2**63) <= value < 2**64:
        return value
    if value.bit_length() > MOST_BITS_WRITTEN:
        return f"<an integer of {value.bit_length():,} bits>"
    return str(value)


def _number(value: float) -> float | str:
    """Return a plain float, or the name of what JSON has no number for."""
    if math.isfinite(value):
        return float(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _fields(value: Any) -> Any:
    """Return the fields of a pydantic or attrs object, or the head of an array."""
    kind = type(value)
    if hasattr(kind, "model_dump"):
        return _described(value, lambda: value.model_dump(mode="json", warnings=False))
    if hasattr(kind, "__attrs_attrs__"):
        names = [field.name for field in kind.__attrs_attrs__]
        return {name: getattr(value, name, None) for name in names}
    if hasattr(kind, "shape") and hasattr(value, "shape"):
        return _described(value, lambda: plain(_array_head(value)))
    return None


def _array_head(value: Any) -> Any:
    """Return a scalar as a number, an array or frame as type, shape and head."""
    shape = [int(length) for length in value.shape]
    library = type(value).__module__.partition(".")[0]
    if not shape and library == "numpy":
        return value.item()
    summary: dict[str, Any] = {"type": type(value).__qualname__, "shape": shape}
    if library == "numpy":
        return summary | {
            "dtype": str(value.dtype),
            "head": value.flat[:HEAD_ITEMS].tolist(),
        }
    if library == "pandas" and len(shape) == 2:
        return summary | {"head": value.head(HEAD_ROWS).to_dict("records")}
    if library == "pandas":
        return summary | {"head": value[:HEAD_ROWS].tolist()}
    if library == "polars" and len(shape) == 2:
        return summary | {"head": value.head(HEAD_ROWS).to_dicts()}
    return summary | {"dtype": str(getattr(value, "dtype", ""))}


def _described(value: Any, describe: Any) -> Any:
    """Return what an object says of itself, or its type if it fails to say."""
    kind = type(value)
    return attempt(f"read a {kind.__name__}", describe, otherwise=_named(value))


def _named(value: Any) -> str:
    kind = type(value)
    return f"<{kind.__module__}.{kind.__qualname__}>"
