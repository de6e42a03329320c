"""Threads that store what waits: take a group, store it, tell each sender."""

import logging
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from collector.config import Settings
from collector.errors import (
    CollectorServiceError,
    RequestTooLarge,
    StoreFull,
    UnreadableRequest,
)
from collector.housekeeping.presence import Presence
from collector.housekeeping.rounds import Rounds
from collector.pending import Pending, PendingQueue
from collector.prepared import Prepared, PreparedTraces, prepare
from collector.records import OtlpRequest, Outcome
from collector.storage import writes
from collector.storage.commit import store_group
from collector.storage.engine import Handle, Store
from collector.storage.prices.book import PriceBook
from collector.storage.repeated import once

BATCH_BYTES = 64 * 1024 * 1024
"""Inflated; a group of more is stored in several inserts, so that memory is bounded."""

ITEM_BYTES = 512
"""What an item counts for at least."""

CLEAN_EVERY_S = 2.0

BUSY = Outcome(503, "another collector is storing this request now; send it again")

log = logging.getLogger("collector")


@dataclass
class Counts:
    """What happened since the start; written by one lock's holder, read by anybody."""

    requests: int = 0
    """Answered, whatever the answer."""

    items: int = 0
    """Spans and log records stored."""

    rejected: int = 0
    """Items that were refused."""

    refused: int = 0
    """Requests told to come back later."""


class Writer:
    """Group commit: many requests, one insert, answers after it."""

    def __init__(
        self, store: Store, settings: Settings, presence: Presence | None = None
    ) -> None:
        self._store = store
        self._presence = presence or Presence(store)
        self._settings = settings
        self._queue = PendingQueue(
            max_requests=settings.max_pending_requests,
            max_bytes=settings.max_pending_bytes,
        )
        self._guard = threading.Lock()
        self._cleaning = threading.Lock()
        self._unfinished: set[tuple[bytes, int]] = set()
        self._is_full = False
        self._has_failed = False
        self._prices = PriceBook()
        self.counts = Counts()
        self._rounds = Rounds(
            self._delete_unfinished,
            name="cleaning",
            every_s=CLEAN_EVERY_S,
            failing="what a failed insert left is not deleted for now",
        )
        self._threads = [
            threading.Thread(target=self._run, name=f"writer-{number}", daemon=True)
            for number in range(settings.writers)
        ]

    @property
    def n_waiting(self) -> int:
        """Return how many requests wait."""
        return len(self._queue)

    def start(self) -> None:
        """Clean up after a process that ended while storing, then take requests."""
        if self._store.is_embedded:
            count = writes.delete_unfinished(self._store)
            if count:
                log.warning("removed rows of %s requests that were cut off", count)
        else:
            self._rounds.start()  # others wait for it, and nothing else may come here
        for thread in self._threads:
            thread.start()

    def offer(self, request: OtlpRequest) -> Pending:
        """Have a request stored.

        Raises:
            QueueFull: too much waits already, or the writer is closed.
        """
        return self._queue.put(request)

    def check_room(self) -> None:
        """Do nothing unless the disk was full, and still is.

        Raises:
            StorageError: it is; nothing is tried, as the engine would wait for room.
        """
        if self._is_full:
            writes.check_room(self._store)
            self._is_full = False

    def check_ready(self) -> None:
        """Do nothing unless storing failed, and the store still takes nothing.

        Raises:
            StorageError: it does not.
        """
        self.check_room()
        if self._has_failed:
            self._presence.try_to_speak()
            self._has_failed = False

    def count_refused(self) -> None:
        """Count a request that was told to come back later."""
        with self._guard:
            self.counts.refused += 1

    def close(self) -> None:
        """Store what waits, then stop."""
        self._queue.close()
        for thread in self._threads:
            if thread.is_alive():  # not where the start failed
                thread.join()
        self._rounds.close()

    def _run(self) -> None:
        linger_s = self._settings.linger_ms / 1000
        while group := self._queue.take(linger_s=linger_s):
            try:
                with self._store.handle("write") as client:
                    self._store_known(client, group)
            except (CollectorServiceError, OSError) as error:
                self._is_full = self._is_full or isinstance(error, StoreFull)
                self._has_failed = True
                self._fail(group, error)
            except Exception as error:  # the edge: a bug must not end the thread
                log.exception("storing a group of %s requests failed", len(group))
                self._fail(group, error)

    def _store_known(self, client: Handle, group: Sequence[Pending]) -> None:
        """Answer repeats from their receipts and store the others."""
        self.check_room()
        self._delete_unfinished()
        known = writes.known_receipts(client, [p.request.digest for p in group])
        self._settle(client, known)
        fresh = []
        for pending in group:
            if (outcome := known.get(pending.request.digest)) is not None:
                self._answer(pending, outcome, is_repeat=True)
            else:
                fresh.append(pending)
        if not self._store.is_embedded:
            fresh = self._without_busy(client, fresh)
        for batch in self._batches(fresh):
            self._store_batch(client, batch)

    def _without_busy(self, client: Handle, fresh: Sequence[Pending]) -> list[Pending]:
        """Answer what another collector stores at this moment; return the rest."""
        requests = [pending.request for pending in fresh]
        living = self._presence.living
        busy = once.clear_way(self._store, client, requests, living)
        for pending in fresh:
            if pending.request.digest in busy:
                self._answer(pending, BUSY)
        return [pending for pending in fresh if pending.request.digest not in busy]

    def _settle(self, client: Handle, digests: Collection[bytes]) -> None:
        """Keep one copy of requests that another collector stored too."""
        if digests and not self._store.is_embedded:
            once.settle(self._store, client, digests)

    def _batches(
        self, group: Sequence[Pending]
    ) -> Iterator[list[tuple[Pending, Prepared]]]:
        batch: list[tuple[Pending, Prepared]] = []
        size = 0
        for pending in group:
            prepared = self._prepared(pending.request)
            if isinstance(prepared, Outcome):
                self._answer(pending, prepared)
                continue
            batch.append((pending, prepared))
            size += size_of(prepared)
            if size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _prepared(self, request: OtlpRequest) -> Prepared | Outcome:
        try:
            return prepare(request, max_bytes=self._settings.max_body_bytes)
        except Exception as error:  # the edge: a bug must not harm the neighbours
            log.exception("a request of %s bytes cannot be read", len(request.body))
            return Outcome(400, f"the request cannot be read: {error!r}"[:1000])

    def _store_batch(
        self, client: Handle, batch: Sequence[tuple[Pending, Prepared]]
    ) -> None:
        """Store requests together; halve them until those that cannot be are alone."""
        try:
            ready = [prepared for _, prepared in batch]
            stored = store_group(
                client, ready, prices=self._prices, check=self._presence.check
            )
            self._settle(client, [request.digest for request, _ in stored])
        except (UnreadableRequest, RequestTooLarge) as error:
            self._remember_unfinished(batch)
            self._delete_unfinished()
            if len(batch) == 1:
                status = 413 if isinstance(error, RequestTooLarge) else 400
                self._answer(batch[0][0], Outcome(status, str(error)))
                return
            middle = len(batch) // 2
            self._store_batch(client, batch[:middle])
            self._store_batch(client, batch[middle:])
            return
        except Exception:  # whatever it was: rows may be there without a receipt
            self._remember_unfinished(batch)
            raise
        outcomes = {request.number: outcome for request, outcome in stored}
        for pending, _ in batch:
            self._answer(pending, outcomes[pending.request.number])

    def _remember_unfinished(self, batch: Sequence[tuple[Pending, Prepared]]) -> None:
        with self._cleaning:
            requests = (pending.request for pending, _ in batch)
            self._unfinished.update((one.digest, one.number) for one in requests)

    def _delete_unfinished(self) -> None:
        """Delete what a failed insert may have left, before more is stored."""
        # one thread at a time: a second delete must not meet the rows of a repeat
        with self._cleaning:
            if self._unfinished:
                pairs = set(self._unfinished)
                once.delete_requests(self._store, pairs)
                self._unfinished -= pairs

    def _fail(self, group: Sequence[Pending], error: Exception) -> None:
        log.error("a group of %s requests was not stored: %s", len(group), error)
        for pending in group:
            if not pending.outcome.done():
                self._answer(pending, Outcome(503, str(error) or repr(error)))

    def _answer(
        self, pending: Pending, outcome: Outcome, *, is_repeat: bool = False
    ) -> None:
        with self._guard:
            self.counts.requests += 1
            if outcome.status == 200 and not is_repeat:
                self.counts.items += outcome.n_items - outcome.n_rejected
                self.counts.rejected += outcome.n_rejected
        pending.outcome.set_result(outcome)


def size_of(prepared: Prepared) -> int:
    """Return about how much it is while it is stored: few bytes may be many items."""
    if isinstance(prepared, PreparedTraces):
        return max(len(prepared.body), prepared.n_items * ITEM_BYTES)
    return max(prepared.n_bytes, prepared.rows.n_items * ITEM_BYTES)
