"""Record every client of the process, those that exist and those to come.

The classes' ``request`` is replaced, on ``OpenAI`` and ``AsyncOpenAI`` themselves: all
clients inherit it, Azure's, subclasses and the module's own among them, and other SDKs
that share the client's base classes do not.
"""

import threading
from inspect import getattr_static
from typing import Any

from tracer._openai.patching import client_classes

_lock = threading.Lock()
_ABSENT = object()


class Patch:
    """Our ``request`` of one class, and what was in its place."""

    def __init__(self, owner: type[Any], *, is_async: bool) -> None:
        from tracer._openai import request

        recorded = (
            request.recorded_async_method if is_async else request.recorded_method
        )
        self.is_on = True
        """Whether calls are recorded; what others keep of ours looks here."""

        self._owner = owner
        self._before = vars(owner).get("request", _ABSENT)
        self._ours = recorded(getattr_static(owner, "request"), self)
        owner.request = self._ours

    @property
    def is_in_place(self) -> bool:
        """Whether calls of the class come by here, below what others put above."""
        found = getattr_static(self._owner, "request")
        while found is not None and found is not self._ours:
            found = getattr(found, "__wrapped__", None)
        return found is self._ours

    def take_off(self) -> None:
        """Record nothing more, and put back what was there if ours is still on top."""
        self.is_on = False
        if vars(self._owner).get("request") is not self._ours:
            return
        if self._before is _ABSENT:
            del self._owner.request
        else:
            self._owner.request = self._before


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
            if patch is not None and patch.is_in_place:
                patch.is_on = True
            else:
                _patches[owner] = Patch(owner, is_async=owner is asynchronous)


def uninstrument_openai() -> None:
    """Undo `instrument_openai`; clients that `wrap_openai` wrapped stay recorded.

    The classes get back the very functions that they had. Where another library has
    put its own above ours since, that stays, and ours passes calls through.
    """
    with _lock:
        for patch in _patches.values():
            patch.take_off()
