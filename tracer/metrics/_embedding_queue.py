"""Which texts are embedded together: those asked for, and those soon to be."""

from collections.abc import Iterable, Iterator
from itertools import islice
from threading import Lock


class TextQueue:
    """Texts that wait to be embedded; safe among threads.

    A request for one row takes along what other rows wait for, and what rows will ask
    for that are not scored yet, up to its size.
    """

    def __init__(self, *, batch_size: int, most_extra: int) -> None:
        self._batch_size = batch_size
        self._most_extra = most_extra
        self._wanted: dict[str, None] = {}
        self._expected: dict[str, None] = {}
        self._lock = Lock()

    def expect(self, texts: Iterable[str]) -> None:
        """Note texts that will be asked for, in the order in which they will.

        What was expected before is not any more: a run may have left some of it.
        """
        with self._lock:
            self._expected = dict.fromkeys(texts)

    def want(self, texts: Iterable[str]) -> None:
        """Note texts that somebody waits for, until `settle`."""
        with self._lock:
            self._wanted |= dict.fromkeys(texts)

    def settle(self, texts: Iterable[str]) -> None:
        """Forget texts: whoever waited for them has them, or has given up."""
        with self._lock:
            for text in texts:
                self._wanted.pop(text, None)
                self._expected.pop(text, None)

    def batches(self, own: Iterable[str]) -> Iterator[tuple[list[str], list[str]]]:
        """Yield texts of one's own, and what else goes with them; all are settled."""
        texts = list(dict.fromkeys(own))
        self.settle(texts)
        for start in range(0, len(texts), self._batch_size):
            batch = texts[start : start + self._batch_size]
            room = min(self._batch_size, self._most_extra) - len(batch)
            with self._lock:
                waiting = {**self._wanted, **self._expected}
                others = list(islice(waiting, max(0, room)))
            self.settle(others)
            yield batch, others
