"""Says every few seconds that this collector lives, and knows which others do.

On it rest two things that collectors of one store share: rows without a receipt are
left alone while the collector that brought them lives, and of the background rounds one
collector does each. An embedded store has one collector, so nothing is said there.
"""

import time

from collector.errors import StorageError
from collector.housekeeping.rounds import Rounds
from collector.identity import COLLECTOR_ID
from collector.storage import collectors
from collector.storage.engine import Store

BEAT_S = 2.0
DEAD_AFTER_S = 20
"""A collector that was silent for so long is taken for dead."""

UNSURE_AFTER_S = 12.0
"""A collector that could not speak for so long no longer finishes what it stores: the
others may soon delete it."""


class Presence:
    """One collector among those of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._is_alone = store.is_embedded
        self._spoke_s: float | None = None
        self._rounds = Rounds(
            self.speak,
            name="presence",
            every_s=BEAT_S,
            failing="the other collectors are not told that this one lives",
        )

    def start(self) -> None:
        """Speak once, then go on in the background.

        Raises:
            StorageError: the store does not take it.
        """
        if not self._is_alone:
            self.speak()
            self._rounds.start()

    def close(self) -> None:
        """Fall silent."""
        self._rounds.close()

    def speak(self) -> None:
        """Say that this collector lives."""
        begun_s = time.monotonic()
        collectors.speak(self._store, COLLECTOR_ID)
        self._spoke_s = begun_s

    def try_to_speak(self) -> None:
        """Write what nobody misses, also where no other collector is.

        Raises:
            StorageError: the store does not take it.
        """
        collectors.speak(self._store, COLLECTOR_ID)

    def check(self) -> None:
        """Do nothing if the others know that this collector lives.

        Raises:
            StorageError: it could not say so for too long.
        """
        if self._spoke_s is None:  # nobody was told of it
            return
        silent_s = time.monotonic() - self._spoke_s
        if silent_s > UNSURE_AFTER_S:
            raise StorageError(
                f"this collector could not reach the store for {silent_s:.0f} s, and "
                "others may take it for dead; send again"
            )

    def living(self) -> set[int]:
        """Return the ids of the collectors that live."""
        return collectors.living(self._store, within_s=DEAD_AFTER_S)

    def leads(self) -> bool:
        """Return whether this collector does the rounds that one of them does.

        For a moment two may think so: what they do may be done twice.
        """
        return self._is_alone or COLLECTOR_ID == min(self.living(), default=0)
