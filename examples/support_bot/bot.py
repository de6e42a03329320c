"""The bot: guardrail, retrieval, and a streamed answer that may call a tool."""

from collections.abc import Sequence
from typing import Any

from openai import OpenAI

import tracer
from examples.support_bot.guardrail import objection
from examples.support_bot.orders import ORDER_STATUS, call_tool
from examples.support_bot.prompts import PROMPT_NAME, instructions
from examples.support_bot.retrieval import retrieve

MODEL = "gpt-4o-mini"
_MAX_STEPS = 3
_DECLINED = (
    "I am sorry, I cannot help with that. / 죄송합니다. 도와드릴 수 없는 요청입니다."
)


def answer(
    question: str,
    *,
    client: OpenAI,
    prompt_version: str = "v2",
    model: str = MODEL,
    history: Sequence[dict[str, Any]] = (),
) -> str:
    """Answer a customer.

    Args:
        question: What the customer typed, in English or Korean.
        client: An OpenAI client, wrapped to have its calls recorded.
        prompt_version: ``v1`` or ``v2``.
        model: The chat model.
        history: Earlier messages of the conversation, oldest first.
    """
    with tracer.using(prompt_name=PROMPT_NAME, prompt_version=prompt_version):
        return support_bot(question, client, prompt_version, model, history)


@tracer.trace(kind="agent")
def support_bot(
    question: str,
    client: OpenAI,
    prompt_version: str,
    model: str,
    history: Sequence[dict[str, Any]],
) -> str:
    """Answer, and show as one trace what it took."""
    if reason := objection(question):
        span = tracer.current_span()
        span.tags = [*span.tags, "declined"]
        span.metadata["declined"] = reason
        return _DECLINED
    articles = retrieve(question, client=client)
    messages: list[Any] = [
        {"role": "system", "content": instructions(prompt_version, articles)},
        *history,
        {"role": "user", "content": question},
    ]
    for _ in range(_MAX_STEPS):
        said = _stream(client, model, messages)
        messages.append(said.model_dump(exclude_none=True, exclude={"parsed"}))
        if not said.tool_calls:
            return said.content or ""
        for call in said.tool_calls:
            result = call_tool(call.function.arguments)
            messages.append(
                {"role": "tool", "tool_call_id": call.id, "content": result}
            )
    raise RuntimeError(f"no answer after {_MAX_STEPS} steps")


def _stream(client: OpenAI, model: str, messages: list[Any]) -> Any:
    """Return the model's message; the words could be shown as they come."""
    with client.chat.completions.stream(
        model=model,
        messages=messages,
        tools=[ORDER_STATUS],  # type: ignore[list-item]
        stream_options={"include_usage": True},
    ) as stream:
        return stream.get_final_completion().choices[0].message
