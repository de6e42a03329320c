"""MLflow: its decorator and its OpenAI autologging, spans sent over OTLP alone."""

import json
from typing import Any

import mlflow
import story
from mlflow.entities import Document
from openai import OpenAI
from story import STORY

mlflow.openai.autolog()
client = OpenAI()


@mlflow.trace(span_type="RETRIEVER")
def search(question: str) -> list[Document]:
    return [Document(page_content=text) for text in story.search(question)]


@mlflow.trace(span_type="TOOL")
def order_status(order_id: str) -> Any:
    return json.loads(story.order_status(order_id))


def order_status_text(order_id: str) -> str:
    return json.dumps(order_status(order_id), ensure_ascii=False)


@mlflow.trace(span_type="CHAIN")
def answer(question: str) -> str:
    mlflow.update_current_trace(
        tags=STORY["metadata"],
        metadata={
            "mlflow.trace.user": STORY["user"],
            "mlflow.trace.session": STORY["session"],
        },
    )
    # the trace's user and session stay in MLflow: over OTLP go a span's attributes
    span = mlflow.get_current_active_span()
    span.set_attributes({"user.id": STORY["user"], "session.id": STORY["session"]})
    return story.tell(client, search=search, order_status=order_status_text)


answer(STORY["question"])
mlflow.flush_trace_async_logging()
