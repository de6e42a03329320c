"""The one thread that takes from the queue and delivers."""

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Generic

from tracer._delivery.encoder import Item
from tracer._delivery.outage import Outage
from tracer._delivery.outlet import B, Counted, Outlet, Packer
from tracer._delivery.queue import BoundedQueue
from tracer._delivery.tally import Tally
from tracer._guard import guarded, warn_once

_ROUNDS_TO_LOOK = 4
_KEEP_S = 5.0  # for the disk at the end, however short the time to send was
_REST_S = 1.0  # after a failure of our own, so that it is not repeated without pause


class Worker(Generic[B]):
    """Moves items from the queue to an outlet until it is stopped.

    Args:
        queue: Where the application puts items.
        packer: Makes batches of them.
        outlet: Takes the batches.
        outage: Tells how long to wait while the collector is away.
        tally: Where every item is counted.
        flush_after_s: Longest time an item waits for company.
        look_s: How often an idle thread looks for batches on disk.
        look_back_s: How long it sends what is there at the end.
    """

    def __init__(
        self,
        queue: BoundedQueue[Item],
        packer: Packer[B],
        outlet: Outlet[B],
        outage: Outage,
        tally: Tally,
        *,
        flush_after_s: float,
        look_s: float,
        look_back_s: float,
    ) -> None:
        self._queue = queue
        self._packer = packer
        self._outlet = outlet
        self._outage = outage
        self._tally = tally
        self._flush_after_s = flush_after_s
        self._look_s = look_s
        self._look_back_s = look_back_s
        self._held: list[B] = []
        self._flushes: deque[threading.Event] = deque()
        self._waiting_since_s: float | None = None
        self._is_stopping = False
        self._is_left_alone = False
        self._is_delivering = False
        self._deadline_s = 0.0
        self._n_rounds = 0
        self._turn = threading.Lock()
        """Held to take from the queue, and to change what is held."""
        self._relieving = threading.Lock()
        """Held by the thread that relieves the queue, while there is one."""
        self._relieved: deque[B] = deque()
        """What that thread took from the queue and could not keep."""
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

    def relieve(self) -> None:
        """Take from a crowded queue while the thread waits for an answer.

        A thread of its own puts batches on disk, where there is one, until the queue
        is half empty again or the answer has come. Callers never wait.
        """
        if not self._is_delivering or self._is_stopping or not self._outlet.can_keep:
            return
        if self._relieving.acquire(blocking=False):
            relief = threading.Thread(
                target=self._relieve, name="tracer-relief", daemon=True
            )
            try:
                relief.start()
            except RuntimeError:  # no room for it, or the interpreter is about to end
                self._relieving.release()

    def flush(self, timeout_s: float) -> None:
        """Wait until all that was offered is sent or kept, or the time is over.

        A collector that is away is tried at once, and so is what waits on disk. Called
        by the thread itself (by an exporter, a handler of logs) it does not wait.
        """
        if self.thread is None and self._outlet.has_kept():
            self.start()  # also what a process before this one left
        if self.thread is None or self._is_stopping:
            return
        done = threading.Event()
        self._outlet.try_now()
        self._flushes.append(done)
        self._queue.wake()
        if self.thread is not threading.current_thread():
            done.wait(_waitable(timeout_s))

    def stop(self, timeout_s: float) -> None:
        """End the thread, deliver what is left within the time, keep the rest on disk.

        The thread delivers: whatever hangs then hangs there, and not in the caller. A
        request that hangs is not waited for: its batch is kept too, and the collector
        knows a body that it sees twice.
        """
        self._deadline_s = time.monotonic() + timeout_s
        self._is_stopping = True
        self._queue.wake()
        if self.thread is None:
            with guarded("deliver the last spans"):
                self._deliver_rest()
        elif self.thread is not threading.current_thread():
            self.thread.join(_waitable(timeout_s))
        with self._turn:
            self._is_left_alone = True
        if self._relieving.acquire(timeout=_waitable(timeout_s)):
            self._relieving.release()
        self._keep_in_time(max(timeout_s, _KEEP_S))
        if self.thread is None:
            self._outlet.close()
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
        with guarded("deliver the last spans"):
            self._deliver_rest()
            self._look_back()
        with guarded("close what spans went to"):
            self._outlet.close()

    def _round(self) -> None:
        n_flushes = len(self._flushes)
        if not self._held and (self._relieved or self._is_due(at_once=n_flushes > 0)):
            self._take()
        if self._held:
            if not self._deliver_held():
                self._settle(n_flushes)
                self._queue.sleep(self._outage.wait_s)
            self._n_rounds += 1
            if self._n_rounds % _ROUNDS_TO_LOOK == 0:  # else a stream of new ones
                self._outlet.resend()  # would keep the old on disk for ever
        elif not self._outlet.resend():
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
        with self._turn:
            if self._is_left_alone:
                return
            if self._relieved:
                self._hold([self._relieved.popleft()])
                self._tally.in_relief = _n_items(self._relieved)
                return
            self._waiting_since_s = None
            items = self._queue.take_batch()
            self._tally.in_hand = len(items)
            self._hold(self._packed(items))
        if n_refused := self._queue.refused():
            warn_once("queue full", f"{n_refused} spans dropped: the queue is full")

    def _packed(self, items: Sequence[Item]) -> list[B]:
        batches = self._packer.batches(items)
        n_lost = len(items) - _n_items(batches)
        self._tally.note_dropped(n_lost, "could not be encoded")
        return batches

    def _relieve(self) -> None:
        try:
            with guarded("relieve the queue"):
                while (
                    self._is_delivering
                    and self._queue.is_half_full
                    and not self._is_stopping
                    and not self._relieved
                ):
                    self._relieve_of_batch()
        finally:
            self._relieving.release()

    def _relieve_of_batch(self) -> None:
        with self._turn:
            items = self._queue.take_batch()
            self._tally.in_relief = len(items)
            batches = self._packed(items)
        self._relieved.extend(self._outlet.keep(batches))
        self._tally.in_relief = _n_items(self._relieved)

    def _deliver_held(self, *, at_most_s: float | None = None) -> bool:
        """Deliver what is held; False if some of it could not be delivered now."""
        waiting: list[B] = []
        while len(waiting) < len(self._held):
            batch = self._held[len(waiting)]
            left = self._delivered(batch, at_most_s)
            with self._turn:
                if self._is_left_alone:  # what was held is counted by now
                    return False
                behind = self._held[len(waiting) + 1 :]
                waiting += left
                self._hold(waiting + behind)
        return not waiting

    def _delivered(self, batch: B, at_most_s: float | None) -> list[B]:
        # the disk is quicker than a collector that cannot keep up
        left = self._outlet.keep([batch]) if self._queue.is_half_full else [batch]
        if not left:
            return []
        self._is_delivering = True
        try:
            return self._outlet.deliver(batch, at_most_s=at_most_s)
        finally:
            self._is_delivering = False

    def _deliver_rest(self) -> None:
        while not self._is_left_alone and (self._held or self._has_more):
            left_s = self._deadline_s - time.monotonic()
            if left_s <= 0:
                return
            if not self._held:
                self._take()
            if not self._deliver_held(at_most_s=left_s):
                return

    def _look_back(self) -> None:
        """Send for a moment what waits on disk: short programs have no other time."""
        until_s = min(self._deadline_s, time.monotonic() + self._look_back_s)
        while not self._is_left_alone and not self._held:
            left_s = until_s - time.monotonic()
            if left_s <= 0 or not self._outlet.resend(at_most_s=left_s):
                return

    def _keep_in_time(self, timeout_s: float) -> None:
        """Keep what is left, and let a disk that stalls not hold the caller up."""
        if not self._held and not self._has_more:
            return
        keeping = threading.Thread(
            target=guarded("keep the last spans")(self._keep_rest), daemon=True
        )
        try:
            keeping.start()
        except RuntimeError:  # the interpreter is about to end
            self._keep_rest()
        else:
            keeping.join(_waitable(timeout_s))

    def _keep_rest(self) -> None:
        """Keep what is left, called when nobody else takes from the queue any more."""
        while self._held or self._has_more:
            if not self._held:
                held = [*self._relieved]
                self._relieved.clear()
                self._hold(held or self._packed(self._queue.take_batch()))
                self._tally.in_relief = 0
            self._hold(self._outlet.keep(self._held))
            self._give_up_held("neither sent nor kept on disk before the end")

    @property
    def _has_more(self) -> bool:
        return len(self._queue) > 0 or len(self._relieved) > 0

    def _give_up_held(self, reason: str) -> None:
        self._tally.note_dropped(self._tally.in_hand, reason)
        self._hold([])

    def _hold(self, batches: list[B]) -> None:
        self._held = batches
        self._tally.in_hand = _n_items(batches)

    def _settle(self, n_flushes: int) -> None:
        for _ in range(n_flushes):
            with suppress(IndexError):  # the other side of `stop` was faster
                self._flushes.popleft().set()


def _n_items(batches: Iterable[Counted]) -> int:
    return sum(batch.n_items for batch in batches)


def _waitable(timeout_s: float) -> float:
    """Return a time that locks take: none below 0, no end cut off."""
    return min(max(timeout_s, 0.0), threading.TIMEOUT_MAX)
