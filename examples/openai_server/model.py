"""Decide on a reply: a tool call, a document by schema, or an answer in words."""

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from examples.openai_server.answers import answer
from examples.openai_server.judge import is_judgement, judgement
from examples.openai_server.tokens import pieces

_ORDER_ID = re.compile(r"(?<![A-Za-z])[A-Z]-\d{4}(?!\d)")


@dataclass(frozen=True)
class Reply:
    """What the model answers to one prompt."""

    content: str | None
    """The words; None if it calls tools instead."""

    tool_calls: tuple[Mapping[str, Any], ...] = ()
    """Calls in the API's form, arguments as JSON text."""

    finish_reason: str = "stop"
    """``stop``, ``length`` or ``tool_calls``."""


def reply(body: Mapping[str, Any], rng: random.Random, *, scenario: str = "") -> Reply:
    """Answer the conversation in ``body``, the same for the same ``rng``."""
    messages = [message for message in body["messages"] if isinstance(message, dict)]
    asked = max(
        (at for at, message in enumerate(messages) if message["role"] == "user"),
        default=0,
    )
    question = _text(messages[asked]) if messages else ""
    after = messages[asked + 1 :]
    results = [_text(message) for message in after if message["role"] == "tool"]
    calls = [] if results else _calls(body.get("tools") or (), question, rng)
    if calls:
        return Reply(None, tuple(calls), "tool_calls")
    told = [_text(message) for message in messages if message["role"] in _INSTRUCTING]
    if is_judgement("\n".join(told)):
        asked_first = next(each for each in messages if each["role"] == "user")
        return _judged("\n".join(told), _text(asked_first), body, rng, scenario)
    schema = (body.get("response_format") or {}).get("json_schema")
    if schema:
        document = _document(schema["schema"], question)
        return Reply(json.dumps(document, ensure_ascii=False))
    return _cut(answer("\n".join(told), question, results, rng), body)


_INSTRUCTING = ("system", "developer")


def _judged(
    told: str, asked: str, body: Mapping[str, Any], rng: random.Random, scenario: str
) -> Reply:
    """Judge; without structured output in words around the JSON, as models do."""
    said = judgement(told, asked, rng, scenario=scenario)
    is_first = len(body["messages"]) == 2
    if scenario == "judge-broken" or (scenario == "judge-broken-once" and is_first):
        return Reply(f"Well, {said[:-3]}")
    if "response_format" not in body or scenario == "judge-in-words":
        said = f"Let me think.\n```json\n{said}\n```\nThat is my verdict."
    return _cut(said, body)


def _cut(text: str, body: Mapping[str, Any]) -> Reply:
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    words = pieces(text)
    if limit is None or len(words) <= limit:
        return Reply(text)
    return Reply("".join(words[:limit]), finish_reason="length")


def _calls(
    tools: Sequence[Mapping[str, Any]], question: str, rng: random.Random
) -> list[Mapping[str, Any]]:
    """Call the first tool once for every order number in the question."""
    functions = [tool["function"] for tool in tools if tool.get("type") == "function"]
    if not functions:
        return []
    name = functions[0]["name"]
    parameters = functions[0].get("parameters", {}).get("properties", {})
    return [
        {
            "id": f"call_{rng.getrandbits(96):024x}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": json.dumps({next(iter(parameters), "value"): order}),
            },
        }
        for order in _ORDER_ID.findall(question)
    ]


def _document(schema: Mapping[str, Any], question: str) -> Any:
    """Return a value of the schema's form, texts filled with the question."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "string")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: _document(each, question) for name, each in properties.items()}
    if kind == "array":
        return [_document(schema.get("items", {}), question)]
    return {"integer": 7, "number": 0.5, "boolean": True}.get(kind, question)


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return " ".join(part["text"] for part in parts if "text" in part)
