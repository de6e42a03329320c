"""What is switched on in this process: the one place that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from tracer._config import Settings
from tracer._values.redact import Redactor

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Tracer

    from tracer._delivery import DeliveryReport, LogRecord

SCOPE: Final = "tracer"
"""Instrumentation scope of the spans of decorators, blocks and clients."""

FORCED_SCOPE: Final = "tracer.evaluation"
"""The same of evaluations."""


class Deliverer(Protocol):
    """Takes finished spans and records; `tracer._delivery.Delivery` is the real one."""

    def offer_span(self, span: ReadableSpan, content: Mapping[str, bytes]) -> None:
        """Take a finished span and its content; never block, never raise."""

    def offer_log(self, record: LogRecord) -> None:
        """Take a score or an evaluation event; never block, never raise."""

    def flush(self, timeout_s: float) -> DeliveryReport:
        """Send what waits, and say what became of everything so far."""

    def shutdown(self, timeout_s: float) -> DeliveryReport:
        """Send what waits, and take nothing more."""

    def report(self) -> DeliveryReport:
        """Say what became of everything so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """One consistent setting-up; replaced as a whole, never changed."""

    settings: Settings = field(default_factory=Settings)
    """What `configure` was told."""

    redactor: Redactor = field(default_factory=Redactor)
    """The rules of those settings."""

    tracer: Tracer | None = None
    """Makes the spans of decorators and blocks; None while they are switched off."""

    forced_tracer: Tracer | None = None
    """Makes the spans of evaluations, sampled always; None until delivery is set up."""

    undecided_tracer: Tracer | None = None
    """Makes roots that sampling left out, where their end may tell to keep them."""

    delivery: Deliverer | None = None
    """Where finished spans and records go."""


OFF = State()
"""Before `configure`: decorators pass calls through, nothing is sent."""

state = OFF
"""How things stand now. Read it as ``_runtime.state``: it is replaced."""

generation = 0
"""Grows in the child of every fork, so that the parent's open spans stay its own."""


def after_fork() -> None:
    """Begin a new generation in the child of a fork."""
    global generation
    generation += 1
