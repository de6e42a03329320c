"""What the thread that delivers needs: who packs items, and where batches go."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from tracer._delivery.encoder import Item


class Counted(Protocol):
    """A batch, as far as the thread looks into it."""

    @property
    def n_items(self) -> int:
        """How many spans or log records are inside."""


B = TypeVar("B", bound=Counted)


class Packer(Protocol[B]):
    """Makes batches of items."""

    def batches(self, items: Sequence[Item]) -> list[B]:
        """Return items, in order, as batches; what cannot be packed is left out."""


class Outlet(Protocol[B]):
    """Where batches go; one thread at a time calls it."""

    def try_now(self) -> None:
        """Let whoever is away be tried at once."""

    def deliver(self, batch: B, *, at_most_s: float | None = None) -> list[B]:
        """Deliver or keep a batch; return what could be neither, in order."""

    @property
    def can_keep(self) -> bool:
        """Whether there is a place outside of memory at all."""

    def keep(self, batches: list[B]) -> list[B]:
        """Keep batches for later, outside of memory; return those that cannot be.

        Two threads may call this at once.
        """

    def has_kept(self) -> bool:
        """Look whether something was kept, by this process or one before."""

    def resend(self, *, at_most_s: float | None = None) -> bool:
        """Deliver some of the batches that were kept; False if none went."""

    def close(self) -> None:
        """Let go of connections."""
