"""Langfuse: its decorator and OpenAI client, a linked prompt, a score, a run."""

import functools
import json
from types import SimpleNamespace
from typing import Any

import story
from langfuse import Evaluation, get_client, observe, propagate_attributes
from langfuse.api import Prompt_Chat
from langfuse.model import ChatPromptClient
from langfuse.openai import OpenAI
from story import STORY

langfuse = get_client()
client = OpenAI()
prompt = ChatPromptClient(
    Prompt_Chat(
        type="chat",
        name=STORY["prompt"]["name"],
        version=int(STORY["prompt"]["version"]),
        prompt=[{"role": "system", "content": STORY["system"]}],
        config={},
        labels=[],
        tags=[],
    )
)
create = functools.partial(client.chat.completions.create, langfuse_prompt=prompt)
linked = SimpleNamespace(
    chat=SimpleNamespace(completions=SimpleNamespace(create=create)),
    embeddings=client.embeddings,
)


@observe(as_type="retriever")
def search(question: str) -> list[str]:
    return story.search(question)


@observe(as_type="tool")
def order_status(order_id: str) -> Any:
    return json.loads(story.order_status(order_id))


def order_status_text(order_id: str) -> str:
    return json.dumps(order_status(order_id), ensure_ascii=False)


@observe(as_type="chain")
def answer(question: str) -> str:
    text = story.tell(linked, search=search, order_status=order_status_text)
    score = STORY["score"]
    langfuse.score_current_trace(
        name=score["name"], value=score["value"], comment=score["explanation"]
    )
    return text


def task(*, item: Any, **_: Any) -> str:
    return "내일 도착합니다."


def correct(*, output: str, expected_output: str, **_: Any) -> Evaluation:
    return Evaluation(name="correct", value=float(output == expected_output))


with propagate_attributes(
    user_id=STORY["user"],
    session_id=STORY["session"],
    tags=STORY["tags"],
    metadata=STORY["metadata"],
):
    answer(STORY["question"])
langfuse.run_experiment(
    name=STORY["evaluation"]["name"],
    run_name=STORY["evaluation"]["name"],
    data=[
        {"input": STORY["question"], "expected_output": "내일 도착합니다."},
        {"input": "환불되나요?", "expected_output": "아니요"},
    ],
    task=task,
    evaluators=[correct],
)
langfuse.shutdown()
