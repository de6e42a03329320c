"""How many messages of gRPC are read at once, and who makes room for whom.

A call can be open for long before its message comes, or come whole: one that stands
still must not keep the place of others.
"""

import asyncio
from collections.abc import AsyncIterator

from collector.api.turns import Turns

READS_AT_ONCE = 16
"""Messages that are read at the same time; the others wait in their senders."""

READ_LIMIT_S = 60.0
"""A message that is not whole by then is given up."""

GIVE_WAY_S = 3.0
"""The same while others wait, for as many of the newer half as there are that wait.

The older half keeps its patience: did all give way, slow senders that all try again
would send each other away for ever.
"""


class MessageReads:
    """Lends places to read in, connection by connection; for one event loop only."""

    def __init__(self, places: int = READS_AT_ONCE) -> None:
        self._turns = Turns(places)
        self._n_patient = places // 2
        self._reading: dict[asyncio.Timeout, float] = {}

    async def read(self, messages: AsyncIterator[bytes], *, peer: str) -> bytes:
        """Return the one message of a call; none is an empty one.

        Args:
            messages: the call's.
            peer: the connection that it came over.

        Raises:
            TimeoutError: the message is not whole in time.
            Refusal: 503, too many wait already.
        """
        loop = asyncio.get_running_loop()
        loop.call_soon(self._share)  # once it waits, if it has to
        try:
            async with self._turns.turn(peer):
                return await self._read(messages, begun_s=loop.time())
        finally:
            self._share()

    async def _read(self, messages: AsyncIterator[bytes], *, begun_s: float) -> bytes:
        async with asyncio.timeout(READ_LIMIT_S) as patience:
            self._reading[patience] = begun_s
            self._share()
            try:
                return await anext(aiter(messages), b"")
            finally:
                del self._reading[patience]

    def _share(self) -> None:
        """Say until when each is read: of the newer half some give way."""
        first = self._n_patient
        giving_way = range(first, first + self._turns.n_waiting)
        for place, (patience, begun_s) in enumerate(self._reading.items()):
            limit_s = GIVE_WAY_S if place in giving_way else READ_LIMIT_S
            if not patience.expired():
                patience.reschedule(begun_s + limit_s)
