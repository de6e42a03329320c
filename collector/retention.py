"""Deletes what is older than the settings keep, once an hour."""

import datetime
from collections.abc import Callable

from collector.rounds import Rounds
from collector.storage import retention
from collector.storage.engine import Store

EVERY_S = 3600.0


class Retention:
    """A thread that bounds what the store holds by age."""

    def __init__(
        self, store: Store, *, days: int, turn: Callable[[], bool] = lambda: True
    ) -> None:
        self._store = store
        self._days = days
        self._rounds = Rounds(
            lambda: self.apply(datetime.datetime.now(datetime.UTC).date()),
            name="retention",
            every_s=EVERY_S,
            failing="what is old is not deleted for now",
            turn=turn,
        )

    def start(self) -> None:
        """Begin, in the background."""
        self._rounds.start()

    def close(self) -> None:
        """Stop after the step that runs."""
        self._rounds.close()

    def apply(self, today: datetime.date) -> None:
        """Delete what is too old on a day."""
        retention.drop_receipts(self._store)
        if self._days:
            first_kept = today - datetime.timedelta(days=self._days)
            retention.drop_older(self._store, first_kept)
