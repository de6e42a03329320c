"""One event loop for the async clients of judges, in a thread of its own.

The connections of an async client belong to the loop that made them, and callers' loops
come and go: each `Evaluation.run` has another. This one stays.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

END_S = 5.0
"""How long the end of the process waits for the loop."""


class _Loop:
    """A loop that runs until the end of the process that it was made in."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._run, name="tracer-judges", daemon=True
        )
        self._thread.start()
        atexit.register(self._end)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.close()

    def _end(self) -> None:
        if self.process == os.getpid() and self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(END_S)


_made: _Loop | None = None
_making = threading.Lock()


def in_judges_loop(coroutine: Coroutine[Any, Any, T]) -> Future[T]:
    """Begin a coroutine in the loop of judges, with the caller's context."""
    global _made
    with _making:
        if _made is None or _made.process != os.getpid():
            _made = _Loop()
    return asyncio.run_coroutine_threadsafe(coroutine, _made.loop)


def _renew_lock() -> None:
    """Forget who held the lock in the process that this one was forked from."""
    global _making
    _making = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)
