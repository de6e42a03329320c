"""Which example this is: the same id in logger, runner, datasets and importers."""

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson

from tracer._values import to_json

WHOLE = 1 << 62
"""No limit: an id is over the whole value."""

ID_DIGITS = 16


def canonical_json(value: Any) -> bytes:
    """Return JSON with sorted keys, no spaces, in UTF-8; the same for equal values."""
    data = orjson.loads(to_json(value, max_bytes=WHOLE))
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def content_hash(value: Any) -> str:
    """Return the first 16 hex digits of SHA-256 over the value's canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()[:ID_DIGITS]


def version_of(hashes: Iterable[str]) -> str:
    """Return the version of rows with these content hashes, in this order."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()[:ID_DIGITS]
