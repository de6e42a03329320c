"""What was taken from the queue, and what becomes of it: one fate for each item."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Generic

from tracer._delivery.encoder import Item
from tracer._delivery.outlet import B, Counted, Outlet, Packer
from tracer._delivery.queue import BoundedQueue
from tracer._delivery.tally import Tally
from tracer._guard import warn_once

_MOST_BESIDE = 4


class Hands(Generic[B]):
    """Holds the batches between the queue and the outlet.

    The thread that delivers holds them; the one that relieves the queue adds what it
    could not keep; whoever ends the process takes them over (`leave_alone`). Then an
    answer that comes late changes nothing any more: its batch is kept by then.

    Args:
        queue: Where the application puts items.
        packer: Makes batches of them.
        outlet: Takes the batches.
        tally: Where every item is counted.
    """

    def __init__(
        self,
        queue: BoundedQueue[Item],
        packer: Packer[B],
        outlet: Outlet[B],
        tally: Tally,
    ) -> None:
        self._queue = queue
        self._packer = packer
        self._outlet = outlet
        self._tally = tally
        self.held: list[B] = []
        """What the thread delivers now."""
        self.relieved: deque[B] = deque()
        """What was taken while it waited for an answer, and could not be kept."""
        self.is_delivering = False
        """Whether it waits for an answer."""
        self.is_left_alone = False
        """Whether somebody else keeps what is left."""
        self._turn = threading.Lock()
        """Held to take from the queue; never while waiting for disk or network."""
        self._deciding = threading.Lock()
        """Held to decide about a batch: to count it, or keep it on disk."""

    @property
    def has_more(self) -> bool:
        """Whether something waits that is not held."""
        return len(self._queue) > 0 or len(self.relieved) > 0

    def n_settled(self) -> int:
        """Return how many items were ever taken and are decided about."""
        with self._turn:
            is_open = self.held or self._tally.in_relief
            return 0 if is_open else self._queue.n_taken

    def take(self) -> None:
        """Hold the next batches; those of the relief first."""
        with self._turn:
            if self.is_left_alone:
                return
            if self.relieved:
                self._hold([self.relieved.popleft()])
                self._tally.in_relief = n_items(self.relieved)
                return
            self._hold(self._taken())
        if n_refused := self._queue.refused():
            warn_once("queue full", f"{n_refused} spans dropped: the queue is full")

    def let_others_pass(self) -> None:
        """Hold something more, before what was answered by a fault of the receiver.

        Whether the fault is that of one batch shows by what becomes of others.
        """
        if not self._outlet.lets_others_pass:
            return
        with self._turn:
            if self.is_left_alone:
                return
            failed, behind = self.held[:1], self.held[1:]
            is_alone = len(self.held) < _MOST_BESIDE
            self._hold((self._taken() if is_alone else []) + behind + failed)

    def relieve_of_batch(self) -> None:
        """Take a batch and put it on disk at once."""
        with self._turn:
            if self.is_left_alone:
                return
            items = self._queue.take_batch()
            self._tally.in_relief = len(items)
            batches = self._packed(items)
        left = self._outlet.keep(batches)
        with self._turn:
            self.relieved.extend(left)
            self._tally.in_relief = n_items(self.relieved)

    def deliver(self, *, at_most_s: float | None = None) -> bool:
        """Deliver what is held; False if some of it could not be delivered now."""
        place = 0
        while place < len(self.held):
            batch = self.held[place]
            left: list[B] | None = [batch]
            if self._queue.is_half_full:  # the disk is quicker than who cannot keep up
                left = self._decided(place, partial(self._outlet.keep, [batch]))
            if left:
                left = self._decided(place, self._sent(batch, at_most_s))
            if left is None:
                return False
            place += len(left)
        return not self.held

    def leave_alone(self) -> None:
        """Take over what is left from the thread, whatever it is doing."""
        with self._turn:
            self.is_left_alone = True

    def keep_rest(self) -> None:
        """Keep all that is left, or count it as dropped; after `leave_alone`."""
        with self._deciding:
            while self.held or self.has_more:
                if not self.held:
                    held = [*self.relieved]
                    self.relieved.clear()
                    self._hold(held or self._taken())
                    self._tally.in_relief = 0
                self._hold(self._outlet.keep(self.held))
                self._drop("neither sent nor kept on disk before the end")

    def give_up(self, reason: str) -> None:
        """Count what is held as dropped."""
        with self._deciding:
            if not self.is_left_alone:
                self._drop(reason)

    def _sent(self, batch: B, at_most_s: float | None) -> Callable[[], list[B]]:
        self.is_delivering = True
        try:
            return self._outlet.deliver(batch, at_most_s=at_most_s)
        finally:
            self.is_delivering = False

    def _decided(self, place: int, decide: Callable[[], list[B]]) -> list[B] | None:
        """Decide about one batch, unless somebody else has by now."""
        with self._deciding:
            if self.is_left_alone:
                return None
            left = decide()
            self._hold(self.held[:place] + left + self.held[place + 1 :])
            return left

    def _taken(self) -> list[B]:
        items = self._queue.take_batch()
        self._tally.in_hand += len(items)
        return self._packed(items)

    def _packed(self, items: Sequence[Item]) -> list[B]:
        batches = self._packer.batches(items)
        n_lost = len(items) - n_items(batches)
        self._tally.note_dropped(n_lost, "could not be encoded")
        return batches

    def _drop(self, reason: str) -> None:
        self._tally.note_dropped(self._tally.in_hand, reason)
        self._hold([])

    def _hold(self, batches: list[B]) -> None:
        self.held = batches
        self._tally.in_hand = n_items(batches)


def n_items(batches: Iterable[Counted]) -> int:
    """Return how many items are in all of them."""
    return sum(batch.n_items for batch in batches)
