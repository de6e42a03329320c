"""The one thread that takes from the queue and delivers."""

import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from tracer._delivery.encoder import Encoder, Item
from tracer._delivery.outage import Outage
from tracer._delivery.queue import BoundedQueue
from tracer._delivery.records import Batch
from tracer._delivery.tally import Tally
from tracer._guard import guarded, warn_once

if TYPE_CHECKING:
    from tracer._delivery.sender import Sender

_REST_S = 1.0  # after a failure of our own, so that it is not repeated without pause


class Worker:
    """Moves items from the queue to the sender until it is stopped.

    Args:
        queue: Where the application puts items.
        encoder: Makes batches of them.
        sender: Takes the batches.
        outage: Tells how long to wait while the collector is away.
        tally: Where every item is counted.
        flush_after_s: Longest time an item waits for company.
        look_s: How often an idle thread looks for batches on disk.
    """

    def __init__(
        self,
        queue: BoundedQueue[Item],
        encoder: Encoder,
        sender: "Sender",
        outage: Outage,
        tally: Tally,
        *,
        flush_after_s: float,
        look_s: float,
    ) -> None:
        self._queue = queue
        self._encoder = encoder
        self._sender = sender
        self._outage = outage
        self._tally = tally
        self._flush_after_s = flush_after_s
        self._look_s = look_s
        self._held: list[Batch] = []
        self._flushes: deque[threading.Event] = deque()
        self._waiting_since_s: float | None = None
        self._is_stopping = False
        self._starting = threading.Lock()
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread; where none can be had, `stop` delivers in its place."""
        if self._is_stopping or not self._starting.acquire(blocking=False):
            return
        try:
            if self.thread is None:
                thread = threading.Thread(
                    target=self._run, name="tracer-delivery", daemon=True
                )
                with suppress(RuntimeError):  # the interpreter is about to end
                    thread.start()
                    self.thread = thread
        finally:  # also where a runaway recursion left no room to start it
            self._starting.release()

    def flush(self, timeout_s: float) -> None:
        """Wait until all that was offered is sent or kept, or the time is over.

        A collector that is away is tried at once, and so is what waits on disk.
        """
        if self.thread is None or self._is_stopping:
            return
        done = threading.Event()
        self._outage.try_now()
        self._flushes.append(done)
        self._queue.wake()
        done.wait(timeout_s)

    def stop(self, timeout_s: float) -> None:
        """End the thread, deliver what is left within the time, keep the rest on disk.

        A request that hangs is not waited for: its batch is kept too, and the collector
        knows a body that it sees twice.
        """
        deadline_s = time.monotonic() + timeout_s
        self._is_stopping = True
        self._queue.wake()
        if self.thread is not None:
            self.thread.join(timeout_s)
        if self.thread is None or not self.thread.is_alive():
            self._deliver_rest(deadline_s)
        self._keep_rest()
        self._sender.close()
        self._settle(len(self._flushes))

    def _run(self) -> None:
        while not self._is_stopping:
            is_well = False
            with guarded("deliver spans"):
                self._round()
                is_well = True
            if not is_well:
                self._give_up_held("delivery failed; see the log")
                self._queue.sleep(_REST_S)

    def _round(self) -> None:
        n_flushes = len(self._flushes)
        if not self._held and self._is_due(at_once=n_flushes > 0):
            self._take()
        if self._held:
            if not self._deliver_held():
                self._settle(n_flushes)
                self._queue.sleep(self._outage.wait_s)
        elif not self._sender.resend_one():
            self._settle(n_flushes)
            self._await_items()

    def _is_due(self, *, at_once: bool) -> bool:
        if not len(self._queue):
            return False
        if self._waiting_since_s is None:
            self._waiting_since_s = time.monotonic()
        age_s = time.monotonic() - self._waiting_since_s
        return at_once or self._queue.has_full_batch or age_s >= self._flush_after_s

    def _await_items(self) -> None:
        if self._waiting_since_s is None:
            self._queue.sleep_until_item(self._outage.wait_s or self._look_s)
        else:
            due_s = self._waiting_since_s + self._flush_after_s
            self._queue.sleep_until_full_batch(due_s - time.monotonic())

    def _take(self) -> None:
        items = self._queue.take_batch()
        self._waiting_since_s = None
        self._tally.in_hand = len(items)
        batches = self._encoder.batches(items)
        n_encoded = sum(batch.n_items for batch in batches)
        self._tally.note_dropped(len(items) - n_encoded, "could not be encoded")
        self._hold(batches)
        if n_refused := self._queue.refused():
            warn_once("queue full", f"{n_refused} spans dropped: the queue is full")

    def _deliver_held(self, *, at_most_s: float | None = None) -> bool:
        """Deliver what is held; False if some of it could not be delivered now."""
        while self._held:
            batch = self._held[0]
            # the disk is quicker than a collector that cannot keep up
            left = self._sender.keep([batch]) if self._queue.is_half_full else [batch]
            if left:
                left = self._sender.deliver(batch, at_most_s=at_most_s)
            self._hold(left + self._held[1:])
            if left:
                return False
        return True

    def _deliver_rest(self, deadline_s: float) -> None:
        while self._held or len(self._queue):
            left_s = deadline_s - time.monotonic()
            if not self._held:
                self._take()
            if left_s <= 0 or not self._deliver_held(at_most_s=left_s):
                return

    def _keep_rest(self) -> None:
        while self._held or len(self._queue):
            if not self._held:
                self._take()
            self._hold(self._sender.keep(self._held))
            self._give_up_held("neither sent nor kept on disk before the end")

    def _give_up_held(self, reason: str) -> None:
        self._tally.note_dropped(self._tally.in_hand, reason)
        self._hold([])

    def _hold(self, batches: list[Batch]) -> None:
        self._held = batches
        self._tally.in_hand = sum(batch.n_items for batch in batches)

    def _settle(self, n_flushes: int) -> None:
        for _ in range(n_flushes):
            self._flushes.popleft().set()
