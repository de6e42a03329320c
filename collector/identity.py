"""What this process is called among a store's collectors, and its requests' numbers."""

import itertools
import secrets

_BITS = 32

COLLECTOR_ID = 1 + secrets.randbelow((1 << 31) - 1)
"""Unlike any other collector's; 0 is nobody."""

_numbers = itertools.count(COLLECTOR_ID << _BITS)


def next_number() -> int:
    """Return a number that no other request has, in this process or another."""
    return next(_numbers)


def collector_of(number: int) -> int:
    """Return the id of the collector that gave a request its number."""
    return number >> _BITS
