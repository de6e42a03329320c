"""What wakes a thread of ours, rung from anywhere without waiting."""

import threading
from contextlib import suppress


class Bell:
    """Wakes one sleeper; a ring that nobody sleeps through is kept for the next."""

    def __init__(self) -> None:
        self._silent = threading.Lock()  # held = nobody has rung
        self._silent.acquire()

    def ring(self) -> None:
        """End the sleep; safe from anywhere, signal handlers too."""
        if self._silent.locked():
            with suppress(RuntimeError):  # somebody else was first
                self._silent.release()

    def sleep(self, timeout_s: float | None = None) -> None:
        """Sleep until it rings or the time is over; one thread only."""
        self._silent.acquire(timeout=-1 if timeout_s is None else max(timeout_s, 0))
