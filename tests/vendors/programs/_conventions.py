"""The story told with OpenTelemetry's own spans, by the names of its conventions."""

import json
from collections.abc import Callable
from typing import Any

import _otel
import story
from openai import OpenAI
from opentelemetry.trace import SpanKind, get_current_span
from story import STORY

tracer = _otel.spans.get_tracer("support")
WHO = {"user.id": STORY["user"], "gen_ai.conversation.id": STORY["session"]}


def search(question: str) -> list[str]:
    named = {"gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": "faq"}
    with tracer.start_as_current_span(
        "retrieval faq", kind=SpanKind.CLIENT, attributes=named
    ) as span:
        found = story.search(question)
        span.set_attribute("gen_ai.retrieval.query.text", question)
        documents = [{"id": str(i), "content": text} for i, text in enumerate(found)]
        shown = json.dumps(documents, ensure_ascii=False)
        span.set_attribute("gen_ai.retrieval.documents", shown)
        return found


def order_status(order_id: str) -> str:
    named = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "order_status",
        "gen_ai.tool.type": "function",
        "gen_ai.tool.call.arguments": json.dumps({"order_id": order_id}),
    }
    with tracer.start_as_current_span(
        "execute_tool order_status", attributes=named
    ) as span:
        result = story.order_status(order_id)
        span.set_attribute("gen_ai.tool.call.result", result)
        return result


def judge() -> None:
    """Send a score of the current span, as the conventions have it."""
    score = STORY["score"]
    _otel.logs.get_logger("support").emit(
        event_name="gen_ai.evaluation.result",
        attributes={
            "gen_ai.evaluation.name": score["name"],
            "gen_ai.evaluation.score.value": score["value"],
            "gen_ai.evaluation.explanation": score["explanation"],
        },
    )


def judge_on_span() -> None:
    """Send a score the older way: as an event of the current span."""
    score = STORY["score"]
    get_current_span().add_event(
        "gen_ai.evaluation.result",
        {
            "gen_ai.evaluation.name": score["name"],
            "gen_ai.evaluation.score.value": score["value"],
            "gen_ai.evaluation.explanation": score["explanation"],
        },
    )


def as_messages(role: str, text: str) -> str:
    message = {"role": role, "parts": [{"type": "text", "content": text}]}
    return json.dumps([message], ensure_ascii=False)


def answer(judge: Callable[[], Any] = judge) -> None:
    named = {
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.workflow.name": "answer",
        "gen_ai.input.messages": as_messages("user", STORY["question"]),
    }
    with tracer.start_as_current_span("invoke_workflow answer", attributes=named | WHO):
        text = story.tell(OpenAI(), search=search, order_status=order_status)
        spoken = as_messages("assistant", text)
        get_current_span().set_attribute("gen_ai.output.messages", spoken)
        judge()
