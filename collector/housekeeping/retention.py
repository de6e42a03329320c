"""Bounds what the store holds: by age once an hour, by disk once a minute."""

import datetime
import logging
import time
from collections.abc import Callable

from collector.config import Settings
from collector.housekeeping.rounds import Rounds
from collector.housekeeping.trusted_clock import TrustedClock
from collector.storage.deleting import by_age
from collector.storage.deleting.by_age import Ages, Policy
from collector.storage.deleting.by_size import free_disk
from collector.storage.deleting.erasure import erase_deleted
from collector.storage.documents.policies import read_policies
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader

EVERY_S = 60.0
"""Between two looks at the disk."""

AGES_EVERY_S = 3600.0
ERASE_EVERY_S = 24 * 3600.0
"""Bytes of deleted rows are off the disk after so long at the latest."""

log = logging.getLogger("collector")


class Retention:
    """A thread that bounds what the store holds by age and by size."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        turn: Callable[[], bool] = lambda: True,
        clock: TrustedClock | None = None,
    ) -> None:
        self._store = store
        self._clock = clock or TrustedClock()
        self._budget_bytes = settings.disk_budget
        self._everywhere = Ages(
            settings.retention_days, settings.retention_evaluation_days
        )
        self._ages_due_s = 0.0
        self._erase_due_s = time.monotonic() + AGES_EVERY_S
        self._is_over = False
        self._is_compared = False
        self.n_days_dropped = 0
        self._rounds = Rounds(
            self._round,
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

    def _round(self) -> None:
        now_s = time.monotonic()
        try:
            self._apply_in_time(now_s)
        finally:  # a full disk may be why: the budget needs no room, and makes some
            self.apply_budget(datetime.datetime.now(datetime.UTC).date())
        if now_s >= self._erase_due_s:
            self.erase()
            self._erase_due_s = now_s + ERASE_EVERY_S

    def _apply_in_time(self, now_s: float) -> None:
        if not self._is_compared:
            self._clock.compare(by_age.newest_receipt(self._store))
            self._is_compared = True
        trusted = self._clock.today()
        if trusted is not None and now_s >= self._ages_due_s:
            self.apply(trusted)
            self._ages_due_s = now_s + AGES_EVERY_S

    def policy(self) -> Policy:
        """Return what is kept how long, by the settings and by projects."""
        with self._store.handle("read") as client:
            own = read_policies(Reader(client, Reader.new_mark()))
        return Policy(self._everywhere, own)

    def apply(self, today: datetime.date) -> None:
        """Delete what is too old on a day."""
        policy = self.policy()
        by_age.drop_receipts(self._store)
        by_age.drop_older(self._store, policy, today)

    def apply_budget(self, today: datetime.date) -> None:
        """Drop the oldest days while the store holds more than it may."""
        if not self._budget_bytes:
            return
        freed = free_disk(self._store, budget_bytes=self._budget_bytes, today=today)
        self.n_days_dropped += len(freed.days)
        if freed.days:
            log.warning(
                "over the disk budget of %s bytes: dropped %s; %s bytes are left",
                self._budget_bytes,
                ", ".join(freed.days),
                freed.used_bytes,
            )
        is_over = freed.used_bytes > self._budget_bytes
        if is_over and not self._is_over:
            log.error(
                "the store holds %s bytes, over its budget of %s, and nothing before "
                "today is left to drop; raise TRACER_DISK_BUDGET or send less",
                freed.used_bytes,
                self._budget_bytes,
            )
        self._is_over = is_over

    def erase(self) -> None:
        """Take the bytes of rows that were deleted off the disk."""
        erase_deleted(self._store)
