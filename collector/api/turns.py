"""Who may read now: a few at once, and callers take turns when more would like to."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from collector.api.refusals import Refusal

MAX_WAITING = 500
"""Reads that may wait; more are told to come back."""


class Turns:
    """A few places, handed on caller by caller: many asks of one delay only its own.

    For use on one event loop only.
    """

    def __init__(self, places: int) -> None:
        self._places = self._free = places
        self._n_waiting = 0
        self._waiting: dict[str, deque[_Waiter]] = {}

    @property
    def n_waiting(self) -> int:
        """How many wait for a place."""
        return self._n_waiting

    @property
    def n_at_work(self) -> int:
        """How many hold a place."""
        return self._places - self._free

    @asynccontextmanager
    async def turn(self, caller: str) -> AsyncIterator[None]:
        """Hold a place for the block; waits for one, callers in turn.

        Raises:
            Refusal: 503, too many wait already.
        """
        await self._enter(caller)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, caller: str) -> None:
        if self._free:
            self._free -= 1
            return
        if self._n_waiting >= MAX_WAITING:
            self._make_room(caller)
        waiter = _Waiter()
        self._waiting.setdefault(caller, deque()).append(waiter)
        self._n_waiting += 1
        try:
            await waiter.called.wait()
        except BaseException:
            if not waiter.called.is_set():
                self._forget(caller, waiter)
            elif not waiter.is_refused:  # called and cancelled at once: the next one's
                self._leave()
            raise
        if waiter.is_refused:
            raise _busy()

    def _make_room(self, caller: str) -> None:
        """Refuse the last ask of whoever waits with most: those delay only their own.

        Raises:
            Refusal: 503, that is the caller.
        """
        n_of = {one: len(asked) for one, asked in self._waiting.items()}
        crowded = max(n_of, key=n_of.__getitem__, default=caller)
        if n_of.get(crowded, 0) - 1 <= n_of.get(caller, 0):
            raise _busy()
        last = self._waiting[crowded].pop()
        self._n_waiting -= 1
        last.is_refused = True
        last.called.set()

    def _leave(self) -> None:
        if not self._waiting:
            self._free += 1
            return
        caller = next(iter(self._waiting))
        asked = self._waiting.pop(caller)
        asked.popleft().called.set()
        self._n_waiting -= 1
        if asked:
            self._waiting[caller] = asked  # behind all others

    def _forget(self, caller: str, waiter: "_Waiter") -> None:
        asked = self._waiting[caller]
        asked.remove(waiter)
        self._n_waiting -= 1
        if not asked:
            del self._waiting[caller]


@dataclass(eq=False)
class _Waiter:
    called: anyio.Event = field(default_factory=anyio.Event)
    """Set once it need not wait any more."""

    is_refused: bool = False
    """Whether it was sent away for others."""


def _busy() -> Refusal:
    return Refusal(
        503, "busy", "too many reads wait already", hint="ask again in a second"
    )
