"""What the tests of the OpenAI room ask, spelt once."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MODEL = "gpt-4o-mini"
ASK: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "hi there"}],
}
"""A question that the server answers with "I do not have that information."."""

ORDER_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "order_status",
        "description": "Where an order is.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"order_id": {"type": "string"}},
            "required": ["order_id"],
            "additionalProperties": False,
        },
    },
}
ASK_TOOLS: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "Where are A-1234 and B-2222?"}],
    "tools": [ORDER_TOOL],
}
"""A question that the server answers with two parallel tool calls."""

USAGE_TOO: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}


def scenario(name: str) -> dict[str, Any]:
    """Ask the server to behave in a named way."""
    return {"extra_headers": {"x-scenario": name}}


def parsing(client: Any) -> Any:
    """Return the completions of a client that parse and stream with helpers.

    They stood behind `beta` before openai 1.92.
    """
    completions = client.chat.completions
    return (
        completions if hasattr(completions, "parse") else client.beta.chat.completions
    )


def qualified_name(thing: object) -> str:
    """Return the full name of something's type, as that of an exception is recorded."""
    return f"{type(thing).__module__}.{type(thing).__qualname__}"


@dataclass(frozen=True)
class Api:
    """One of the two APIs that talk, so that a test can hold for both."""

    name: str

    def create(self, client: Any, kind: str | None = None) -> Callable[..., Any]:
        """Return its `create` with the question; `kind` names a raw wrapper's."""
        is_chat = self.name == "chat"
        resource = client.chat.completions if is_chat else client.responses
        door = getattr(resource, kind) if kind else resource
        asked = ASK if is_chat else {"model": MODEL, "input": "hi there"}
        return functools.partial(door.create, **asked, temperature=0)

    def words(self, chunk: Any) -> str:
        """Return what a chunk or event of its stream says."""
        if self.name == "chat":
            return "".join(each.delta.content or "" for each in chunk.choices)
        return chunk.delta if chunk.type == "response.output_text.delta" else ""


CHAT, RESPONSES = Api("chat"), Api("responses")
ANSWER = "I do not have that information."
