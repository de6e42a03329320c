"""What happens to delivery when a process forks or ends."""

import atexit
import itertools
import os
import signal
import sys
import threading
import weakref
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType
from typing import Protocol

from tracer._delivery import servers
from tracer._guard import guarded


class Ending(Protocol):
    """What can be ended, and begun anew in a forked child."""

    def start_afresh(self) -> None:
        """Begin with nothing, in a forked child."""

    def end(self) -> None:
        """Deliver what is left, in bounded time."""

    @property
    def is_ending_here(self) -> bool:
        """Whether this very thread is doing so, and was interrupted in it."""


_watched: weakref.WeakValueDictionary[int, Ending] = weakref.WeakValueDictionary()
"""In the order in which they were made; the last one stands nearest to the app."""

_first: weakref.WeakValueDictionary[int, Ending] = weakref.WeakValueDictionary()
"""What ends before all of them: it still has spans to give them."""

_numbers = itertools.count()
_state = {"forked": False, "finalizer": False, "ending": False}
_deferred: list[int] = []
"""The signal that came while a shutdown was under way in the thread of signals."""

DEADLY = [
    number
    for name in ("SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None
]
"""Signals that would end Python at once, with no exit handler."""


def watch(delivery: Ending) -> None:
    """End a delivery with the process, and renew it in each forked child.

    ``SIGTERM`` and ``SIGHUP`` would end Python at once, with no exit handler; where
    nobody handles them we deliver first and then die of it as before. A process 1 is
    left alone: the kernel spares it.
    """
    _watched[next(_numbers)] = delivery
    _watch_signals()


def watch_process() -> None:
    """Do likewise as a process first delivers: it may have been forked since then.

    Whoever forked it may have put the default handlers of signals back.
    """
    _watch_signals()
    _watch_forked_exit()


def _watch_signals() -> None:
    _catch(DEADLY)
    servers.tell_of_signals_raised_again(_catch)


def _catch(numbers: Iterable[int]) -> None:
    """Deliver first where one of these signals would end Python at once."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or os.getpid() == 1:
        return
    for number in numbers:
        if signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # not the main interpreter
                signal.signal(number, _die_delivered)


def watch_first(ending: Ending) -> None:
    """End this before every delivery, whichever was made first."""
    _first[id(ending)] = ending


def _watch_forked_exit() -> None:
    """Deliver before a worker process of multiprocessing (or Celery's) exits.

    Such children leave by ``os._exit``, which runs only their own finalizers; those set
    before the fork are forgotten, so this is called when the child first delivers.
    """
    if _state["finalizer"]:
        return
    _state["finalizer"] = True
    if not is_worker():
        return
    for name in ("multiprocessing.util", "billiard.util"):
        if util := sys.modules.get(name):
            util.Finalize(None, _end_all, exitpriority=-100)
    servers.tell_of_workers_leaving(_end_all)


def is_worker() -> bool:
    """Return whether this process was forked, or started by multiprocessing."""
    process = sys.modules.get("multiprocessing.process")
    return _state["forked"] or bool(process and process.parent_process())


def _end_all() -> None:
    _state["ending"] = True
    try:
        for ending in [*_first.values(), *reversed(list(_watched.values()))]:
            _end(ending)
    finally:  # Ctrl-C may come meanwhile, and the app go on
        _state["ending"] = False


@guarded("end delivery")
def _end(ending: Ending) -> None:
    ending.end()


def _start_all_afresh() -> None:
    _state.update(forked=True, finalizer=False, ending=False)
    for ending in [*_first.values(), *_watched.values()]:
        ending.start_afresh()


def die_if_asked() -> None:
    """Die of the signal that came during a shutdown of the app's own, if one did."""
    if _deferred and threading.current_thread() is threading.main_thread():
        _die_delivered(_deferred.pop(), None)


def _die_delivered(number: int, frame: FrameType | None) -> None:
    if _state["ending"]:  # we are on the way out already, and in bounded time
        return
    # a shutdown that this signal interrupted, below us on the stack
    if any(delivery.is_ending_here for delivery in _watched.values()):
        _deferred.append(number)
        return
    _end_all()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_all_afresh)
