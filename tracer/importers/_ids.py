"""Our ids from foreign ones: kept where their form allows, else a hash of them."""

import hashlib
import re
from typing import Final

TRACE_DIGITS: Final = 32
SPAN_DIGITS: Final = 16


def trace_id_of(system: str, foreign_id: str) -> str:
    """Return a trace id: 32 hex digits stay (a UUID without its dashes is such).

    Args:
        system: Where the id is from, so that equal ids of two systems differ.
        foreign_id: The id there.
    """
    return _kept_or_hashed(foreign_id, TRACE_DIGITS, f"{system}/trace/{foreign_id}")


def span_id_of(system: str, foreign_id: str) -> str:
    """Return a span id: 16 hex digits stay."""
    return _kept_or_hashed(foreign_id, SPAN_DIGITS, f"{system}/span/{foreign_id}")


def is_kept(foreign_id: str, own_id: str) -> bool:
    """Return whether our id is the foreign one, only spelt as ours are."""
    return foreign_id.replace("-", "").lower() == own_id


def _kept_or_hashed(foreign_id: str, digits: int, hashed: str) -> str:
    plain = foreign_id.replace("-", "").lower()
    if re.fullmatch(f"[0-9a-f]{{{digits}}}", plain) and int(plain, 16):
        return plain
    return hashlib.sha256(hashed.encode()).hexdigest()[:digits]
