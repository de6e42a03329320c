"""Which batches a receiver fails at again and again, while it takes others."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from tracer._delivery.records import Batch

FAULTS_TO_TELL: Final = 4
"""So many answers of 500 for one batch, and others taken between each and the next,
tell that it is the batch, and not the receiver."""

_MOST_REMEMBERED = 1000


@dataclass(slots=True)
class _Mark:
    n_faults: int
    n_taken_then: int


class Suspects:
    """Tells a batch that cannot be taken from an ill receiver: both are a 500."""

    def __init__(self) -> None:
        self._n_taken = 0
        self._marks: dict[bytes, _Mark] = {}
        self._lock = threading.Lock()

    def note_taken(self, batch: Batch) -> None:
        """Remember that the receiver was well enough to take a batch."""
        with self._lock:
            self._n_taken += 1
            if self._marks:
                self._marks.pop(_name(batch), None)

    def is_to_blame(self, batch: Batch) -> bool:
        """Count one more fault; return whether it must lie in the batch by now.

        While nothing else is taken, repeated faults tell nothing and do not count: a
        receiver that stored a batch and failed then must not get it in other bytes.
        """
        name = _name(batch)
        with self._lock:
            mark = self._marks.pop(name, None) or _Mark(0, -1)
            if self._n_taken > mark.n_taken_then:
                mark.n_faults += 1
                mark.n_taken_then = self._n_taken
            if mark.n_faults < FAULTS_TO_TELL:
                self._remember(name, mark)
            return mark.n_faults >= FAULTS_TO_TELL

    def watch(self, parts: Sequence[Batch]) -> None:
        """Judge the parts of a batch by what is taken from now on: by each other."""
        with self._lock:
            for part in parts:
                self._remember(_name(part), _Mark(0, self._n_taken))

    def _remember(self, name: bytes, mark: _Mark) -> None:
        self._marks[name] = mark
        if len(self._marks) > _MOST_REMEMBERED:
            del self._marks[next(iter(self._marks))]


def _name(batch: Batch) -> bytes:
    return blake2b(batch.body, digest_size=16).digest()
