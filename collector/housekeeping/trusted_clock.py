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

MOST_SILENT = datetime.timedelta(days=31)
"""One that shows a day so long after the last of which something is known may be wrong
from the start on: another collector of the same store knows it better."""

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
        self._why = ""
        self._said = ""

    def compare(self, last: datetime.date) -> None:
        """Doubt a clock that shows a day long after the last on which anything came.

        Args:
            last: that day; one before `FIRST_YEAR` if there is none.
        """
        shown = datetime.datetime.fromtimestamp(self._wall(), datetime.UTC).date()
        if last.year >= FIRST_YEAR and shown - last > MOST_SILENT:
            self._doubt(f"the clock shows {shown}, and nothing came since {last}")

    def today(self) -> datetime.date | None:
        """Return the day (UTC), None while the clock is not to be believed."""
        now_s = self._wall()
        gained_s = now_s - self._steady() - self._ahead_s
        self._ahead_s += gained_s
        if gained_s > JUMP_S:
            self._doubt("the clock was put forward by more than an hour")
        day = datetime.datetime.fromtimestamp(now_s, datetime.UTC).date()
        doubt = ""
        if not FIRST_YEAR <= day.year < END_YEAR:
            doubt = f"the clock shows {day}"
        elif self._steady() < self._doubted_until_s:
            doubt = self._why
        if doubt and doubt != self._said:
            log.error("%s: nothing is deleted by age until it is trusted", doubt)
        self._said = doubt
        return None if doubt else day

    def _doubt(self, why: str) -> None:
        self._doubted_until_s = self._steady() + DOUBT_S
        self._why = why
