"""The end of delivery: the rest is sent, or kept on disk, by one deadline."""

import threading
import time
from typing import Generic

from tracer._delivery.hands import Hands
from tracer._delivery.outlet import B, Outlet
from tracer._guard import guarded
from tracer._speaker import OwnThread

_DISK_SHARE = 0.25  # of the time to end in is left to the disk …
_DISK_MOST_S = 2.0  # … at most so much …
_DISK_LEAST_S = 1.0  # … and at least so much, however short the time was


class Finale(Generic[B]):
    """Delivers what is left as long as there is time, and keeps the rest.

    Args:
        hands: Hold what is left.
        outlet: Takes it.
        look_back_s: How long to send what others left on disk.
    """

    def __init__(
        self, hands: Hands[B], outlet: Outlet[B], *, look_back_s: float
    ) -> None:
        self._hands = hands
        self._outlet = outlet
        self._look_back_s = look_back_s
        self._send_until_s = 0.0
        self._end_s = 0.0
        self._begun = threading.Lock()
        """Held by whoever delivers the rest; never released: once."""

    def set_time(self, timeout_s: float) -> None:
        """Share the time out between network and disk; it begins now."""
        now_s = time.monotonic()
        for_disk_s = min(max(timeout_s, 0) * _DISK_SHARE, _DISK_MOST_S)
        self._send_until_s = now_s + timeout_s - for_disk_s
        self._end_s = now_s + max(timeout_s, _DISK_LEAST_S)

    @property
    def left_to_send_s(self) -> float:
        """Time that is left for the network, as locks take it."""
        return waitable(self._send_until_s - time.monotonic())

    @property
    def left_s(self) -> float:
        """Time that is left at all."""
        return waitable(self._end_s - time.monotonic())

    def deliver(self, *, looks_back: bool = False) -> None:
        """Deliver the rest; then, if asked to, what others left on disk."""
        if not self._begun.acquire(blocking=False):
            return
        with guarded("deliver the last spans"):
            self._deliver_rest()
            if looks_back:
                self._look_back()

    def keep(self, *, waits: bool) -> bool:
        """Keep what is left, and let a disk that stalls not hold the caller up.

        Args:
            waits: Whether to wait for the disk, while there is time.

        Returns:
            Whether it has answered.
        """
        hands = self._hands
        if not hands.held and not hands.has_more:
            return True
        keep = guarded("keep the last spans")(hands.keep_rest)
        keeping = OwnThread(keep)
        try:
            keeping.start()
        except RuntimeError:  # the interpreter is about to end
            keep()
        else:
            keeping.join(self.left_s if waits else 0)
        return not keeping.is_alive()

    def _deliver_rest(self) -> None:
        hands = self._hands
        while not hands.is_left_alone and (hands.held or hands.has_more):
            left_s = self._send_until_s - time.monotonic()
            if left_s <= 0:
                return
            if not hands.held:
                hands.take()
            if not hands.deliver(at_most_s=left_s):
                return

    def _look_back(self) -> None:
        """Send for a moment what waits on disk: short programs have no other time."""
        until_s = min(self._send_until_s, time.monotonic() + self._look_back_s)
        while not self._hands.is_left_alone and not self._hands.held:
            left_s = until_s - time.monotonic()
            if left_s <= 0 or not self._outlet.resend(at_most_s=left_s):
                return


def waitable(timeout_s: float) -> float:
    """Return a time that locks take: none below 0, no end cut off."""
    return min(max(timeout_s, 0.0), threading.TIMEOUT_MAX)
