"""What every program of a sender does: one answer, with all that can be told of it.

A program brings its sender's own way of tracing a function and of saying who asked;
the calls to the model are the same for all.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

STORY: dict[str, Any] = json.loads(
    Path(__file__).with_name("story.json").read_text("utf-8")
)
ASK: list[dict[str, Any]] = [
    {"role": "system", "content": STORY["system"]},
    {"role": "user", "content": STORY["question"]},
]


def search(question: str) -> list[str]:
    """Find what is known: the step that a program traces as retrieval."""
    return list(STORY["documents"])


def order_status(order_id: str) -> str:
    """Say where an order is: the step that a program traces as a tool."""
    return json.dumps(STORY["tool_result"], ensure_ascii=False)


def tell(
    client: Any,
    *,
    search: Callable[[str], Any] = search,
    order_status: Callable[[str], str] = order_status,
) -> str:
    """Answer the question: retrieval, tool call, streamed answer, embedding, failure.

    Args:
        client: an OpenAI client that the sender traces.
        search: the retrieval step, as the sender traces it.
        order_status: the tool, as the sender traces it.
    """
    search(STORY["question"])
    messages = [*ASK, *ask_tool(client, order_status)]
    text = ask_streamed(client, messages)
    embed(client)
    ask_absent_model(client)
    return text


def ask_tool(client: Any, order_status: Callable[[str], str]) -> list[dict[str, Any]]:
    """Ask with a tool on offer; return the wish to call it and what it answered."""
    asked = client.chat.completions.create(
        model=STORY["model"], messages=ASK, tools=[STORY["tool"]], temperature=0
    )
    [call] = asked.choices[0].message.tool_calls
    result = order_status(json.loads(call.function.arguments)["order_id"])
    wish = {"role": "assistant", "content": None, "tool_calls": [call.model_dump()]}
    return [wish, {"role": "tool", "tool_call_id": call.id, "content": result}]


def ask_streamed(client: Any, messages: list[dict[str, Any]]) -> str:
    """Have the answer streamed, with its usage; return its text."""
    stream = client.chat.completions.create(
        model=STORY["model"],
        messages=messages,
        temperature=0,
        stream=True,
        stream_options={"include_usage": True},
    )
    return "".join(
        choice.delta.content or "" for chunk in stream for choice in chunk.choices
    )


def embed(client: Any) -> None:
    """Embed the question, in few numbers."""
    client.embeddings.create(
        model=STORY["embedding_model"], input=STORY["question"], dimensions=4
    )


def ask_absent_model(client: Any) -> None:
    """Make the call that fails, as an application that lives with it."""
    try:
        client.chat.completions.create(model=STORY["absent_model"], messages=ASK[1:])
    except Exception as error:
        if "does not exist" not in str(error):
            raise
