"""What happens to delivery when a process forks or ends."""

import atexit
import itertools
import os
import signal
import sys
import threading
import weakref
from contextlib import suppress
from types import FrameType
from typing import Protocol


class Ending(Protocol):
    """What can be ended, and begun anew in a forked child."""

    def start_afresh(self) -> None:
        """Begin with nothing, in a forked child."""

    def end(self) -> None:
        """Deliver what is left, in bounded time."""


_watched: weakref.WeakValueDictionary[int, Ending] = weakref.WeakValueDictionary()
"""In the order in which they were made; the last one stands nearest to the app."""

_numbers = itertools.count()
_state = {"forked": False, "finalizer": False, "ending": False}


def watch(delivery: Ending) -> None:
    """End a delivery with the process, and renew it in each forked child.

    ``SIGTERM`` would end Python at once, with no exit handler; where nobody handles it
    we deliver first and then die of it as before. A process 1 is left alone: the
    kernel spares it.
    """
    _watched[next(_numbers)] = delivery
    is_main = threading.current_thread() is threading.main_thread()
    is_unhandled = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if is_main and is_unhandled and os.getpid() != 1:
        with suppress(ValueError):  # not the main interpreter
            signal.signal(signal.SIGTERM, _die_delivered)


def watch_forked_exit() -> None:
    """Deliver before a worker process of multiprocessing (or Celery's) exits.

    Such children leave by ``os._exit``, which runs only their own finalizers; those set
    before the fork are forgotten, so this is called when the child first delivers.
    """
    if _state["finalizer"]:
        return
    _state["finalizer"] = True
    process = sys.modules.get("multiprocessing.process")
    if not _state["forked"] and not (process and process.parent_process()):
        return
    for name in ("multiprocessing.util", "billiard.util"):
        if util := sys.modules.get(name):
            util.Finalize(None, _end_all, exitpriority=-100)


def _end_all() -> None:
    _state["ending"] = True
    for delivery in reversed(list(_watched.values())):
        delivery.end()
    _state["ending"] = False


def _start_all_afresh() -> None:
    _state.update(forked=True, finalizer=False, ending=False)
    for delivery in list(_watched.values()):
        delivery.start_afresh()


def _die_delivered(number: int, frame: FrameType | None) -> None:
    if _state["ending"]:  # we are on the way out already, and in bounded time
        return
    _end_all()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_all_afresh)
