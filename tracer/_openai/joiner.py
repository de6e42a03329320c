"""What makes one answer of the pieces of a stream."""

from collections.abc import Iterable
from typing import Any, Final, Protocol

FEW: Final = 8
"""Small chunks that wait for each other: joined while the processor still has them at
hand, and freed before the next ones are made. Hundreds cost more, and so does each.
"""


class Joiner(Protocol):
    """Makes of the chunks of a stream what the call would have answered unstreamed."""

    fold_every: int
    """How many chunks may wait until they are joined; 1 where each may be large."""

    def add(self, chunks: Iterable[Any], /) -> None:
        """Take further chunks, in their order."""

    def joined(self) -> Any:
        """Return the answer as far as it came."""
