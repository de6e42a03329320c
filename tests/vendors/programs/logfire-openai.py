"""Logfire: its spans and decorator, baggage for who asks, OpenAI instrumented."""

import json
from typing import Any

import logfire
import story
from openai import OpenAI
from story import STORY

logfire.configure(send_to_logfire=False, console=False)
client = OpenAI()
logfire.instrument_openai(client)


@logfire.instrument("search", record_return=True)
def search(question: str) -> list[str]:
    return story.search(question)


@logfire.instrument("order_status", record_return=True)
def order_status(order_id: str) -> Any:
    return json.loads(story.order_status(order_id))


def order_status_text(order_id: str) -> str:
    return json.dumps(order_status(order_id), ensure_ascii=False)


def answer(question: str) -> None:
    with logfire.span("answer", question=question, _tags=STORY["tags"]) as span:
        span.set_attribute(
            "answer", story.tell(client, search=search, order_status=order_status_text)
        )


who = {"user.id": STORY["user"], "session.id": STORY["session"]}
with logfire.set_baggage(**who, **STORY["metadata"]):
    answer(STORY["question"])
logfire.shutdown()
