"""The thread that empties a crowded queue while the one that delivers waits."""

import threading
from typing import Any

from tracer._delivery.bell import Bell
from tracer._delivery.hands import Hands
from tracer._delivery.queue import BoundedQueue
from tracer._guard import guarded
from tracer._speaker import OwnThread


class Relief:
    """Puts batches on disk until the queue is half empty, or the answer has come.

    One standing thread, begun by the one that delivers: callers only ring a bell.

    Args:
        queue: What it relieves.
        hands: Where it leaves what it cannot keep; then it takes no more.
    """

    def __init__(self, queue: BoundedQueue[Any], hands: Hands[Any]) -> None:
        self._queue = queue
        self._hands = hands
        self._bell = Bell()
        self._at_work = threading.Lock()
        self._has_begun = False
        self._is_over = False

    def begin(self) -> None:
        """Start the thread, once; where none can be had there is no relief."""
        if not self._has_begun:
            self._has_begun = True
            thread = OwnThread(self._run, "tracer-relief")
            try:
                thread.start()
            except RuntimeError:  # no room for it, or the interpreter is about to end
                self._is_over = True

    def call(self) -> None:
        """Say that the queue is crowded; never waits."""
        if self._is_needed:
            self._bell.ring()

    def end(self, timeout_s: float) -> None:
        """End the thread, and wait for the batch that it is keeping."""
        self._is_over = True
        self._bell.ring()
        if self._at_work.acquire(timeout=timeout_s):
            self._at_work.release()

    @property
    def _is_needed(self) -> bool:
        hands = self._hands
        return hands.is_delivering and not hands.relieved and not self._is_over

    def _run(self) -> None:
        while not self._is_over:
            self._bell.sleep()
            with guarded("relieve the queue"), self._at_work:
                while self._is_needed and self._queue.is_half_full:
                    self._hands.relieve_of_batch()
