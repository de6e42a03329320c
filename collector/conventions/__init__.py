"""Which attribute keys carry what, one table a vendor; data only."""

from collector.conventions import (
    langfuse,
    langsmith,
    logfire,
    mlflow,
    openinference,
    opentelemetry,
    traceloop,
    tracer,
    vercel,
)
from collector.conventions.vendor import FIELDS, SUMS, Keys, Vendor

VENDORS = (
    tracer.VENDOR,
    # guesses the provider in the general key, and knows it in its own
    langsmith.VENDOR,
    opentelemetry.VENDOR,
    openinference.VENDOR,
    traceloop.VENDOR,
    langfuse.VENDOR,
    vercel.VENDOR,
    mlflow.VENDOR,
    logfire.VENDOR,
)
"""Every table; where several carry a field, the first with a value wins."""

KIND_ORDER = (
    tracer.VENDOR,
    langfuse.VENDOR,
    openinference.VENDOR,
    # calls a retrieval an embedding in the general key
    langsmith.VENDOR,
    opentelemetry.VENDOR,
    traceloop.VENDOR,
    vercel.VENDOR,
    mlflow.VENDOR,
)
"""Whose word on the kind counts first: frameworks set the general key too, coarsely."""

FIRST_TOKEN_EVENTS = tuple(name for v in VENDORS for name in v.first_token_events)
"""Span events that mark the first chunk of a streamed answer, whoever sends them."""


def keys_of(field: str) -> Keys:
    """Return every vendor's keys for a field, without repeats, first to trust first."""
    if field not in FIELDS:
        raise KeyError(f"{field!r} is no field of a vendor's table")
    found: dict[str, None] = {}
    for vendor in VENDORS:
        found.update(dict.fromkeys(getattr(vendor, field)))
    return tuple(found)


def words_of(field: str) -> Keys:
    """Return every vendor's words of a field that holds no keys, without repeats."""
    words = (word for vendor in VENDORS for word in getattr(vendor, field))
    return tuple(dict.fromkeys(words))


__all__ = [
    "FIELDS",
    "FIRST_TOKEN_EVENTS",
    "KIND_ORDER",
    "SUMS",
    "VENDORS",
    "Keys",
    "Vendor",
    "keys_of",
    "words_of",
]
