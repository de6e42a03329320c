"""OpenLLMetry (Traceloop): its decorators, association properties and prompt."""

import os

import story
from openai import OpenAI
from story import STORY
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import task, tool, workflow

Traceloop.init(
    app_name="support",
    api_endpoint=os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    disable_batch=False,
    telemetry_enabled=False,
)


@task(name="search")
def search(question: str) -> list[str]:
    return story.search(question)


@tool(name="order_status")
def order_status(order_id: str) -> str:
    return story.order_status(order_id)


@workflow(name="answer")
def answer(question: str) -> str:
    return story.tell(OpenAI(), search=search, order_status=order_status)


Traceloop.set_association_properties(
    {"user_id": STORY["user"], "session_id": STORY["session"], **STORY["metadata"]}
)
version = int(STORY["prompt"]["version"])
Traceloop.set_prompt(STORY["system"], {"language": "ko"}, version)
answer(STORY["question"])
