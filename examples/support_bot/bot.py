"""The bot: guardrail, retrieval, and a streamed answer that may call a tool."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openai import OpenAI

import tracer
from examples.support_bot.guardrail import objection
from examples.support_bot.orders import ORDER_STATUS, call_tool
from examples.support_bot.prompts import PROMPT_NAME, instructions
from examples.support_bot.retrieval import article_index

MODEL = "gpt-4o-mini"
Messages = Sequence[dict[str, Any]]

_MAX_STEPS = 3
_DECLINED = (
    "I am sorry, I cannot help with that. 죄송합니다. 도와드릴 수 없는 요청입니다."
)


@dataclass(frozen=True)
class SupportBot:
    """One version of the bot."""

    client: OpenAI
    """An OpenAI client, wrapped to have its calls recorded."""

    prompt_version: str = "v2"
    """``v1`` or ``v2``."""

    model: str = MODEL
    """The chat model."""

    @tracer.trace(name="support_bot", kind="agent")
    def answer(self, question: str, history: Messages = ()) -> str:
        """Answer a customer, given the conversation so far, oldest message first."""
        if reason := objection(question):
            span = tracer.current_span()
            span.tags = [*span.tags, "declined"]
            span.metadata["declined"] = reason
            return _DECLINED
        articles = article_index(self.client).search(question)
        messages: list[Any] = [
            {"role": "system", "content": instructions(self.prompt_version, articles)},
            *history,
            {"role": "user", "content": question},
        ]
        for _ in range(_MAX_STEPS):
            said = self._stream(messages)
            if not said.tool_calls:
                return said.content or ""
            messages.append(_calling(said))
            for call in said.tool_calls:
                result = call_tool(call.function.arguments)
                messages.append(
                    {"role": "tool", "tool_call_id": call.id, "content": result}
                )
        raise RuntimeError(f"no answer to {question!r} after {_MAX_STEPS} steps")

    def _stream(self, messages: list[Any]) -> Any:
        """Return the model's next message; a chat window would show it as it comes."""
        with self.client.chat.completions.stream(
            model=self.model,
            messages=messages,
            tools=[ORDER_STATUS],  # type: ignore[list-item]
            stream_options={"include_usage": True},
        ) as stream:
            return stream.get_final_completion().choices[0].message


def _calling(said: Any) -> dict[str, Any]:
    """Return the model's calls as the message that the API wants back."""
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {
                "name": call.function.name,
                "arguments": call.function.arguments,
            },
        }
        for call in said.tool_calls
    ]
    return {"role": "assistant", "content": said.content, "tool_calls": calls}


def answer(
    question: str,
    *,
    client: OpenAI,
    prompt_version: str = "v2",
    model: str = MODEL,
    history: Messages = (),
) -> str:
    """Answer a customer with one version of the bot; see `SupportBot`."""
    with tracer.using(prompt_name=PROMPT_NAME, prompt_version=prompt_version):
        return SupportBot(client, prompt_version, model).answer(question, history)
