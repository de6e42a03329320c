"""Who waits for a flush, and what for."""

import threading
from collections import deque
from contextlib import suppress


class Ticket:
    """One flush: it waits for what was there when it was asked for, and no longer.

    Args:
        n_items: Items that were ever offered by then.
    """

    def __init__(self, n_items: int) -> None:
        self.n_items = n_items
        self.n_tries: int | None = None
        """Tries of batches on disk after which all that lay there had one; None =
        nobody has looked yet."""
        self.is_disk_tried = False
        """Whether all that lay on disk has been tried, or cannot be now."""
        self.done = threading.Event()


class Flushes:
    """The flushes that wait, oldest first; callers add, our thread settles them."""

    def __init__(self) -> None:
        self._waiting: deque[Ticket] = deque()

    def add(self, n_items: int) -> Ticket:
        """Return a ticket for what was offered so far."""
        ticket = Ticket(n_items)
        self._waiting.append(ticket)
        return ticket

    def waiting(self) -> list[Ticket]:
        """Return those that wait now."""
        return list(self._waiting)

    def settle(self, tickets: list[Ticket]) -> None:
        """Let those who hold these tickets go."""
        for ticket in tickets:
            with suppress(ValueError):  # the other side of a shutdown was faster
                self._waiting.remove(ticket)
            ticket.done.set()
