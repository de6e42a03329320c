"""The one thread that takes from the queue and delivers."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic

from tracer._delivery.encoder import Item
from tracer._delivery.finale import Finale, waitable
from tracer._delivery.flushes import Flushes, Ticket
from tracer._delivery.hands import Hands
from tracer._delivery.outage import Outage
from tracer._delivery.outlet import B, Outlet
from tracer._delivery.queue import BoundedQueue
from tracer._delivery.relief import Relief
from tracer._guard import guarded
from tracer._speaker import OwnThread

_ROUNDS_TO_LOOK = 4
_REST_S = 1.0  # after a failure of our own, so that it is not repeated without pause


class Worker(Generic[B]):
    """Moves items from the queue to an outlet until it is stopped.

    Args:
        queue: Where the application puts items.
        hands: Hold what was taken from it.
        outlet: Takes the batches.
        outage: Tells how long to wait while the collector is away.
        flush_after_s: Longest time an item waits for company.
        look_s: How often an idle thread looks for batches on disk.
        look_back_s: How long it sends what is there at the end.
        on_begin: Called once in the thread, before it takes anything.
    """

    def __init__(
        self,
        queue: BoundedQueue[Item],
        hands: Hands[B],
        outlet: Outlet[B],
        outage: Outage,
        *,
        flush_after_s: float,
        look_s: float,
        look_back_s: float,
        on_begin: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue = queue
        self._on_begin = on_begin
        self._hands = hands
        self._outlet = outlet
        self._outage = outage
        self._flush_after_s = flush_after_s
        self._look_s = look_s
        self._flushes = Flushes()
        self._relief = Relief(queue, hands)
        self._finale = Finale(hands, outlet, look_back_s=look_back_s)
        self._waiting_since_s: float | None = None
        self._is_stopping = False
        self._n_rounds = 0
        self._starting = threading.Lock()
        self._running = threading.Lock()
        """Held by the thread; never released: there is one, once."""
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread; where none can be had, `stop` delivers in its place."""
        if self._is_stopping or not self._starting.acquire(blocking=False):
            return
        try:
            if self.thread is None:
                # before it starts: a signal may come while that waits
                self.thread = thread = OwnThread(self._run, "tracer-delivery")
                try:
                    thread.start()
                except BaseException:
                    if thread.ident is None:
                        self.thread = None
                    raise
        except RuntimeError:  # the interpreter is about to end
            pass
        finally:  # also where a runaway recursion left no room to start it
            self._starting.release()

    def relieve(self) -> None:
        """Say that the queue is crowded; callers never wait."""
        self._relief.call()

    def flush(self, timeout_s: float) -> None:
        """Wait until all that was offered by now is sent or kept, or the time is over.

        A collector that is away is tried at once, and so is what waits on disk. Called
        by the thread itself (by an exporter, a handler of logs) it does not wait.
        """
        if self.thread is None and self._outlet.n_kept():
            self.start()  # also what a process before this one left
        if self.thread is None or self._is_stopping:
            return
        self._outlet.try_now()
        ticket = self._flushes.add(self._queue.n_offered())
        self._queue.wake()
        if self.thread is not threading.current_thread():
            ticket.done.wait(waitable(timeout_s))

    def stop(self, timeout_s: float) -> bool:
        """End the thread, deliver what is left within the time, keep the rest on disk.

        The thread delivers: whatever hangs then hangs there, and not in the caller. A
        request that hangs is not waited for: its batch is kept too, and the collector
        knows a body that it sees twice. A quarter of the time is left to the disk.

        Returns:
            Whether the disk has answered.
        """
        self._finale.set_time(timeout_s)
        self._is_stopping = True
        self._queue.wake()
        if self.thread is None or self.thread.ident is None:
            self._finale.deliver()
        is_own = self.thread is threading.current_thread()  # it has nobody to wait for
        if self.thread is not None and not is_own:
            with suppress(RuntimeError):  # it is about to start: we are in its way
                self.thread.join(self._finale.left_to_send_s)
        self._hands.leave_alone()
        self._relief.end(0 if is_own else self._finale.left_s)
        is_kept = self._finale.keep(waits=not is_own)
        if self.thread is None:
            self._outlet.close()
        self._flushes.settle(self._flushes.waiting())
        return is_kept

    def _run(self) -> None:
        if not self._running.acquire(blocking=False):
            return
        with guarded("say that this process delivers"):
            self._on_begin()
        while not self._is_stopping:
            is_well = False
            with guarded("deliver spans"):
                self._round()
                is_well = True
            if not is_well:
                self._hands.give_up("delivery failed; see the log")
                self._queue.sleep(_REST_S)
        self._finale.deliver(looks_back=True)
        with guarded("close what spans went to"):
            self._outlet.close()

    def _round(self) -> None:
        hands, asked = self._hands, self._flushes.waiting()
        for ticket in asked:
            if ticket.n_tries is None:
                ticket.n_tries = self._outlet.n_tried + self._outlet.n_kept()
        if not hands.held and (hands.relieved or self._is_due(asked)):
            self._take()
        if hands.held:
            self._deliver(asked)
        elif not self._outlet.resend():
            self._flushes.settle(asked)
            self._await_items()
        else:
            self._settle_what_is_done(asked, is_disk_done=False)

    def _deliver(self, asked: list[Ticket]) -> None:
        if not self._hands.deliver():
            self._flushes.settle(asked)
            self._hands.let_others_pass()
            self._queue.sleep(self._outage.wait_s)
        self._n_rounds += 1
        is_disk_asked = any(not ticket.is_disk_tried for ticket in asked)
        is_disk_done = False
        # else a stream of new ones would keep the old on disk for ever
        if is_disk_asked or self._n_rounds % _ROUNDS_TO_LOOK == 0:
            is_disk_done = not self._outlet.resend()
        self._settle_what_is_done(asked, is_disk_done=is_disk_done)

    def _settle_what_is_done(self, asked: list[Ticket], *, is_disk_done: bool) -> None:
        """Let go of flushes that wait for nothing that was there when they were asked.

        What comes after them is not waited for: where calls never cease it never ends.
        """
        n_settled = self._hands.n_settled() if asked else 0
        for ticket in asked:
            if is_disk_done or self._outlet.n_tried >= (ticket.n_tries or 0):
                ticket.is_disk_tried = True
            if ticket.is_disk_tried and n_settled >= ticket.n_items:
                self._flushes.settle([ticket])

    def _is_due(self, asked: list[Ticket]) -> bool:
        if not len(self._queue):
            return False
        if self._waiting_since_s is None:
            self._waiting_since_s = time.monotonic()
        if any(ticket.n_items > self._queue.n_taken for ticket in asked):
            return True
        age_s = time.monotonic() - self._waiting_since_s
        return self._queue.has_full_batch or age_s >= self._flush_after_s

    def _await_items(self) -> None:
        if self._waiting_since_s is None:
            self._queue.sleep_until_item(self._outage.wait_s or self._look_s)
        else:
            due_s = self._waiting_since_s + self._flush_after_s
            self._queue.sleep_until_full_batch(due_s - time.monotonic())

    def _take(self) -> None:
        if self._outlet.can_keep:
            self._relief.begin()
        self._waiting_since_s = None
        self._hands.take()
