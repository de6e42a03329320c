"""What evaluation and tracing send, kept in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import orjson
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider

from tracer import _runtime, _setup, semconv
from tracer._capture.context import ContextProcessor
from tracer._config import Settings
from tracer._delivery import DeliveryReport, LogRecord


@dataclass
class Sent:
    """Takes what would be sent, in memory; reads it back as people think of it."""

    spans: list[ReadableSpan] = field(default_factory=list)
    contents: dict[int, dict[str, Any]] = field(default_factory=dict)
    records: list[LogRecord] = field(default_factory=list)
    lock: Any = field(default_factory=Lock)

    def offer_span(self, span: ReadableSpan, content: Mapping[str, bytes]) -> None:
        with self.lock:
            self.spans.append(span)
            assert span.context is not None
            self.contents[span.context.span_id] = {
                key: orjson.loads(text) for key, text in content.items()
            }

    def offer_log(self, record: LogRecord) -> None:
        with self.lock:
            self.records.append(record)

    def flush(self, timeout_s: float) -> DeliveryReport:
        return self.report()

    def shutdown(self, timeout_s: float) -> DeliveryReport:
        return self.report()

    def report(self) -> DeliveryReport:
        return DeliveryReport(sent=len(self.spans) + len(self.records))

    def events(self, name: str) -> list[dict[str, Any]]:
        """Attributes of the records of one event, in order."""
        return [dict(one.attributes) for one in self.records if one.event_name == name]

    @property
    def scores(self) -> list[dict[str, Any]]:
        return self.events(semconv.EVENT_SCORE)

    @property
    def finished(self) -> list[dict[str, Any]]:
        return self.events(semconv.EVENT_EVALUATION_FINISHED)

    def of_kind(self, kind: str) -> list[ReadableSpan]:
        return [one for one in self.spans if self.attribute(one, semconv.KIND) == kind]

    def named(self, name: str) -> ReadableSpan:
        (span,) = [span for span in self.spans if span.name == name]
        return span

    def attribute(self, span: ReadableSpan, key: str) -> Any:
        return (span.attributes or {}).get(key)

    def content(self, span: ReadableSpan, key: str) -> Any:
        assert span.context is not None
        return self.contents[span.context.span_id].get(key)


@pytest.fixture
def sent() -> Iterator[Sent]:
    """Everything that evaluation and tracing send while a test runs."""
    sent, provider, before = (
        Sent(),
        TracerProvider(shutdown_on_exit=False),
        _runtime.state,
    )
    provider.add_span_processor(ContextProcessor())
    _runtime.state = _setup.state_of(Settings(), provider, sent)
    yield sent
    _runtime.state = before
