"""What really happened in a recorded run: the story, and what the model was asked.

The calls to the model are read from the notes of the server, not from the telemetry.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vendors.tables import HERE, recorded

STORY: dict[str, Any] = json.loads(
    (HERE / "programs" / "story.json").read_text("utf-8")
)
Said = tuple[Any, ...]


@dataclass(frozen=True)
class Call:
    """One call to the model, as its server saw it."""

    asked: list[Said]
    """The conversation so far; see `said`."""

    answered: list[Said]
    """What the model said."""

    usage: tuple[int, int]
    """Tokens in and out; nothing else is known of an embedding's output."""


def calls(name: str) -> dict[str, Call]:
    """Return role → call: of those that a sender made, the last of each."""
    found = {}
    for exchange in recorded(name, "exchanges"):
        call = Call(
            asked=_asked(exchange["request"]),
            answered=_answered(exchange["answer"]),
            usage=_usage(exchange["answer"]),
        )
        found[_role(exchange, call)] = call
    return found


def _role(exchange: Mapping[str, Any], call: Call) -> str:
    if exchange["status"] != 200:
        return "failing"
    if exchange["path"].endswith("/embeddings"):
        return "embedding"
    calls_a_tool = any(part[1] == "tool_call" for part in call.answered)
    return "chat" if calls_a_tool else "stream"


def _asked(request: Mapping[str, Any]) -> list[Said]:
    told = request.get("messages", request.get("input"))
    told = [told] if isinstance(told, str) else told
    told = [{"role": "user", "content": t} if isinstance(t, str) else t for t in told]
    instructions = request.get("instructions")
    first = [("system", "text", instructions)] if instructions else []
    return first + [part for message in told for part in said(message)]


def _answered(answer: Mapping[str, Any]) -> list[Said]:
    if "output" in answer:
        return [part for item in answer["output"] for part in said(item)]
    messages = [choice["message"] for choice in answer.get("choices", ())]
    return [part for message in messages for part in said(message)]


def _usage(answer: Mapping[str, Any]) -> tuple[int, int]:
    usage = answer.get("usage") or {}
    spent = usage.get("prompt_tokens", usage.get("input_tokens", 0))
    return spent, usage.get("completion_tokens", usage.get("output_tokens", 0))


def said(message: Mapping[str, Any]) -> list[Said]:
    """Return a message of OpenAI's two APIs as parts that compare: role, type, rest."""
    if message.get("type") == "function_call":
        arguments = json.loads(message["arguments"])
        return [("assistant", "tool_call", message["name"], as_text(arguments))]
    if message.get("type") == "function_call_output":
        return [("tool", "response", as_text(message["output"]))]
    role, content = message.get("role", "assistant"), message.get("content")
    if role == "tool":
        return [("tool", "response", as_text(_text(content)))]
    parts: list[Said] = [(role, "text", _text(content))] if content else []
    for call in message.get("tool_calls") or ():
        asked = call["function"]
        arguments = as_text(json.loads(asked["arguments"]))
        parts.append((role, "tool_call", asked["name"], arguments))
    return parts


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part["text"] for part in content if "text" in part)
    return str(content)


def as_text(value: Any) -> str:
    """Return JSON with sorted keys of a value or of the JSON text that it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
