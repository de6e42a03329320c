"""OpenTelemetry's newest instrumentation: content on spans and in log records."""

import _conventions
import _otel
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument()
_conventions.answer()
_otel.shutdown()
