"""What is handed to delivery, and what delivery answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

AttributeValue: TypeAlias = (
    str | bool | int | float | bytes | Sequence["AttributeValue"] | None
) | Mapping[str, "AttributeValue"]

Lane: TypeAlias = Literal["traces", "logs"]
"""Which OTLP signal a batch holds; also the last part of its URL."""

LANES: Final[tuple[Lane, ...]] = ("traces", "logs")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """One OTLP log record: a score, or an event in the life of an evaluation."""

    event_name: str
    """What happened, one of the events of `tracer.semconv`."""
    time_ns: int
    """When it happened; nanoseconds since 1970, UTC."""
    attributes: Mapping[str, AttributeValue]
    """What there is to say of it; not changed after it was handed over."""
    trace_id: int = 0
    """The trace that it is about; 0 = none."""
    span_id: int = 0
    """The span that it is about; 0 = none."""
    body: str | None = None
    """Text for people; events have none."""
    severity_number: int = 9
    """OTLP's severity, 1 to 24; 9 is INFO."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """Where the spans and log records of this process are now."""

    sent: int = 0
    """Items of this process that the collector has accepted."""
    spooled: int = 0
    """Items that wait on disk until the collector is back."""
    dropped: int = 0
    """Items that are given up; `errors` says why."""
    pending: int = 0
    """Items that are still in memory."""
    errors: tuple[str, ...] = ()
    """Why items were dropped, with how many, and what keeps others waiting."""
    sent_for_others: int = 0
    """Items that earlier processes had left on disk, and that it has accepted now."""

    def __str__(self) -> str:
        parts = [f"{self.sent:,} sent"]
        parts += [f"{self.spooled:,} kept on disk"] if self.spooled else []
        parts += [f"{self.pending:,} pending"] if self.pending else []
        parts += [f"{self.dropped:,} dropped"] if self.dropped else []
        others = f"{self.sent_for_others:,} of other processes sent"
        parts += [others] if self.sent_for_others else []
        told = ", ".join(parts)
        return f"{told} ({'; '.join(self.errors)})" if self.errors else told


@dataclass(frozen=True, slots=True)
class Batch:
    """One OTLP request, ready to be sent: its bytes never change again."""

    lane: Lane
    """The signal of its items."""
    body: bytes
    """The gzipped protobuf request."""
    n_items: int
    """How many spans or log records are inside."""
    instance_id: str
    """The process that made it (`service.instance.id`)."""
    number: int
    """Its number in that process, from 1; parts of a split batch share it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How large batches grow and how long delivery waits; for tests to hurry."""

    batch_items: int = 512
    """Most items of one batch."""
    batch_bytes: int = 2 << 20
    """Estimated size at which a batch is full, before compression."""
    backoff_first_s: float = 0.5
    """Wait after the first failed request; doubles with each one."""
    backoff_most_s: float = 30.0
    """Longest wait between two tries, unless the collector asks for more."""
    look_s: float = 30.0
    """How often an idle process looks for batches that others left on disk."""
    look_back_s: float = 1.0
    """How long a process that ends sends what others left on disk."""
