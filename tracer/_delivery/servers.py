"""Servers and pools that leave a process where no handler of ours would be called."""

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tracer._guard import guarded

_MARK = "_tracer_is_told"


def tell_of_workers_leaving(deliver: Callable[[], None]) -> None:
    """Deliver before a worker of Celery's prefork pool leaves.

    It does so by ``os._exit``, and runs no finalizers (billiard 4.3).
    """
    if pool := sys.modules.get("billiard.pool"):
        _tell_before(getattr(pool, "Worker", None), "_do_exit", lambda _: deliver())


def tell_of_signals_raised_again(catch: Callable[[Iterable[int]], None]) -> None:
    """Catch the signals that stopped a uvicorn server, before it raises them again.

    Once it has shut down it puts back the handlers that it found as it began, which was
    before it loaded the app (``--workers``, ``--reload``) or before the app was told to
    start (lifespan), and dies of the signal by the default one (uvicorn 0.29 to 0.54).
    """

    def listen(server: Any) -> None:
        raised = getattr(server, "_captured_signals", None)
        if isinstance(raised, list):  # uvicorn < 0.29 raises none
            server._captured_signals = _RaisedAgain(raised, catch)

    if module := sys.modules.get("uvicorn.server"):
        _tell_before(getattr(module, "Server", None), "shutdown", listen)


class _RaisedAgain(list[int]):
    """Signals, with a word to us as they are read: the old handlers are back then."""

    def __init__(
        self, signals: Iterable[int], catch: Callable[[Iterable[int]], None]
    ) -> None:
        super().__init__(signals)
        self._catch = catch

    def __reversed__(self) -> Iterator[int]:
        with guarded("deliver before a server dies of a signal"):
            self._catch(self)
        return super().__reversed__()


def _tell_before(owner: Any, name: str, tell: Callable[[Any], None]) -> None:
    """Have a method of others tell us, by its object, as it is called; once.

    Where a version has no such method, nothing is done.
    """
    method = getattr(owner, name, None)
    if method is None or hasattr(method, _MARK):
        return

    @functools.wraps(method)
    def told(self: Any, *args: Any, **kwargs: Any) -> Any:
        with guarded(f"deliver before {name}"):
            tell(self)
        return method(self, *args, **kwargs)

    setattr(told, _MARK, True)
    setattr(owner, name, told)
