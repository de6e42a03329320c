"""OpenLLMetry of before: a message's parts in attributes with numbers in their keys."""

import _conventions
import _otel
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument()
_conventions.answer(_conventions.judge_on_span)
_otel.shutdown()
