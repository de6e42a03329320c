"""What makes one answer of the pieces of a stream."""

from collections.abc import Iterable
from typing import Any, Protocol


class Joiner(Protocol):
    """Makes of the chunks of a stream what the call would have answered unstreamed."""

    fold_every: int
    """How many chunks may wait until they are joined; 1 where each may be large."""

    def add(self, chunks: Iterable[Any], /) -> None:
        """Take further chunks, in their order."""

    def joined(self) -> Any:
        """Return the answer as far as it came."""
