"""OpenTelemetry's instrumentation of before: content in log records, one a message."""

import _conventions
import _otel
from opentelemetry._events import set_event_logger_provider
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from opentelemetry.sdk._events import EventLoggerProvider
from opentelemetry.trace import get_current_span
from story import STORY


def judge() -> None:
    """Send a score the older way: as an event of the span."""
    get_current_span().add_event(
        "gen_ai.evaluation.result",
        {
            "gen_ai.evaluation.name": STORY["score"]["name"],
            "gen_ai.evaluation.score.value": STORY["score"]["value"],
            "gen_ai.evaluation.explanation": STORY["score"]["explanation"],
        },
    )


set_event_logger_provider(EventLoggerProvider(_otel.logs))
OpenAIInstrumentor().instrument()
_conventions.answer(judge)
_otel.shutdown()
