"""A thread that does one thing again and again, beside the requests."""

import logging
import threading
from collections.abc import Callable

CLOSE_LIMIT_S = 5.0

log = logging.getLogger("collector")


class Rounds:
    """Works at the start and every so often; a round that fails is not the last."""

    def __init__(
        self,
        work: Callable[[], None],
        *,
        name: str,
        every_s: float,
        failing: str,
        turn: Callable[[], bool] = lambda: True,
    ) -> None:
        """Make a thread for it.

        Args:
            work: one round; two collectors may do it at the same moment.
            name: of the thread.
            every_s: the time between rounds.
            failing: what is logged of a round that fails, before the reason.
            turn: whether a round is this collector's; `Presence.leads` has one of those
                that share a store do it.
        """
        self._work = work
        self._turn = turn
        self._every_s = every_s
        self._failing = failing
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    def close(self) -> None:
        """Begin no other round, and wait a little for the one that runs."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_LIMIT_S)

    @property
    def is_closed(self) -> bool:
        """Return whether a round at work should come to its end."""
        return self._stopped.is_set()

    def _run(self) -> None:
        said = ""
        while not self._stopped.is_set():
            try:
                if self._turn():
                    self._work()
                said = ""
            except Exception as error:  # the edge: nothing may end the thread
                if not self._stopped.is_set() and str(error) != said:
                    said = str(error)
                    log.error("%s: %s", self._failing, error)
            self._stopped.wait(self._every_s)
