"""Until when a job, or an item of a queue, is somebody's."""

MAX_LEASE_NS = 86_400 * 10**9
"""No lease is longer."""


def is_live(until_ns: int, now_ns: int) -> bool:
    """Return whether a lease holds.

    One that ends days from now was lent by a clock that was ahead: it would hold until
    that day, though nobody works any more.
    """
    return now_ns < until_ns <= now_ns + 2 * MAX_LEASE_NS
