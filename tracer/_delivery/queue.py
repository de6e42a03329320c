"""The bounded queue between the application's threads and ours."""

import itertools
from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from tracer._delivery.bell import Bell

T = TypeVar("T")

_NEVER = float("inf")

BACKLOG_BATCHES: Final = 8
"""Where so many batches wait, they are taken as one: our thread loses up to 5 ms to the
callers' whenever a request gives up the interpreter, and needs fewer requests then."""


class BoundedQueue(Generic[T]):
    """First in, first out, bounded by bytes; callers take no lock and never wait.

    Appending to a deque is atomic. A lock would be shared with our thread, and could
    deadlock: a span may end in a signal handler or a finaliser that interrupts this
    very code. The price is that `n_bytes` may be off by an item after a race; it is
    put right whenever the queue runs empty.

    Args:
        max_bytes: Estimated size of all items together beyond which offers are refused.
        full_batch_items: How many items make a batch worth waking our thread for.
        full_batch_bytes: How many bytes do.
        on_crowded: Called by offers while the queue is more than half full.
    """

    def __init__(
        self,
        max_bytes: int,
        *,
        full_batch_items: int,
        full_batch_bytes: int,
        on_crowded: Callable[[], None] = lambda: None,
    ) -> None:
        self._items: deque[tuple[int, T]] = deque()
        self._max_bytes = max_bytes
        self._on_crowded = on_crowded
        self._full_items = full_batch_items
        self._full_bytes = full_batch_bytes
        self._bytes_in = 0
        self._bytes_out = 0
        self._wake_at: float = _NEVER
        self._bell = Bell()
        self._refusals = itertools.count()
        self.is_closed = False
        self.n_taken = 0
        """Items that were ever taken."""

    def __len__(self) -> int:
        return len(self._items)

    def n_offered(self) -> int:
        """Return how many items were ever taken in, or a few more; see `take_batch`."""
        waiting = len(self._items)  # first: what is taken meanwhile counts twice
        return waiting + self.n_taken

    @property
    def n_bytes(self) -> int:
        """Estimated size of what waits."""
        return self._bytes_in - self._bytes_out

    @property
    def is_half_full(self) -> bool:
        """Whether items come faster than they go."""
        return self.n_bytes * 2 > self._max_bytes

    @property
    def has_full_batch(self) -> bool:
        """Whether what waits fills a batch."""
        return len(self._items) >= self._full_items or self.n_bytes >= self._full_bytes

    def offer(self, item: T, size_bytes: int) -> None:
        """Append an item, or count it as refused when the queue is full or closed."""
        n_bytes = self._bytes_in - self._bytes_out + size_bytes
        if self.is_closed or n_bytes > self._max_bytes:
            next(self._refusals)  # atomic, unlike += 1
            return
        self._bytes_in += size_bytes
        self._items.append((size_bytes, item))
        if self._wake_at is not _NEVER and (
            len(self._items) >= self._wake_at or n_bytes >= self._full_bytes
        ):
            self.wake()
        if n_bytes * 2 > self._max_bytes:
            self._on_crowded()

    def move_to(self, other: "BoundedQueue[T]") -> None:
        """Offer all that waits to another queue, oldest first."""
        while self._items:
            size_bytes, item = self._items.popleft()
            other.offer(item, size_bytes)

    def refused(self) -> int:
        """Return how many offers were refused so far.

        The text of a counter is the one reading of it that neither counts nor takes a
        lock, which a signal handler could find held by the code that it interrupted.
        """
        return int(repr(self._refusals).removeprefix("count(").removesuffix(")"))

    def take_batch(self) -> list[T]:
        """Remove the oldest items, up to a full batch; one thread at a time."""
        most_items, most_bytes = self._full_items, self._full_bytes
        if len(self._items) > BACKLOG_BATCHES * most_items or (
            self.n_bytes > BACKLOG_BATCHES * most_bytes
        ):
            most_items *= BACKLOG_BATCHES
            most_bytes *= BACKLOG_BATCHES
        taken: list[T] = []
        size = 0
        while self._items and len(taken) < most_items and size < most_bytes:
            self.n_taken += 1  # before: no item is in neither number
            size_bytes, item = self._items.popleft()
            size += size_bytes
            taken.append(item)
        self._bytes_out += size
        if not self._items:
            self._bytes_out = self._bytes_in
        return taken

    def wake(self) -> None:
        """End the sleep of our thread; safe from anywhere, signal handlers too."""
        self._bell.ring()

    def sleep(self, timeout_s: float) -> None:
        """Sleep until `wake` or the time is over; our thread only."""
        self._bell.sleep(timeout_s)

    def sleep_until_item(self, timeout_s: float) -> None:
        """Sleep likewise, but only while the queue is empty.

        Callers look at ``_wake_at`` after they appended; we look at the items after we
        have set it: one of the two sees the other.
        """
        self._wake_at = 1
        if not self._items:
            self.sleep(timeout_s)
        self._wake_at = _NEVER

    def sleep_until_full_batch(self, timeout_s: float) -> None:
        """Sleep likewise, but only while what waits is no full batch."""
        self._wake_at = self._full_items
        if not self.has_full_batch:
            self.sleep(timeout_s)
        self._wake_at = _NEVER
