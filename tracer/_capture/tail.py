"""Traces that sampling left out, held until their end tells whether to keep them.

A trace is undecided while its first span here is open. It is recorded, but not sampled:
the app's other exporters and the services that it calls pass it over.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from tracer import semconv
from tracer._capture.content import Content
from tracer._capture.finished import altered
from tracer._config import Settings
from tracer._guard import guarded, warn_once
from tracer._runtime import Deliverer

if TYPE_CHECKING:
    from tracer._delivery.records import DeliveryReport, LogRecord

MOST_DECISIONS_REMEMBERED: Final = 4096
"""For spans that end after the first span of their trace has."""

_SHARE_OF_QUEUE: Final = 4
"""Undecided traces may take this part of ``max_queue_bytes``, beside the queue."""

_LONGEST_WAIT_S: Final = 1.0

_GIVEN_UP = "undecided traces took too much memory (max_queue_bytes)"

_DECIDING = guarded("decide about a trace")


@dataclass(slots=True)
class _Undecided:
    """What has ended so far of one trace."""

    spans: list[tuple[ReadableSpan, Content]] = field(default_factory=list)
    n_bytes: int = 0
    has_error: bool = False


class TailDelivery:
    """Stands before delivery, and passes an undecided trace on if it is worth it.

    Sampled spans go through at once. Memory is bounded: the oldest undecided spans go
    first, counted as dropped, and if their trace fails after all, what ended later is
    kept. Callers wait for nobody: a span that ends while another is being placed, in a
    thread or in a finaliser that interrupts it, is left to whoever does that.

    Args:
        delivery: Where spans and records go on to.
        settings: ``keep_errors``, ``keep_slower_than_s``, ``max_queue_bytes``.
    """

    def __init__(self, delivery: Deliverer, settings: Settings) -> None:
        self.delivery = delivery
        self.rule = rule_of(settings)
        self._keeps_errors = settings.keep_errors
        slow_s = settings.keep_slower_than_s
        self._slow_ns = None if slow_s is None else round(slow_s * 1e9)
        self._max_bytes = settings.max_queue_bytes // _SHARE_OF_QUEUE
        self._successor: TailDelivery | None = None
        self.start_afresh()
        self._watch()

    def start_afresh(self) -> None:
        """Begin with nothing, in a forked child."""
        self._ended: deque[tuple[ReadableSpan, Content]] = deque()
        self._undecided: dict[int, _Undecided] = {}
        self._decided: dict[int, bool] = {}
        self._n_bytes = 0
        self._n_given_up = 0
        self._placing = threading.Lock()

    def take_over(self, before: "TailDelivery") -> None:
        """Go on with the undecided traces of one that is replaced by this."""
        with before._placing:
            before._successor = self
            self._undecided.update(before._undecided)
            self._decided.update(before._decided)
            self._n_bytes += before._n_bytes
            self._n_given_up += before._n_given_up
            before._undecided, before._n_bytes, before._n_given_up = {}, 0, 0
        before._place_ended()

    def offer_span(self, span: ReadableSpan, content: Content) -> None:
        """Pass a sampled span on; hold another until its trace is decided."""
        context = span.context
        if context is None or context.trace_flags.sampled:
            self.delivery.offer_span(span, content)
            return
        self._ended.append((span, content))
        self._place_ended()

    def offer_log(self, record: "LogRecord") -> None:
        """Pass a record on: scores are never left out."""
        self.delivery.offer_log(record)

    def flush(self, timeout_s: float) -> "DeliveryReport":
        """Send what is decided; open traces stay undecided."""
        self._place_ended()
        return self._with_given_up(self.delivery.flush(timeout_s))

    def shutdown(self, timeout_s: float) -> "DeliveryReport":
        """Decide about what is left, and send it."""
        self.close()
        return self._with_given_up(self.delivery.shutdown(timeout_s))

    def report(self) -> "DeliveryReport":
        """Return where everything is that was offered and not left out."""
        return self._with_given_up(self.delivery.report())

    def close(self) -> None:
        """Decide about traces whose first span never ended, as they are now."""
        self._place_ended()
        # not for ever: a signal may have interrupted whoever holds it, below us
        if self._placing.acquire(timeout=_LONGEST_WAIT_S):
            try:
                for trace_id in list(self._undecided):
                    self._decide(trace_id, None)
            finally:
                self._placing.release()

    def end(self) -> None:
        """Decide as the process ends, before delivery sends the rest."""
        with _DECIDING:
            self.close()

    @property
    def is_ending_here(self) -> bool:
        """Whether this very thread is shutting down; that is delivery's to say."""
        return False

    def _watch(self) -> None:
        from tracer._delivery import endings

        endings.watch(self)

    def _place_ended(self) -> None:
        while self._ended and self._placing.acquire(blocking=False):
            try:
                while self._ended:
                    span, content = self._ended.popleft()
                    with _DECIDING:
                        self._place(span, content)
            finally:
                self._placing.release()

    def _place(self, span: ReadableSpan, content: Content) -> None:
        if self._successor is not None:
            self._successor.offer_span(span, content)
            return
        trace_id = span.context.trace_id
        decided = self._decided.get(trace_id)
        if decided is None:
            self._hold(trace_id, span, content)
        elif decided:
            self.delivery.offer_span(span, content)

    def _hold(self, trace_id: int, span: ReadableSpan, content: Content) -> None:
        from tracer._delivery.sizes import span_bytes

        held = self._undecided.setdefault(trace_id, _Undecided())
        size_bytes = span_bytes(span, content)
        held.spans.append((span, content))
        held.n_bytes += size_bytes
        self._n_bytes += size_bytes
        if span.status.status_code is StatusCode.ERROR:
            held.has_error = True
        if span.parent is None or span.parent.is_remote:
            self._decide(trace_id, span)
        while self._n_bytes > self._max_bytes:
            self._give_up_oldest()

    def _decide(self, trace_id: int, root: ReadableSpan | None) -> None:
        held = self._undecided.pop(trace_id)
        self._n_bytes -= held.n_bytes
        reason = self._reason(held, root)
        self._decided[trace_id] = bool(reason)
        if len(self._decided) > MOST_DECISIONS_REMEMBERED:
            del self._decided[next(iter(self._decided))]
        if not reason:
            return
        for span, content in held.spans:
            kept = _marked(span, reason) if span is root else span
            self.delivery.offer_span(kept, content)

    def _reason(self, held: _Undecided, root: ReadableSpan | None) -> str:
        """Return why a trace is kept, or nothing; an open one took until now."""
        if self._keeps_errors and held.has_error:
            return "error"
        if self._slow_ns is None:
            return ""
        if root is None:
            began_ns = min(span.start_time or 0 for span, _ in held.spans)
            ended_ns = time.time_ns()
        else:
            began_ns, ended_ns = root.start_time or 0, root.end_time or 0
        return "slow" if ended_ns - began_ns >= self._slow_ns else ""

    def _give_up_oldest(self) -> None:
        held = self._undecided.pop(next(iter(self._undecided)))
        self._n_bytes -= held.n_bytes
        self._n_given_up += len(held.spans)
        warn_once("hold undecided traces", f"spans dropped: {_GIVEN_UP}")

    def _with_given_up(self, report: "DeliveryReport") -> "DeliveryReport":
        if not self._n_given_up:
            return report
        said = f"{self._n_given_up:,} dropped: {_GIVEN_UP}"
        return replace(
            report,
            dropped=report.dropped + self._n_given_up,
            errors=(said, *report.errors),
        )


def tailed(
    delivery: Deliverer, settings: Settings, before: Deliverer | None = None
) -> Deliverer:
    """Return delivery with a tail rule before it, if the settings have one.

    Args:
        delivery: Where spans go on to.
        settings: What the rule is.
        before: What stood in this place; its undecided traces are not cut.
    """
    was = before if isinstance(before, TailDelivery) else None
    if not settings.keeps_by_tail:
        if was is not None:
            was.close()
        return delivery
    if was is not None and was.delivery is delivery and was.rule == rule_of(settings):
        return was
    tail = TailDelivery(delivery, settings)
    if was is not None:
        tail.take_over(was)
    return tail


def untailed(delivery: Deliverer | None) -> Deliverer | None:
    """Return what sends, without the rule before it."""
    return delivery.delivery if isinstance(delivery, TailDelivery) else delivery


def rule_of(settings: Settings) -> tuple[bool, float | None, int]:
    """Return what makes one rule another."""
    return settings.keep_errors, settings.keep_slower_than_s, settings.max_queue_bytes


def _marked(span: ReadableSpan, reason: str) -> ReadableSpan:
    """Return a finished span that says why it is kept; the given one stays."""
    attributes = BoundedAttributes(
        attributes={**(span.attributes or {}), semconv.KEPT_BY: reason}, immutable=True
    )
    attributes.dropped = span.dropped_attributes
    return altered(span, attributes=attributes)
