"""The count of every item: sent, on disk, dropped and why."""

import threading
from collections import Counter

from tracer._delivery.records import Batch, DeliveryReport, Lane


class Tally:
    """Counts for one process; written by whoever delivers, read by everybody."""

    def __init__(self, instance_id: str) -> None:
        self.instance_id = instance_id
        self.in_hand = 0
        """Items taken from the queue whose fate is open."""
        self.in_relief = 0
        """Items taken from it while the thread waited for an answer."""
        self.troubles: dict[Lane | None, str] = {}
        """Why items wait, while they do: all of them (None), or those of one signal."""
        self._lock = threading.Lock()
        self._sent = 0
        self._sent_for_others = 0
        self._spooled = 0
        self._dropped: Counter[str] = Counter()

    def note_sent(self, n_items: int, *, instance_id: str | None = None) -> None:
        """Count items that the collector has accepted.

        Args:
            n_items: How many.
            instance_id: Who made them; None = this process.
        """
        with self._lock:
            if instance_id in (None, self.instance_id):
                self._sent += n_items
            else:
                self._sent_for_others += n_items

    def note_spooled(self, batch: Batch) -> None:
        """Count a batch of ours that is on disk now."""
        if batch.instance_id == self.instance_id:
            with self._lock:
                self._spooled += batch.n_items

    def note_unspooled(self, batch: Batch) -> None:
        """Count a batch of ours that is on disk no longer."""
        if batch.instance_id == self.instance_id:
            with self._lock:
                self._spooled = max(0, self._spooled - batch.n_items)

    def note_dropped(self, n_items: int, reason: str) -> None:
        """Count items that are given up, whoever made them."""
        if n_items > 0:
            with self._lock:
                self._dropped[reason] += n_items

    def report(self, *, waiting: int, refused: int) -> DeliveryReport:
        """Return the counts, with what waits in the queue and what it refused."""
        dropped = Counter(self._dropped)
        if refused:
            dropped["the queue was full (max_queue_bytes) or shut down"] += refused
        errors = [f"{n:,} dropped: {why}" for why, n in dropped.most_common()]
        return DeliveryReport(
            sent=self._sent,
            sent_for_others=self._sent_for_others,
            spooled=self._spooled,
            dropped=dropped.total(),
            pending=waiting + self.in_hand + self.in_relief,
            errors=tuple(errors + list(dict.fromkeys(list(self.troubles.values())))),
        )
