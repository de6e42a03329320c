"""Ids of traces and spans in what people paste."""

import re
from typing import Final

_TRACE_ID: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_SPAN_ID: Final = re.compile(r"^[0-9a-f]{16}$")


def trace_id_in(text: str) -> str | None:
    """Return the trace id in a text: alone, in a link, or in a ``traceparent``.

    UUIDs are ids that somebody wrote with hyphens.
    """
    lowered = text.strip().lower()
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", lowered):
        return lowered.replace("-", "")
    if " " in lowered:
        return None
    named = re.search(r"[?&]trace=([0-9a-f]{32})(?![0-9a-f])", lowered)
    found = _TRACE_ID.search(lowered)
    return named[1] if named else found[0] if found else None


def span_id_in(text: str) -> str | None:
    """Return the text as a span's id if it is one."""
    lowered = text.strip().lower()
    return lowered if _SPAN_ID.match(lowered) else None
