"""Counts failed logins by where they come from, and says when that place must wait."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

LIMIT: Final = 10
"""Failures that a place may make at once."""

HALF_LIFE_S: Final = 60.0
"""After this long, half of the failures are forgotten."""

MAX_COUNT: Final = LIMIT * 32
"""No more are counted: nobody waits much longer than five times the half-life."""

MAX_PLACES: Final = 10_000
"""Places remembered; one more, and the one heard of longest ago is forgotten."""


class Failures:
    """Bounded memory of failures that fades; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._places: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, peer: str) -> int:
        """Return for how many seconds a place must not try, 0 if it may."""
        with self._guard:
            return _wait_s(self._count(place_of(peer)))

    def add(self, peer: str) -> int:
        """Count a failure; return for how many seconds its place must now not try."""
        place = place_of(peer)
        with self._guard:
            count = min(self._count(place) + 1, MAX_COUNT)
            self._places[place] = count, self._clock()
            self._places.move_to_end(place)
            if len(self._places) > MAX_PLACES:
                self._places.popitem(last=False)
        return _wait_s(count)

    def _count(self, place: str) -> float:
        count, at_s = self._places.get(place, (0.0, 0.0))
        return count * math.exp2((at_s - self._clock()) / HALF_LIFE_S)


def _wait_s(count: float) -> int:
    if count <= LIMIT - 1:  # one less: the count has faded a little since the last
        return 0
    return math.ceil(HALF_LIFE_S * math.log2(count / (LIMIT - 1)))


def place_of(peer: str) -> str:
    """Return what one sender's addresses have in common: of IPv6 the first 64 bits."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer[:100]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
