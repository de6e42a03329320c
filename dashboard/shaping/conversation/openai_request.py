"""A recorded model call back as the request that made it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from dashboard.shaping.conversation.openai_messages import chat_messages, response_items
from tracer import semconv

Row = Mapping[str, Any]
Path = Literal["chat/completions", "responses", "embeddings", "completions"]


@dataclass(frozen=True)
class Request:
    """One request to an OpenAI-compatible API; it holds no key."""

    path: Path
    """What follows the base URL."""
    body: dict[str, Any]
    """Its JSON body, in the order in which people write it."""
    missing: frozenset[str] = field(default_factory=frozenset)
    """What was not recorded of it: ``media``, ``schema``, ``dimensions``."""

    @property
    def is_streamed(self) -> bool:
        """Whether the answer comes in pieces."""
        return bool(self.body.get("stream"))

    def with_changes(self, **changes: Any) -> "Request":
        """Return the same with other values; None takes a value away."""
        body = {**self.body, **changes}
        kept = {name: value for name, value in body.items() if value is not None}
        return replace(self, body=kept)


_SETTINGS: Final = {
    "temperature": semconv.REQUEST_TEMPERATURE,
    "top_p": semconv.REQUEST_TOP_P,
    "top_k": semconv.REQUEST_TOP_K,
    "max_tokens": semconv.REQUEST_MAX_TOKENS,
    "frequency_penalty": semconv.REQUEST_FREQUENCY_PENALTY,
    "presence_penalty": semconv.REQUEST_PRESENCE_PENALTY,
    "seed": semconv.REQUEST_SEED,
    "stop": semconv.REQUEST_STOP_SEQUENCES,
    "n": semconv.REQUEST_CHOICE_COUNT,
    "reasoning_effort": semconv.REQUEST_REASONING_LEVEL,
    "verbosity": semconv.REQUEST_VERBOSITY,
    "parallel_tool_calls": semconv.REQUEST_PARALLEL_TOOL_CALLS,
    "previous_response_id": semconv.REQUEST_PREVIOUS_RESPONSE_ID,
    "prompt_cache_key": semconv.REQUEST_PROMPT_CACHE_KEY,
    "service_tier": semconv.OPENAI_REQUEST_SERVICE_TIER,
    "store": semconv.REQUEST_STORE,
    "stream": semconv.REQUEST_STREAM,
}
"""Parameter of the API → attribute that holds it; each path knows some of them."""

_OF_COMPLETIONS: Final = frozenset(
    {
        *("temperature", "top_p", "top_k", "max_tokens", "frequency_penalty"),
        *("presence_penalty", "seed", "stop", "n", "stream"),
    }
)
_OF_CHAT: Final = _OF_COMPLETIONS | {
    *("reasoning_effort", "verbosity", "parallel_tool_calls"),
    *("prompt_cache_key", "service_tier", "store"),
}
_OF_RESPONSES: Final = frozenset(
    {
        *("temperature", "top_p", "top_k", "max_tokens", "parallel_tool_calls"),
        *("previous_response_id", "prompt_cache_key", "service_tier", "store"),
        "stream",
    }
)
_INVOCATION: Final = "llm.invocation_parameters"
"""Where OpenInference keeps a request's settings; JSON text."""


def request_of(span: Row) -> Request | None:
    """Return the request of a model call; None for a step that is none.

    Args:
        span: The step with its content.
    """
    attributes = span["attributes"] or {}
    if attributes.get(semconv.OUTPUT_TYPE) in {"image", "speech"}:
        return None
    if span["kind"] == "embedding":
        return _embeddings(span, attributes)
    if span["kind"] != "llm" or not span["messages"]:
        return None
    asked = span["messages"][: span["n_input_messages"]]
    if not asked:
        return None
    if span["operation"] == "text_completion":
        return _completion(span, attributes, asked)
    if attributes.get(semconv.OPENAI_API_TYPE) == "responses":
        return _responses(span, attributes, asked)
    return _chat(span, attributes, asked)


_HOST: Final = re.compile(r"[\w.\-]{1,253}|\[[0-9a-fA-F:.]+\]")


def address_of(span: Row) -> str:
    """Return host and port that a call went to; empty if it does not say, or lies.

    It stands in a program that people paste: nothing else may be in it.
    """
    attributes = span["attributes"] or {}
    host = attributes.get(semconv.SERVER_ADDRESS)
    port = attributes.get(semconv.SERVER_PORT)
    if not isinstance(host, str) or not _HOST.fullmatch(host):
        return ""
    return f"{host}:{port}" if isinstance(port, int) else host


def _chat(span: Row, attributes: Row, asked: list[Row]) -> Request:
    missing: set[str] = set()
    body = {"model": _model(span), "messages": chat_messages(asked, missing)}
    settings = _settings(attributes, _OF_CHAT)
    if "max_tokens" in settings:  # the name that every newer model takes
        settings["max_completion_tokens"] = settings.pop("max_tokens")
    if tools := _tools(span, flat=False):
        body["tools"] = tools
        if choice := _tool_choice(attributes):
            named = {"type": "function", "function": {"name": choice}}
            settings["tool_choice"] = choice if choice in _CHOICES else named
    if form := _form(attributes, missing):
        settings["response_format"] = form
    return Request("chat/completions", body | settings, frozenset(missing))


def _responses(span: Row, attributes: Row, asked: list[Row]) -> Request:
    missing: set[str] = set()
    told = attributes.get(semconv.SYSTEM_INSTRUCTIONS)
    body: dict[str, Any] = {"model": _model(span)}
    if told:  # the collector puts them before the messages, as their system
        body["instructions"] = "\n".join(_texts(asked[0]))
        asked = asked[1:]
    body["input"] = response_items(asked, missing)
    settings = _settings(attributes, _OF_RESPONSES)
    if "max_tokens" in settings:
        settings["max_output_tokens"] = settings.pop("max_tokens")
    if effort := attributes.get(semconv.REQUEST_REASONING_LEVEL):
        settings["reasoning"] = {"effort": effort}
    if tools := _tools(span, flat=True):
        body["tools"] = tools
        if choice := _tool_choice(attributes):
            named = {"type": "function", "name": choice}
            settings["tool_choice"] = choice if choice in _CHOICES else named
    text = {"format": form} if (form := _form(attributes, missing)) else {}
    if verbosity := attributes.get(semconv.REQUEST_VERBOSITY):
        text |= {"verbosity": verbosity}
    return Request(
        "responses",
        body | settings | ({"text": text} if text else {}),
        frozenset(missing),
    )


def _completion(span: Row, attributes: Row, asked: list[Row]) -> Request:
    prompts = ["\n".join(_texts(message)) for message in asked]
    prompt = prompts[0] if len(prompts) == 1 else prompts
    body = {"model": _model(span), "prompt": prompt}
    return Request("completions", body | _settings(attributes, _OF_COMPLETIONS))


def _embeddings(span: Row, attributes: Row) -> Request | None:
    given = span["input"]
    if given in (None, "", []):
        return None
    body: dict[str, Any] = {"model": _model(span), "input": given}
    size = attributes.get(semconv.EMBEDDINGS_DIMENSION_COUNT)
    if not size:
        return Request("embeddings", body)
    # What is recorded is the size that came; only these models let a caller choose it.
    if _model(span).startswith("text-embedding-3"):
        return Request("embeddings", body | {"dimensions": size})
    return Request("embeddings", body, frozenset({"dimensions"}))


def _model(span: Row) -> str:
    asked = (span["attributes"] or {}).get(semconv.REQUEST_MODEL)
    return str(asked or span["model"] or "")


_CHOICES: Final = frozenset({"auto", "none", "required"})


def _settings(attributes: Row, known: frozenset[str]) -> dict[str, Any]:
    held = _value(attributes.get(_INVOCATION))
    found = (
        {name: value for name, value in held.items() if name in known}
        if isinstance(held, Mapping)
        else {}
    )
    for name, attribute in _SETTINGS.items():
        if name in known and attributes.get(attribute) is not None:
            found[name] = attributes[attribute]
    if found.get("stream") is not True:
        found.pop("stream", None)
    return found


def _tool_choice(attributes: Row) -> str:
    return str(attributes.get(semconv.REQUEST_TOOL_CHOICE) or "")


def _tools(span: Row, *, flat: bool) -> list[dict[str, Any]]:
    """Return the tools that were offered; in a chat an envelope names their type."""
    offered = span["tool_definitions"]
    listed = offered if isinstance(offered, list) else []
    tools = []
    for tool in listed:
        if not isinstance(tool, Mapping):
            continue
        kind = str(tool.get("type") or "function")
        held = {key: value for key, value in tool.items() if key != "type"}
        if flat:
            tools.append(_of_api(kind, held))
        elif kind in {"function", "custom"}:
            tools.append({"type": kind, kind: held})
    return tools


def _of_api(kind: str, held: dict[str, Any]) -> dict[str, Any]:
    """Return a tool of the Responses API; its own ones have no name of theirs."""
    if held.get("name") in {kind, held.get("server_label")} and kind != "function":
        held.pop("name")
    return {"type": kind, **held}


def _form(attributes: Row, missing: set[str]) -> dict[str, Any] | None:
    """Return the form that the answer had to follow."""
    recorded = _value(attributes.get(semconv.REQUEST_FORMAT))
    if isinstance(recorded, Mapping):
        return dict(recorded)
    if attributes.get(semconv.OUTPUT_TYPE) != "json":
        return None
    if attributes.get(semconv.REQUEST_SCHEMA):
        missing.add("schema")
    return {"type": "json_object"}


def _value(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return None


def _texts(message: Row) -> list[str]:
    parts = message.get("parts")
    return [
        str(part.get("content", ""))
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, Mapping)
    ]
