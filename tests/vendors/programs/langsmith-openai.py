"""LangSmith: its decorator and OpenAI wrapper, spans sent by OpenTelemetry alone."""

import json
from typing import Any

import langsmith
import story
from langsmith import traceable
from langsmith.run_trees import get_cached_client
from langsmith.wrappers import wrap_openai
from openai import OpenAI
from story import STORY

client = wrap_openai(OpenAI())
who = {"user_id": STORY["user"], "session_id": STORY["session"]}


@traceable(run_type="retriever")
def search(question: str) -> list[dict[str, Any]]:
    found = story.search(question)
    return [{"page_content": text, "type": "Document"} for text in found]


@traceable(run_type="tool")
def order_status(order_id: str) -> Any:
    return json.loads(story.order_status(order_id))


def order_status_text(order_id: str) -> str:
    return json.dumps(order_status(order_id), ensure_ascii=False)


@traceable(run_type="embedding")
def embed(question: str) -> int:
    found = client.embeddings.create(model=STORY["embedding_model"], input=question)
    return len(found.data)


@traceable(run_type="chain", tags=STORY["tags"], metadata=who | STORY["metadata"])
def answer(question: str) -> str:
    search(question)
    messages = [*story.ASK, *story.ask_tool(client, order_status_text)]
    text = story.ask_streamed(client, messages)
    embed(question)
    story.ask_absent_model(client)
    run = langsmith.get_current_run_tree()
    score = STORY["score"]
    get_cached_client().create_feedback(
        run.id,
        key=score["name"],
        score=score["value"],
        comment=score["explanation"],
        trace_id=run.trace_id,
        session_id=run.session_id,
    )
    return text


answer(STORY["question"])
get_cached_client().flush()
