"""The keys in memory: read again every few seconds, kept while the store is away."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from collector.access.keys import StoredKey
from collector.housekeeping.rounds import Rounds
from collector.storage.engine import Store
from collector.storage.keys import note_used, read_keys

EVERY_S = 5.0
"""A key that another process makes or revokes counts here after this long."""


class KeyRing:
    """Every key of the store by its id; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: Mapping[str, StoredKey] = {}
        self._used: dict[str, datetime] = {}
        self._guard = threading.Lock()
        self._reading = threading.Lock()
        self._rounds = Rounds(
            self.refresh,
            name="keys",
            every_s=EVERY_S,
            failing="keys are not read again for now, those known count",
        )

    def start(self) -> None:
        """Begin to read the keys again and again, in the background."""
        self._rounds.start()

    def close(self) -> None:
        """Stop reading."""
        self._rounds.close()

    def refresh(self) -> None:
        """Read the keys, and store which were used for the first time today.

        Raises:
            StorageError: the store does not answer; the keys known before stay.
        """
        with self._reading:  # what was read earlier must not come later
            self._keys = {key.id: key for key in read_keys(self._store)}
        with self._guard:
            noted = {
                key_id
                for key_id, at in self._used.items()
                if (known := self._keys.get(key_id)) and _is_news(known, at)
            }
            self._used = {}
        note_used(self._store, noted)

    def find(self, key_id: str) -> StoredKey | None:
        """Return a key as it was when the keys were last read."""
        return self._keys.get(key_id)

    def all(self) -> list[StoredKey]:
        """Return the keys as they were last read, newest first."""
        return list(self._keys.values())

    def note(self, key_id: str) -> None:
        """Remember that a key was used."""
        if key_id not in self._used:
            with self._guard:
                self._used[key_id] = datetime.now(UTC)


def _is_news(key: StoredKey, used: datetime) -> bool:
    return key.last_used is None or key.last_used.date() < used.date()
