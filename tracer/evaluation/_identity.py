"""Which example this is: the same id in logger, runner, datasets and importers."""

import hashlib
import string
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from tracer._values.encoding import to_json

WHOLE = 1 << 62
"""No limit: an id is over the whole value."""

ID_DIGITS = 16

HEX_DIGITS = frozenset(string.hexdigits)


def canonical_json(value: Any) -> bytes:
    """Return JSON with sorted keys, no spaces, in UTF-8; the same for equal values."""
    data = orjson.loads(to_json(value, max_bytes=WHOLE))
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def content_hash(value: Any) -> str:
    """Return the first 16 hex digits of SHA-256 over the value's canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()[:ID_DIGITS]


def hex_id(digits: str, *, what: str, n_digits: int) -> str:
    """Return the id of a trace or span in lower case.

    Raises:
        ValueError: It is none.
    """
    is_one = isinstance(digits, str) and len(digits) == n_digits
    if not is_one or not HEX_DIGITS.issuperset(digits):
        raise ValueError(f"{what} {digits!r} is not {n_digits} hexadecimal digits")
    return digits.lower()


def row_hash(row: Mapping[str, Any]) -> str:
    """Return a dataset row's hash; in which file it stood is not what it says."""
    source = row.get("source")
    if isinstance(source, Mapping) and "file" in source:
        row = {**row, "source": None}
    return content_hash(row)


def version_of(hashes: Iterable[str]) -> str:
    """Return the version of rows with these content hashes, in this order."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()[:ID_DIGITS]
