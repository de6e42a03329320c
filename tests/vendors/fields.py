"""The columns of the matrix: where each field is shown, and what is right there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vendors.truth import STORY, Call, Said, as_text

Shown = Mapping[str, Any]
"""`trace`, `scores`, `evaluations` and `roles` (a span each), as the API answers."""

_KINDS = {
    "answer": "chain",
    "search": "retriever",
    "chat": "llm",
    "tool": "tool",
    "stream": "llm",
    "embedding": "embedding",
    "failing": "llm",
}
_MODELS = {
    "chat": STORY["model"],
    "stream": STORY["model"],
    "embedding": STORY["embedding_model"],
    "failing": STORY["absent_model"],
}
_INPUTS = dict.fromkeys(_KINDS, STORY["question"]) | {"tool": STORY["order"]}
_CALLS = ("chat", "stream", "failing")


@dataclass(frozen=True)
class Field:
    """One column."""

    title: str
    """What the page says of it."""

    roles: tuple[str, ...]
    """Where it is to be right: steps of the story, or `trace` for the trace's row."""

    shown: Callable[[Shown, str], Any]
    """What is shown at a role; None, or only Nones, if nothing is."""

    is_right: Callable[[Any, str, Mapping[str, Call]], bool]
    """Whether that is what happened."""


def _of(column: str) -> Callable[[Shown, str], Any]:
    return lambda shown, role: _row(shown, role)[column]


def _row(shown: Shown, role: str) -> Any:
    return shown["trace"] if role == "trace" else shown["roles"][role]


def _equals(value: Any) -> Callable[[Any, str, Mapping[str, Call]], bool]:
    return lambda found, role, calls: bool(found == value)


def _holds(text: str, found: Any) -> bool:
    """Whether a value has the text in it, whatever it is wrapped in."""
    written = json.dumps(found, ensure_ascii=False)
    return text in written or text in written.replace('\\\\"', '"').replace('\\"', '"')


def _output_right(found: Any, role: str, calls: Mapping[str, Call]) -> bool:
    texts = {
        "search": STORY["documents"],
        "tool": [STORY["tool_result"]["status"], STORY["tool_result"]["arrives"]],
    }
    if role in texts:
        return all(_holds(text, found) for text in texts[role])
    said = calls["chat" if role == "chat" else "stream"].answered
    words = [STORY["order"] if part[1] == "tool_call" else part[-1] for part in said]
    return all(_holds(word, found) for word in words)


def _spoken(shown: Shown, role: str) -> list[Said] | None:
    """Return the messages that are shown, in the form of the truth."""
    messages = _row(shown, role)["messages"]
    if messages is None:
        return None
    return [_said(m["role"], part) for m in messages for part in m["parts"]]


def _said(role: str, part: Mapping[str, Any]) -> Said:
    if part["type"] == "tool_call":
        return (role, "tool_call", part["name"], as_text(part["arguments"]))
    if part["type"] == "tool_call_response":
        return ("tool", "response", as_text(part["response"]))
    return (role, part["type"], part.get("content"))


def _spoken_right(found: Any, role: str, calls: Mapping[str, Call]) -> bool:
    return bool(found == calls[role].asked + calls[role].answered)


def _tools_right(found: Any, role: str, calls: Mapping[str, Call]) -> bool:
    wanted = STORY["tool"]["function"]
    tool = found[0]
    same = {key: tool.get(key) for key in ("name", "description")}
    properties = as_text(tool.get("parameters"))
    return same == {key: wanted[key] for key in same} and "order_id" in properties


def _usage(shown: Shown, role: str) -> tuple[int | None, int | None]:
    row = _row(shown, role)
    return row["input_tokens"], row["output_tokens"]


def _usage_right(found: Any, role: str, calls: Mapping[str, Call]) -> bool:
    tokens_in, tokens_out = calls[role].usage
    return bool(found[0] == tokens_in and (found[1] or 0) == tokens_out)


def _total_right(found: Any, role: str, calls: Mapping[str, Call]) -> bool:
    sums = [sum(call.usage[place] for call in calls.values()) for place in (0, 1)]
    return bool(list(found) == sums)


def _prompt(shown: Shown, role: str) -> tuple[str | None, str | None]:
    row = _row(shown, role)
    return row["prompt_name"], row["prompt_version"]


def _error(shown: Shown, role: str) -> tuple[str, str | None, str | None] | None:
    row = _row(shown, role)
    if row["status"] != "error":
        return None
    return row["status"], row["error_type"], row["status_message"]


def _error_right(found: Any, role: str, calls: Mapping[str, Call]) -> bool:
    _, kind, message = found
    return bool(kind) and "does not exist" in (message or "")


def _scores(shown: Shown, role: str) -> list[tuple[str, Any, Any]] | None:
    scores = shown["scores"]
    return [(s["name"], s["value"], s["explanation"]) for s in scores] or None


FIELDS: dict[str, Field] = {
    "kind": Field(
        "kind", tuple(_KINDS), _of("kind"), lambda f, role, _: f == _KINDS[role]
    ),
    "model": Field(
        "model", tuple(_MODELS), _of("model"), lambda f, role, _: f == _MODELS[role]
    ),
    "provider": Field("provider", tuple(_MODELS), _of("provider"), _equals("openai")),
    "input": Field(
        "input",
        tuple(_INPUTS),
        _of("input"),
        lambda found, role, _: _holds(_INPUTS[role], found),
    ),
    "output": Field(
        "output",
        ("answer", "search", "chat", "tool", "stream"),
        _of("output"),
        _output_right,
    ),
    "messages": Field("messages", _CALLS, _spoken, _spoken_right),
    "tools": Field("tools", ("chat",), _of("tool_definitions"), _tools_right),
    "usage": Field("usage", ("chat", "stream", "embedding"), _usage, _usage_right),
    "total": Field("usage of the trace", ("trace",), _usage, _total_right),
    "cost": Field(
        "sender's cost",
        ("chat", "stream"),
        _of("sender_cost_usd"),
        lambda found, role, _: found > 0,
    ),
    "session": Field(
        "session", ("trace", "chat"), _of("session_id"), _equals(STORY["session"])
    ),
    "user": Field("user", ("trace", "chat"), _of("user_id"), _equals(STORY["user"])),
    "tags": Field(
        "tags",
        ("trace", "chat"),
        _of("tags"),
        lambda found, role, _: sorted(found) == sorted(STORY["tags"]),
    ),
    "metadata": Field(
        "metadata",
        ("trace", "chat"),
        _of("metadata"),
        lambda found, role, _: STORY["metadata"].items() <= found.items(),
    ),
    "prompt": Field(
        "prompt",
        ("chat",),
        _prompt,
        _equals((STORY["prompt"]["name"], STORY["prompt"]["version"])),
    ),
    "first_token": Field(
        "first token",
        ("stream",),
        _of("time_to_first_token_ms"),
        lambda found, role, _: found > 0,
    ),
    "error": Field("error", ("failing",), _error, _error_right),
    "scores": Field(
        "scores",
        ("trace",),
        _scores,
        _equals([tuple(STORY["score"].values())]),
    ),
    "evaluation": Field(
        "evaluation run",
        ("trace",),
        lambda shown, role: [row["name"] for row in shown["evaluations"]] or None,
        _equals([STORY["evaluation"]["name"]]),
    ),
}
