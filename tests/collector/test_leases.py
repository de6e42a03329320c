"""Who holds a job, or an item, and for how long."""

import pytest

from collector.storage.documents.leases import MAX_LEASE_NS, is_live

NOW_NS = 1_790_000_000_000_000_000
HOUR_NS = 3600 * 10**9


@pytest.mark.parametrize(
    ("until_ns", "lives"),
    [
        (0, False),
        (NOW_NS, False),
        (NOW_NS + 1, True),
        (NOW_NS + MAX_LEASE_NS + HOUR_NS, True),  # by a clock that is a little ahead
        (NOW_NS + 365 * MAX_LEASE_NS, False),
    ],
)
def test_a_lease_of_a_clock_that_was_years_ahead_holds_nobody_off(
    until_ns: int, lives: bool
) -> None:
    """A job was nobody's to take until the day came."""
    assert is_live(until_ns, NOW_NS) is lives
