"""Threads that know what is current where they were started, as Weave's do."""

import contextvars
import threading
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass
from typing import Any, Final

AUTO: Final = "auto"
"""Stands for an id that is made up."""


@dataclass(frozen=True)
class ThreadContext:
    """What a block of `tracer.weave.thread` knows of itself."""

    thread_id: str | None
    """Id of the session; None where none was given."""


class Thread(threading.Thread):
    """A thread whose calls belong below the call that started it."""

    def start(self) -> None:
        """Start it with the context of whoever starts it."""
        self._around = contextvars.copy_context()
        super().start()

    def run(self) -> None:
        """Do its work in that context."""
        self._around.run(super().run)


class ThreadPoolExecutor(futures.ThreadPoolExecutor):
    """An executor whose calls belong below the call that submitted them."""

    def submit(
        self, function: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> "futures.Future[Any]":
        """Submit work with the context of whoever submits it."""
        around = contextvars.copy_context()
        return super().submit(around.run, function, *args, **kwargs)
