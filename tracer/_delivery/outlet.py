"""What the thread that delivers needs: who packs items, and where batches go."""

from collections.abc import Callable, Sequence
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
    """Where batches go. One thread delivers and sends again; any may keep."""

    n_tried: int
    """Batches that were kept and tried again, or taken away by others, so far."""

    lets_others_pass: bool
    """Whether what could not be delivered was answered by a fault that may be its own,
    and nobody but the thread holds it: another batch is to be tried before it."""

    def try_now(self) -> None:
        """Let whoever is away be tried at once."""

    def deliver(
        self, batch: B, *, at_most_s: float | None = None
    ) -> Callable[[], list[B]]:
        """Hand a batch over, and say how it went to nobody yet.

        Returns:
            What counts it, keeps what was not taken, and returns what could be neither,
            in order. It is not called if somebody else has kept the batch meanwhile.
        """

    @property
    def can_keep(self) -> bool:
        """Whether there is a place outside of memory at all."""

    def keep(self, batches: list[B]) -> list[B]:
        """Keep batches for later, outside of memory; return those that cannot be.

        Two threads may call this at once.
        """

    def n_kept(self) -> int:
        """Look how many batches wait there, of this process or ones before."""

    def resend(self, *, at_most_s: float | None = None) -> bool:
        """Deliver some of the batches that were kept; False if none went."""

    def close(self) -> None:
        """Let go of connections."""
