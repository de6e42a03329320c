"""Tells when the machine's clock is not to be believed: nothing is deleted by it then.

A clock that is set years ahead, for a minute, would have every row too old.
"""

import datetime
import logging
import time
from collections.abc import Callable

JUMP_S = 3600.0
"""A clock that gains as much on one that nobody sets was put forward."""

DOUBT_S = 24 * 3600.0
"""For so long it is not believed then: a clock that is wrong is put right meanwhile."""

FIRST_YEAR, END_YEAR = 2020, 2070
"""No clock of today shows earlier years, or these and later ones."""

log = logging.getLogger("collector")


def since_boot_s() -> float:
    """Return seconds that nobody sets, those of a machine asleep among them."""
    number = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(number)


class TrustedClock:
    """The machine's clock, held against one that nobody sets."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = since_boot_s,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._ahead_s = wall() - steady()
        self._doubted_until_s = 0.0
        self._said = ""

    def today(self) -> datetime.date | None:
        """Return the day (UTC), None while the clock is not to be believed."""
        now_s = self._wall()
        gained_s = now_s - self._steady() - self._ahead_s
        self._ahead_s += gained_s
        if gained_s > JUMP_S:
            self._doubted_until_s = self._steady() + DOUBT_S
        day = datetime.datetime.fromtimestamp(now_s, datetime.UTC).date()
        doubt = ""
        if not FIRST_YEAR <= day.year < END_YEAR:
            doubt = f"the clock shows {day}"
        elif self._steady() < self._doubted_until_s:
            doubt = "the clock was put forward by more than an hour"
        if doubt and doubt != self._said:
            log.error("%s: nothing is deleted by age until it is trusted", doubt)
        self._said = doubt
        return None if doubt else day
