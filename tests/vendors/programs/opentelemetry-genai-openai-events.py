"""The same instrumentation told to put content into log records alone."""

import _conventions
import _otel
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument()
_conventions.answer()
_otel.shutdown()
