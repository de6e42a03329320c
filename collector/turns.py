"""Who may read now: a few at once, and callers take turns when more would like to."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from collector.refusals import Refusal

MAX_WAITING = 500
"""Reads that may wait; more are told to come back."""


class Turns:
    """A few places, handed on caller by caller: many asks of one delay only its own.

    For use on one event loop only.
    """

    def __init__(self, places: int) -> None:
        self._places = self._free = places
        self._n_waiting = 0
        self._waiting: dict[str, deque[anyio.Event]] = {}

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
            raise Refusal(
                503, "busy", "too many reads wait already", hint="ask again in a second"
            )
        called = anyio.Event()
        self._waiting.setdefault(caller, deque()).append(called)
        self._n_waiting += 1
        try:
            await called.wait()
        except BaseException:
            if called.is_set():  # called and cancelled at once: the next one's turn
                self._leave()
            else:
                self._forget(caller, called)
            raise

    def _leave(self) -> None:
        if not self._waiting:
            self._free += 1
            return
        caller = next(iter(self._waiting))
        asked = self._waiting.pop(caller)
        asked.popleft().set()
        self._n_waiting -= 1
        if asked:
            self._waiting[caller] = asked  # behind all others

    def _forget(self, caller: str, called: anyio.Event) -> None:
        asked = self._waiting[caller]
        asked.remove(called)
        self._n_waiting -= 1
        if not asked:
            del self._waiting[caller]
