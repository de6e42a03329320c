"""Which attribute carries which field: the vendors' tables, looked up in Python."""

from collections.abc import Mapping
from functools import lru_cache

from collector.conventions import KIND_ORDER, keys_of
from collector.span_rows.attributes import Attributes
from collector.storage.intake.expressions import (
    KEYS_A_FIELD,
    KINDS_A_VENDOR,
    field_numbers,
    kind_ranks,
    ranked_keys,
)
from tracer.semconv import KINDS

LONGEST_KEPT = 200
"""Of an attribute's key, of which it is remembered what it is."""

_FIELD_OF = {number: name for name, number in field_numbers().items()}
_FIELD_AND_RANK = {
    key: (_FIELD_OF[rank // KEYS_A_FIELD], rank) for key, rank in ranked_keys().items()
}
_PREFIXES = keys_of("metadata_prefixes")
_KIND_KEYS = frozenset(key for vendor in KIND_ORDER for key in vendor.kinds)
_KIND_RANKS = kind_ranks()


def places_of(attributes: Attributes) -> dict[str, int]:
    """Return field → position of the attribute to trust most; empty texts are none."""
    best: dict[str, tuple[int, int]] = {}
    pairs = zip(attributes.keys, attributes.texts, strict=True)
    for position, (key, text) in enumerate(pairs):
        known = _FIELD_AND_RANK.get(key)
        if known and text:
            name, rank = known
            best[name] = min(best.get(name, (rank, position)), (rank, position))
    return {name: position for name, (_, position) in best.items()}


def kind_of(attributes: Attributes) -> str:
    """Return the kind that a vendor's keys tell, empty if none does."""
    pairs = zip(attributes.keys, attributes.texts, strict=True)
    known = (f"{key}={_lower(text)}" for key, text in pairs if key in _KIND_KEYS)
    ranks = [_KIND_RANKS[pair] for pair in known if pair in _KIND_RANKS]
    return KINDS[min(ranks) % KINDS_A_VENDOR - 1] if ranks else ""


def metadata_prefix(key: str) -> str:
    """Return the prefix that makes a key one of metadata, empty if it is none."""
    # keys of a sender who makes up long ones do not fill the memory
    return _known_prefix(key) if len(key) < LONGEST_KEPT else _prefix_of(key)


def _prefix_of(key: str) -> str:
    return next((prefix for prefix in _PREFIXES if key.startswith(prefix)), "")


_known_prefix = lru_cache(maxsize=10_000)(_prefix_of)


def on_resource(field: str, resource: Mapping[str, str]) -> str:
    """Return the first text that a resource has for a field."""
    return next((resource[k] for k in keys_of(field) if resource.get(k)), "")


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else ""
