"""Items from the queue as OpenTelemetry's own objects, for an exporter of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from tracer import semconv
from tracer._capture.finished import altered
from tracer._chance import new_span_id, new_trace_id
from tracer._delivery.encoder import Item, LogItem
from tracer._delivery.otlp.spans import plain
from tracer._delivery.records import AttributeValue, Lane, LogRecord
from tracer._guard import guarded

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadableLogRecord

_SCOPE = InstrumentationScope("tracer")
_MOST_RESOURCES = 64

_packing = guarded("hand a span or log record to the exporter")


@dataclass(slots=True)
class ExportBatch:
    """What one call of an exporter takes."""

    lane: Lane
    """Whose exporter it is for."""

    items: Sequence[Any]
    """Finished spans, or readable log records."""

    n_tries: int = 0
    """How often it was handed over in vain."""

    @property
    def n_items(self) -> int:
        """How many there are."""
        return len(self.items)


class ExportPacker:
    """Makes batches for an exporter of spans, and one of log records if there is one.

    Where there is none, a score travels as a span without length, below the span that
    it judges, so that a backend of spans alone shows it.

    Args:
        resource: Attributes of every resource; they win over a span's own.
        has_logs: Whether log records have an exporter.
    """

    def __init__(
        self, resource: Mapping[str, AttributeValue], *, has_logs: bool
    ) -> None:
        self._resource = {key: value for key, value in resource.items() if value}
        self._has_logs = has_logs
        self._resources: dict[int, tuple[Resource | None, Resource]] = {}

    def batches(self, items: Sequence[Item]) -> list[ExportBatch]:
        """Return items, in order, as at most one batch for each exporter."""
        spans: list[ReadableSpan] = []
        logs: list[Any] = []
        for item in items:
            with _packing:
                if isinstance(item, tuple):
                    spans.append(self._whole(*item))
                elif self._has_logs:
                    logs.append(self._readable(item))
                elif item.record.event_name == semconv.EVENT_SCORE:
                    spans.append(self._mirrored(item.record))
                else:
                    logs.append(item.record)
        found = [ExportBatch("traces", spans), ExportBatch("logs", logs)]
        return [batch for batch in found if batch.items]

    def _whole(self, span: ReadableSpan, content: Mapping[str, bytes]) -> ReadableSpan:
        """Return a span with the content kept beside it; the given one stays."""
        said = {key: data.decode() for key, data in content.items()}
        return altered(
            span,
            attributes={**plain(span.attributes), **said},
            resource=self._joined(span.resource),
        )

    def _joined(self, resource: Resource | None) -> Resource:
        """Return a resource with ours over it, the same object for the same one."""
        known = self._resources.get(id(resource))
        if known is None:
            if len(self._resources) >= _MOST_RESOURCES:
                self._resources.clear()
            own = resource.attributes if resource else {}
            url = resource.schema_url if resource else ""
            known = resource, Resource({**own, **self._resource}, url)
            self._resources[id(resource)] = known  # holds it, so that the id stays its
        return known[1]

    def _readable(self, item: LogItem) -> "ReadableLogRecord":
        # not above: modules with an underscore, and only needed with a log exporter
        from opentelemetry._logs import LogRecord as OtelRecord
        from opentelemetry._logs import SeverityNumber
        from opentelemetry.sdk._logs import ReadableLogRecord

        record = item.record
        about = NonRecordingSpan(_context(record.trace_id, record.span_id))
        return ReadableLogRecord(
            OtelRecord(
                timestamp=record.time_ns,
                observed_timestamp=item.observed_ns,
                context=set_span_in_context(about, Context()),
                severity_number=SeverityNumber(record.severity_number),
                body=record.body,
                attributes=_given(record.attributes.items()),
                event_name=record.event_name,
            ),
            self._joined(None),
            _SCOPE,
        )

    def _mirrored(self, record: LogRecord) -> ReadableSpan:
        trace_id = record.trace_id or new_trace_id()
        judged = _context(trace_id, record.span_id) if record.span_id else None
        error = record.attributes.get(semconv.ERROR_TYPE)
        return ReadableSpan(
            f"score {record.attributes.get(semconv.SCORE_NAME, '')}".rstrip(),
            context=_context(trace_id, new_span_id(), is_remote=False),
            parent=judged,
            resource=self._joined(None),
            attributes={semconv.KIND: "evaluator", **_given(record.attributes.items())},
            links=[Link(judged)] if judged else [],
            status=Status(StatusCode.ERROR, str(error)) if error else Status(),
            start_time=record.time_ns,
            end_time=record.time_ns,
            instrumentation_scope=_SCOPE,
        )


def _context(trace_id: int, span_id: int, *, is_remote: bool = True) -> SpanContext:
    return SpanContext(
        trace_id, span_id, is_remote, trace_flags=TraceFlags(TraceFlags.SAMPLED)
    )


def _given(pairs: Iterable[tuple[str, AttributeValue]]) -> dict[str, Any]:
    return {key: value for key, value in pairs if value is not None}
