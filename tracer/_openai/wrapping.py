"""What is kept in a wrapped client, and who is wrapped.

Ours stands in the client's own attributes: so it stands outside of what others patch
on the classes, before or since, and outside of a subclass's own ``request``. A shallow
copy gets those attributes too, bound to its original. Hence, while a client of a class
is wrapped, the class has a ``__setstate__``, which is what fills a copy: it gives the
copy what its original had before, and wraps it as a client of its own.
"""

import os
import threading
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakSet

from tracer._guard import guarded
from tracer._openai.replaced import Replaced

_MARK: Final = "_tracer_wrapping"
_FILL: Final = "__setstate__"
_COPYING: Final = guarded("wrap a shallow copy of a client")


class Wrapping:
    """What was done to one client, so that it can be undone.

    Args:
        owner: ``OpenAI`` or ``AsyncOpenAI``, whichever the client is.
    """

    def __init__(self, owner: type[Any]) -> None:
        self.is_on = True
        """Whether calls are recorded; what others keep of ours looks here."""

        self.owner = owner
        self._replaced: Replaced | None = None

    def put_on(self, client: Any, ours: dict[str, Any]) -> None:
        """Put our methods into the client's own attributes."""
        self._replaced = Replaced(client, ours)
        vars(client)[_MARK] = self

    def take_off(self, client: Any) -> None:
        """Put back what was there, and take the mark away."""
        if self._replaced is not None:
            self._replaced.put_back(client)
        del vars(client)[_MARK]

    def is_bound_elsewhere(self, copied: Any) -> bool:
        """Return whether a copy has our methods, which are its original's."""
        return self._replaced is not None and self._replaced.has(copied, "request")


def wrapping_of(client: Any) -> Wrapping | None:
    """Return what was done to a client, be it on or off."""
    found = vars(client).get(_MARK)
    return found if isinstance(found, Wrapping) else None


def is_wrapped(client: Any) -> bool:
    """Return whether `wrap_openai` records the calls of a client."""
    wrapping = vars(client).get(_MARK)
    return wrapping is not None and wrapping.is_on


class _Everybody:
    """All wrappings that are on, and what their classes have of ours meanwhile."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        """Held while a client is wrapped or unwrapped."""

        self._wrappings: WeakSet[Wrapping] = WeakSet()
        self._fills: dict[type[Any], Replaced] = {}

    def renew_lock(self) -> None:
        """Forget who held the lock in the process that this one was forked from."""
        self.lock = threading.RLock()

    def add(self, wrapping: Wrapping, wrap: Callable[[Any], Any]) -> None:
        """Take somebody in; the first of a class has its copies wrapped."""
        with self.lock:
            self._wrappings.add(wrapping)
            owner = wrapping.owner
            if owner not in self._fills:
                fill = _filling(getattr(owner, _FILL, None), wrap)
                self._fills[owner] = Replaced(owner, {_FILL: fill})

    def remove(self, wrapping: Wrapping) -> None:
        """Let somebody go; the class is as it was when the last has gone."""
        with self.lock:
            wrapping.is_on = False
            self._wrappings.discard(wrapping)
            owner = wrapping.owner
            if any(each.owner is owner for each in self._wrappings):
                return
            fill = self._fills.pop(owner, None)
            if fill is not None:
                fill.put_back(owner)


everybody: Final = _Everybody()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=everybody.renew_lock)


def _filling(
    theirs: Callable[..., None] | None, wrap: Callable[[Any], Any]
) -> Callable[..., None]:
    """Return a ``__setstate__`` that does what there was to do, then sees to ours."""

    def __setstate__(self: Any, state: Any) -> None:
        (theirs or _fill)(self, state)
        wrapping = wrapping_of(self)
        if wrapping is None or not wrapping.is_bound_elsewhere(self):
            return
        wrapping.take_off(self)
        if wrapping.is_on:
            with _COPYING:
                wrap(self)

    return __setstate__


def _fill(copied: Any, state: Any) -> None:
    """Do what `copy` does of its own: take attributes over, and slots if there are."""
    own, slots = state if isinstance(state, tuple) else (state, None)
    vars(copied).update(own or {})
    for name, value in (slots or {}).items():
        setattr(copied, name, value)
