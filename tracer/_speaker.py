"""What our own threads have to say, said by another: a log handler may block.

A pipe that nobody reads is full after 64 KiB, and whoever writes to it then waits for
ever. Threads that deliver never wait for that, with or without a lock in their hands.
"""

import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

MOST_WAITING: Final = 1000
"""So much waits to be said; beyond it the oldest is forgotten."""


class OwnThread(threading.Thread):
    """A daemon thread of ours, which leaves what it has to say to the speaker."""

    def __init__(self, target: Callable[[], object], name: str | None = None) -> None:
        super().__init__(target=target, name=name, daemon=True)


class Speaker:
    """Says what it is given, in order, in a thread that lives while there is any."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], object]] = deque(maxlen=MOST_WAITING)
        # taken again by its holder: a finaliser of what is forgotten may say more
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None

    def say(self, saying: Callable[[], object]) -> None:
        """Have something said soon; never waits for it."""
        with self._lock:
            self._waiting.append(saying)
            if self._thread is not None:
                return
            self._thread = threading.Thread(
                target=self._run, name="tracer-speaker", daemon=True
            )
            try:
                self._thread.start()
            except RuntimeError:  # the interpreter is about to end
                self._thread = None

    def wait(self, timeout_s: float) -> None:
        """Wait until all is said, or the time is over."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                saying = self._waiting.popleft()
            with suppress(Exception):  # of the user's handler
                saying()


speaker: Final = Speaker()
"""The one of this process."""

if hasattr(os, "register_at_fork"):  # the child has no such thread, and a new lock
    os.register_at_fork(after_in_child=speaker.__init__)  # type: ignore[misc]
