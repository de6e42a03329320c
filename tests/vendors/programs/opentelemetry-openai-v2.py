"""OpenTelemetry's instrumentation of before: content in log records, one a message."""

import _conventions
import _otel
from opentelemetry._events import set_event_logger_provider
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from opentelemetry.sdk._events import EventLoggerProvider

set_event_logger_provider(EventLoggerProvider(_otel.logs))
OpenAIInstrumentor().instrument()
_conventions.answer(_conventions.judge_on_span)
_otel.shutdown()
