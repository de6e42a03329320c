"""OpenAI's Agents SDK through OpenTelemetry's bridge; calls by its instrumentation."""

import _agents
import _otel
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.instrumentation.genai.openai_agents import (
    OpenAIAgentsInstrumentor,
)

OpenAIInstrumentor().instrument()
OpenAIAgentsInstrumentor().instrument()
_agents.tell()
_otel.shutdown()
