"""Rows as docs/api.md shows them: types of map values restored, columns folded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

import orjson

from collector.json_text import value_of
from collector.metadata import value_of_metadata
from collector.storage.reads.reader import Row
from tracer import semconv


def parsed(text: str) -> Any:
    """Return the value of JSON text, None for no text, other text as it is."""
    return value_of(text) if text else None


def _finite(text: str) -> float:
    """Return a number that JSON has.

    Raises:
        ValueError: It is NaN or an infinity, which stays text.
    """
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def listed(text: str) -> list[Any]:
    """Return the list that JSON text holds, an empty one for all else."""
    value = parsed(text)
    return value if isinstance(value, list) else []


_READ_TYPE: Mapping[str, Callable[[str], Any]] = {
    "bool": "true".__eq__,
    "int": int,
    "double": _finite,
    "json": orjson.loads,
    "array": orjson.loads,
}
"""How an attribute's text is read, by the type noted at ingest; bytes stay base64."""


def restore(text: str, kind: str) -> Any:
    """Return the value that a map keeps as text; text that does not fit stays."""
    try:
        return _READ_TYPE.get(kind, str)(text)
    except ValueError:
        return text


def restore_map(texts: Mapping[str, str], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Return the map with the types that ``kinds`` notes by the same keys."""
    if not kinds:
        return dict(texts)
    return {
        key: restore(text, kind) if (kind := kinds.get(key)) else text
        for key, text in texts.items()
    }


def with_metadata(row: Row) -> Row:
    """Return the row with its metadata's types restored; see `collector.metadata`."""
    kinds = row.pop("metadata_types", {})
    prefix = semconv.METADATA_PREFIX
    row["metadata"] = {
        key: restore(text, kind)
        if (kind := kinds.get(prefix + key))
        else value_of_metadata(text)
        for key, text in row["metadata"].items()
    }
    return row


def total_of(known: Sequence[float]) -> float | None:
    """Return the sum of numbers, None of none; what no JSON integer holds, rounded."""
    total = sum(known)
    if not known:
        return None
    return total if total < 2**64 else float(total)


def with_usage(row: Row, more: Row) -> Row:
    """Return tokens and cost of both; what neither knows stays unknown."""
    found = {}
    for name in ("input_tokens", "output_tokens", "cost_usd"):
        known = [one[name] for one in (row, more) if one[name] is not None]
        found[name] = total_of(known)
    return found


def trace_row(row: Row) -> Row:
    """Return a trace row: its entry span with the totals of all its spans."""
    row = with_metadata(row)
    for total in ("input_tokens", "output_tokens", "cost_usd"):
        row[total] = row.pop(f"{total}_total")
    tokens = [row["input_tokens"], row["output_tokens"]]
    known = [count for count in tokens if count is not None]
    row["total_tokens"] = total_of(known)
    row["models"].sort()
    row["scores"] = row["scores"] or {}
    return row


def first_of_each(rows: Iterable[Row], *keys: str) -> list[Row]:
    """Return the rows without those whose keys were seen before."""
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        seen.setdefault(tuple(row[key] for key in keys), row)
    return list(seen.values())
