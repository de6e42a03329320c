"""OpenAI's Agents SDK through OpenInference's bridge."""

import _agents
import _otel
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from story import STORY

OpenAIAgentsInstrumentor().instrument(tracer_provider=_otel.spans)
with using_attributes(
    user_id=STORY["user"],
    session_id=STORY["session"],
    tags=STORY["tags"],
    metadata=STORY["metadata"],
):
    _agents.tell()
_otel.shutdown()
