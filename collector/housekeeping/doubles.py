"""Looks for spans that were sent twice, again and again, and removes the older copy."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from collector.housekeeping.rounds import Rounds
from collector.storage.engine import Store
from collector.storage.repeated.doubles import remove_doubles
from collector.storage.walk import walk
from collector.storage.writes import QUEUE_LIMIT_S

SHARE = 0.05
"""Of its time that a look may take: one that takes longer is rarer."""

log = logging.getLogger("collector")


@dataclass(frozen=True)
class Look:
    """One way to look for copies."""

    name: str
    """Under which its watermark is kept."""

    everywhere: bool
    """Among all spans, not only those of the same time."""

    every_s: float
    """Between two looks, at the least."""

    overlap_s: int
    """What came so long before the watermark is looked at again: a request may be
    stored later than one that came after it."""


SOON = Look("doubles", everywhere=False, every_s=30, overlap_s=60)
EVERYWHERE = Look(
    "doubles everywhere", everywhere=True, every_s=3600, overlap_s=QUEUE_LIMIT_S
)


class Doubles:
    """A thread that keeps each span once; how often it looks follows what it costs."""

    def __init__(
        self, store: Store, *, turn: Callable[[], bool] = lambda: True
    ) -> None:
        self._store = store
        self._due_s = dict.fromkeys((SOON, EVERYWHERE), 0.0)
        self._rounds = Rounds(
            self._round,
            name="doubles",
            every_s=SOON.every_s,
            failing="spans that were sent twice are counted twice for now",
            turn=turn,
        )
        self.n_removed = 0

    def start(self) -> None:
        """Begin, in the background."""
        self._rounds.start()

    def close(self) -> None:
        """Stop after the step that runs."""
        self._rounds.close()

    def _round(self) -> None:
        for look, due_s in self._due_s.items():
            began_s = time.monotonic()
            if began_s < due_s:
                continue
            self.look(look)
            took_s = time.monotonic() - began_s
            self._due_s[look] = began_s + max(look.every_s, took_s / SHARE)

    def look(self, look: Look) -> int:
        """Remove the older copies of what came since the last look; return how many."""
        removed = walk(
            self._store,
            look.name,
            partial(remove_doubles, self._store, everywhere=look.everywhere),
            overlap_s=look.overlap_s,
            is_over=lambda: self._rounds.is_closed,
        )
        if removed:
            self.n_removed += removed
            log.info("removed the older copies of %s spans that came twice", removed)
        return removed
