"""Signs of life of every open run, from one thread; their end when the process ends."""

import atexit
import os
import threading
from typing import Final, Protocol

ALIVE_EVERY_S: Final = 30.0
"""The collector calls a run incomplete after two minutes without a sign."""


class Living(Protocol):
    """A run that is open."""

    def say_alive(self) -> None:
        """Send a sign of life."""

    def abandon(self) -> None:
        """Close what is open, as incomplete: the process ends."""

    def leave_to_parent(self) -> None:
        """Keep nothing of the parent's: this is the child of a fork."""


class Watch:
    """Keeps the open runs of this process."""

    def __init__(self, *, every_s: float = ALIVE_EVERY_S) -> None:
        self._every_s = every_s
        self._lock = threading.Lock()
        self._open: dict[int, Living] = {}
        self._stop: threading.Event | None = None

    def add(self, run: Living) -> None:
        """Keep a run until it is removed; begin to send signs of life."""
        # registered anew each time: what is registered last runs first, and delivery,
        # which sends the rest at exit, may have been set up since the last run
        atexit.unregister(self.close_all)
        atexit.register(self.close_all)
        with self._lock:
            self._open[id(run)] = run
            if self._stop is None:
                self._stop = threading.Event()
                threading.Thread(
                    target=self._beat_until,
                    args=(self._stop,),
                    name="tracer-evaluations",
                    daemon=True,
                ).start()

    def remove(self, run: Living) -> None:
        """Forget a run that has ended; the thread ends with the last one."""
        with self._lock:
            self._open.pop(id(run), None)
            if not self._open and self._stop is not None:
                self._stop.set()
                self._stop = None

    def beat(self) -> None:
        """Send one sign of life of every open run."""
        for run in list(self._open.values()):
            run.say_alive()

    def close_all(self) -> None:
        """Close every run that is still open; the process ends."""
        for run in list(self._open.values()):
            run.abandon()

    def forget(self) -> None:
        """Leave all runs to the parent: this is the child of a fork."""
        self._lock = threading.Lock()
        for run in self._open.values():
            run.leave_to_parent()
        self._open.clear()
        self._stop = None

    def _beat_until(self, stop: threading.Event) -> None:
        while not stop.wait(self._every_s):
            self.beat()


watch: Final = Watch()
"""The runs of this process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=watch.forget)
