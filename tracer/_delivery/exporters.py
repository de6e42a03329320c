"""The outlet to an exporter of the user's: any OpenTelemetry `SpanExporter`."""

import weakref
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeAlias

from opentelemetry import context
from opentelemetry.sdk.trace.export import SpanExporter

from tracer._delivery.exports import ExportBatch
from tracer._delivery.outage import Outage
from tracer._delivery.records import Lane
from tracer._delivery.tally import Tally
from tracer._guard import attempt, guarded

GivenSpanExporter: TypeAlias = SpanExporter | Callable[[], SpanExporter]
"""An exporter, or what makes one: called in each process anew, when first needed."""

GivenLogExporter: TypeAlias = Any
"""The same for log records; OpenTelemetry has no public name for the type yet."""

MOST_TRIES: Final = 6
"""Calls for one batch before it is given up; exporters try again by themselves too."""

_SUPPRESS = "suppress_instrumentation"  # OpenTelemetry's own word for it
_RAISED = object()

_outlets: "weakref.WeakSet[ExportOutlet]" = weakref.WeakSet()
"""Those in use: an exporter that two share is shut down by the last."""


class ExportOutlet:
    """Hands batches to exporters; nothing is kept on disk.

    Args:
        exporters: The exporter of each signal, or what makes it.
        outage: Whether it fails, and when to try again.
        tally: Where every item is counted.
    """

    n_tried = 0
    lets_others_pass = False

    def __init__(
        self, exporters: dict[Lane, Any], *, outage: Outage, tally: Tally
    ) -> None:
        self._given = exporters
        self._made: dict[Lane, Any] = {}
        self._outage = outage
        self._tally = tally
        self.is_closed = False
        _outlets.add(self)

    @property
    def can_keep(self) -> bool:
        """Whether there is a place outside of memory: none is ours."""
        return False

    def try_now(self) -> None:
        """Let an exporter that fails be tried at once."""
        self._outage.try_now()

    def keep(self, batches: list[ExportBatch]) -> list[ExportBatch]:
        """Return all batches: none can be kept."""
        return batches

    def n_kept(self) -> int:
        """Return that nothing was kept."""
        return 0

    def resend(self, *, at_most_s: float | None = None) -> bool:
        """Return that nothing was kept."""
        return False

    def deliver(
        self, batch: ExportBatch, *, at_most_s: float | None = None
    ) -> Callable[[], list[ExportBatch]]:
        """Hand a batch over; what is returned counts it, or says to try it again."""
        if batch.lane not in self._given:
            reason = "events of evaluation runs need a log_exporter"
            return partial(self._drop, batch, reason)
        if self._outage.wait_s > 0:
            return lambda: [batch]
        return partial(self._conclude, batch, self._exported(batch))

    def _conclude(self, batch: ExportBatch, problem: str) -> list[ExportBatch]:
        if not problem:
            self._tally.troubles.pop(None, None)
            self._outage.note_success()
            self._tally.note_sent(batch.n_items)
            return []
        self._tally.troubles[None] = f"the exporter {problem}"
        self._outage.note_failure(problem, trouble="fails")
        batch.n_tries += 1
        if batch.n_tries < MOST_TRIES:
            return [batch]
        return self._drop(batch, f"the exporter {problem}, {MOST_TRIES} times")

    def _drop(self, batch: ExportBatch, reason: str) -> list[ExportBatch]:
        self._tally.note_dropped(batch.n_items, reason)
        return []

    def close(self) -> None:
        """Shut the exporters down, unless somebody else goes on with them."""
        self.is_closed = True
        others = [one for one in _outlets if not one.is_closed]
        for exporter in self._made.values():
            if not any(exporter in one._given.values() for one in others):
                with guarded("shut an exporter down"):
                    exporter.shutdown()
        self._made = {}

    def _exported(self, batch: ExportBatch) -> str:
        """Hand a batch over; return what went wrong, empty if it is taken."""
        # an instrumented client within the exporter would otherwise trace us tracing
        token = context.attach(context.set_value(_SUPPRESS, True))
        try:
            result = attempt(
                "export spans",
                lambda: self._exporter(batch.lane).export(batch.items),
                otherwise=_RAISED,
                kinds=BaseException,
            )
        finally:
            context.detach(token)
        if result is _RAISED:
            return "raised an exception; the log at debug level has it"
        return "answers FAILURE" if getattr(result, "name", "") == "FAILURE" else ""

    def _exporter(self, lane: Lane) -> Any:
        if lane not in self._made:
            given = self._given[lane]
            self._made[lane] = given() if is_factory(given) else given
        return self._made[lane]


def is_factory(given: Any) -> bool:
    """Return whether this makes an exporter rather than being one."""
    return isinstance(given, type) or not hasattr(given, "export")
