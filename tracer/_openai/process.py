"""Record every client of the process, those that exist and those to come.

The classes' ``request`` is replaced, on ``OpenAI`` and ``AsyncOpenAI`` themselves: all
clients inherit it, Azure's, subclasses and the module's own among them, and other SDKs
that share the client's base classes do not.
"""

import os
import threading
from inspect import getattr_static
from typing import Any

from tracer._openai.patching import client_classes
from tracer._openai.replaced import Replaced


class Patch:
    """Our methods on one class, and what was in their place."""

    def __init__(self, owner: type[Any], *, is_async: bool) -> None:
        from tracer._openai import request

        recorded = (
            request.recorded_async_method if is_async else request.recorded_method
        )
        self.is_on = False
        """Whether calls are recorded; what others keep of ours looks here."""

        self._owner = owner
        self._ours = recorded(getattr_static(owner, "request"), self)
        self._replaced = Replaced(owner, {"request": self._ours})
        self._pauses: Replaced | None = None

    @property
    def is_in_place(self) -> bool:
        """Whether calls of the class come by here, below what others put above."""
        found = getattr_static(self._owner, "request")
        while found is not None and found is not self._ours:
            found = getattr(found, "__wrapped__", None)
        return found is self._ours

    def turn_on(self) -> None:
        """Record, and count retries."""
        from tracer._openai.retries import counting_methods

        self.is_on = True
        if self._pauses is None:
            self._pauses = Replaced(self._owner, counting_methods(self._owner))

    def take_off(self) -> None:
        """Record nothing more, and put back what was there if ours is still on top."""
        self.is_on = False
        if self._pauses is not None:
            self._pauses.put_back(self._owner)
            self._pauses = None
        self._replaced.put_back(self._owner)


_lock = threading.Lock()
_patches: dict[type[Any], Patch] = {}


def instrument_openai() -> None:
    """Record the model calls of every OpenAI client of this process.

    Of those that exist and those that are made later, sync and async, Azure's,
    subclasses, copies, and the module's own (``openai.chat.completions.create``). A
    client that `wrap_openai` wrapped as well still gives one span a call. Calling this
    twice changes nothing. It imports `openai`.

    Raises:
        MissingExtraError: `openai` is not installed.
    """
    sync, asynchronous = client_classes("instrument_openai")
    with _lock:
        for owner in (sync, asynchronous):
            patch = _patches.get(owner)
            if patch is not None and not patch.is_in_place:
                patch.take_off()
                patch = None
            if patch is None:
                patch = Patch(owner, is_async=owner is asynchronous)
                _patches[owner] = patch
            patch.turn_on()


def uninstrument_openai() -> None:
    """Undo `instrument_openai`; clients that `wrap_openai` wrapped stay recorded.

    The classes get back the very functions that they had. Where another library has
    put its own above ours since, that stays, and ours passes calls through.
    """
    with _lock:
        for patch in _patches.values():
            patch.take_off()


def _renew_lock() -> None:
    """Forget who held the lock in the process that this one was forked from."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)
