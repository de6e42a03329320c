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
from collector.conventions.vendor import FIELDS, Keys, Vendor

VENDORS = (
    tracer.VENDOR,
    opentelemetry.VENDOR,
    openinference.VENDOR,
    traceloop.VENDOR,
    langfuse.VENDOR,
    vercel.VENDOR,
    mlflow.VENDOR,
    logfire.VENDOR,
    langsmith.VENDOR,
)
"""Every table; where several carry a field, the first with a value wins."""

KIND_ORDER = (
    tracer.VENDOR,
    langfuse.VENDOR,
    openinference.VENDOR,
    opentelemetry.VENDOR,
    traceloop.VENDOR,
    vercel.VENDOR,
    mlflow.VENDOR,
    langsmith.VENDOR,
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


__all__ = [
    "FIELDS",
    "FIRST_TOKEN_EVENTS",
    "KIND_ORDER",
    "VENDORS",
    "Keys",
    "Vendor",
    "keys_of",
]
