"""Looks for model calls that two instrumentations recorded, and counts each once."""

import time
from collections.abc import Callable
from functools import partial

from collector.housekeeping.rounds import Rounds
from collector.storage.engine import Store
from collector.storage.repeated.repeats import discount_repeats
from collector.storage.walk import walk

NAME = "repeated usage"
"""Under which its watermark is kept."""

EVERY_S = 30.0
"""Between two looks, at the least."""

OVERLAP_S = 60
"""What came so long before the watermark is looked at again: a request may be stored
later than one that came after it."""

SHARE = 0.05
"""Of its time that a look may take: one that takes longer is rarer."""


class Repeats:
    """A thread that has calls no longer count whose usage stands below them."""

    def __init__(
        self, store: Store, *, turn: Callable[[], bool] = lambda: True
    ) -> None:
        self._store = store
        self._due_s = 0.0
        self._rounds = Rounds(
            self._round,
            name="repeats",
            every_s=EVERY_S,
            failing="calls that were recorded twice are counted twice for now",
            turn=turn,
        )
        self.n_discounted = 0

    def start(self) -> None:
        """Begin, in the background."""
        self._rounds.start()

    def close(self) -> None:
        """Stop after the step that runs."""
        self._rounds.close()

    def _round(self) -> None:
        began_s = time.monotonic()
        if began_s >= self._due_s:
            self.look()
            self._due_s = time.monotonic() + (time.monotonic() - began_s) / SHARE

    def look(self) -> int:
        """Go over what came since the last look; return how many rows count no more."""
        discounted = walk(
            self._store,
            NAME,
            partial(discount_repeats, self._store),
            overlap_s=OVERLAP_S,
            is_over=lambda: self._rounds.is_closed,
        )
        self.n_discounted += discounted
        return discounted
