"""Requests that wait to be stored: bounded in number and bytes, taken in groups."""

import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field

from collector.records import OtlpRequest, Outcome

GROUP_REQUESTS = 64
GROUP_BYTES = 16 * 1024 * 1024
"""As received; a group is closed when it has as much."""


class QueueFull(Exception):
    """No more requests are held; the sender comes back later."""


@dataclass(frozen=True)
class Pending:
    """A request and where its outcome is awaited."""

    request: OtlpRequest
    """What was received."""

    outcome: "Future[Outcome]" = field(default_factory=Future)
    """Set once, by the writer."""

    since_s: float = field(default_factory=time.monotonic)
    """When it began to wait, by the monotonic clock."""


class PendingQueue:
    """First in, first out; safe to share between threads."""

    def __init__(self, *, max_requests: int, max_bytes: int) -> None:
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._items: deque[Pending] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, request: OtlpRequest) -> Pending:
        """Add a request.

        Raises:
            QueueFull: so many, or so many bytes, are waiting already.
        """
        with self._changed:
            size = self._bytes + len(request.body)
            full = len(self._items) >= self._max_requests or size > self._max_bytes
            if self._closed or full:
                raise QueueFull
            pending = Pending(request)
            self._items.append(pending)
            self._bytes = size
            self._changed.notify()
            return pending

    def take(self, *, linger_s: float) -> list[Pending]:
        """Wait until there is a group, or the first request waited `linger_s`.

        Return the oldest requests, in order. An empty list means that the queue is
        closed and nothing is left.
        """
        with self._changed:
            while not self._is_group():
                rest_s = None
                if self._items:
                    rest_s = self._items[0].since_s + linger_s - time.monotonic()
                    if rest_s <= 0:
                        break
                self._changed.wait(rest_s)
            return self._take_group()

    def close(self) -> None:
        """Take no more requests; those that wait can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _is_group(self) -> bool:
        return (
            self._closed
            or len(self._items) >= GROUP_REQUESTS
            or self._bytes >= GROUP_BYTES
        )

    def _take_group(self) -> list[Pending]:
        group: list[Pending] = []
        size = 0
        while self._items and len(group) < GROUP_REQUESTS and size < GROUP_BYTES:
            pending = self._items.popleft()
            size += len(pending.request.body)
            group.append(pending)
        self._bytes -= size
        return group
