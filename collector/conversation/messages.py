"""The conversation of one span, from whichever attributes or log records hold it; pure.

Only showing one trace needs it, so it is assembled at read: raw attributes stay as they
came, and a new sender's form is one more function here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.conversation.message_parts import (
    Message,
    content_parts,
    indexed,
    message,
    parsed,
)
from collector.conversation.tool_definitions import tool_definitions
from tracer import semconv

Attributes = Mapping[str, Any]
Records = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Conversation:
    """What was said in one span."""

    messages: list[Message] | None
    """``{role, parts, finish_reason?, name?}``, the answer last; None if none."""

    n_input_messages: int
    """How many of the messages were sent; those behind them are the answer."""

    tool_definitions: Any
    """Tools that were offered, ``{type, name, …}``; None if none."""

    input: Any
    """What was asked, where no attribute says it as a whole; None if nothing."""

    output: Any
    """What was answered or found, where no attribute says it as a whole."""


@dataclass(frozen=True)
class Said:
    """What was asked and answered, apart."""

    question: list[Message]
    """All that was sent, the last message last; empty if unknown."""

    answer: list[Message]
    """One message a choice; empty if unknown."""


def said_in(records: Records) -> Said:
    """Return what a span's log records alone say was asked and answered."""
    details = _details(records)
    return Said(
        _first(_QUESTIONS, details, records), _first(_ANSWERS, details, records)
    )


def assemble(attributes: Attributes, records: Records = ()) -> Conversation:
    """Return the conversation of a span.

    Args:
        attributes: the span's, types restored, content included.
        records: its events and its log records, oldest first: ``name``, ``attributes``,
            log records also ``body``.
    """
    details = _details(records)
    known = {**details, **attributes}
    asked = _first(_QUESTIONS, known, records)
    answered = _first(_ANSWERS, known, records)
    told = _instructions(known) + asked
    return Conversation(
        messages=told + answered or None,
        n_input_messages=len(told),
        tool_definitions=tool_definitions(known),
        input=told or None,
        output=answered or documents(known) or None,
    )


def _first(
    sources: Sequence[Callable[[Attributes, Records], list[Message]]],
    attributes: Attributes,
    records: Records,
) -> list[Message]:
    for source in sources:
        if found := source(attributes, records):
            return found
    return []


def _details(records: Records) -> dict[str, Any]:
    """Return the attributes of events that carry a whole call's content."""
    found: dict[str, Any] = {}
    for record in records:
        if record["name"] == DETAILS_RECORD:
            found.update(record["attributes"])
            body = parsed(record.get("body"))
            found.update(body if isinstance(body, Mapping) else {})
    return found


def _instructions(attributes: Attributes) -> list[Message]:
    parts = content_parts(parsed(attributes.get(semconv.SYSTEM_INSTRUCTIONS)))
    return [{"role": "system", "parts": parts}] if parts else []


def _listed(key: str, role: str) -> Callable[[Attributes, Records], list[Message]]:
    """Read one attribute: messages, an object that holds them, or one content."""

    def read(attributes: Attributes, _: Records) -> list[Message]:
        return said(attributes.get(key), role=role)

    return read


def said(value: Any, *, role: str) -> list[Message]:
    """Return the messages within any value that a sender calls input or output."""
    value = parsed(value)
    if isinstance(value, Mapping):
        for key in ("messages", "choices", "generations"):
            if isinstance(held := parsed(value.get(key)), list):
                return said(held, role=role)
        if not ({"role", "content", "parts", "message"} & value.keys()):
            return []
        return [message(value, role=role)]
    if isinstance(value, list):
        if not all(isinstance(item, Mapping) for item in value):
            return []
        return [message(item, role=role) for item in value if _speaks(item)]
    return [message(value, role=role)] if isinstance(value, str) and value else []


def _speaks(item: Mapping[str, Any]) -> bool:
    return bool({"role", "parts", "message", "content"} & item.keys())


def _traceloop(
    prefix: str, role: str
) -> Callable[[Attributes, Records], list[Message]]:
    def read(attributes: Attributes, _: Records) -> list[Message]:
        return [message(one, role=role) for one in indexed(attributes, prefix)]

    return read


def _openinference(
    prefix: str, role: str
) -> Callable[[Attributes, Records], list[Message]]:
    def read(attributes: Attributes, _: Records) -> list[Message]:
        return [
            message(_unwrapped(one), role=role) for one in indexed(attributes, prefix)
        ]

    return read


def _unwrapped(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Take the layers off ``message.contents.0.message_content.text`` and its like."""
    held = dict(_within(entry, "message"))
    contents = held.pop("contents", None)
    if isinstance(contents, list):
        held["content"] = [_content_of(item) for item in contents]
    calls = held.get("tool_calls")
    if isinstance(calls, list):
        held["tool_calls"] = [_within(call, "tool_call") for call in calls]
    return held


def _content_of(entry: Any) -> Any:
    held = _within(entry, "message_content")
    image = held.get("image")
    if isinstance(image, Mapping):
        return {"type": "image_url", "image_url": image.get("image", image)}
    return held


def _within(value: Any, key: str) -> Mapping[str, Any]:
    """Return the object under a key, an empty one if either is no object."""
    held = value.get(key) if isinstance(value, Mapping) else None
    return held if isinstance(held, Mapping) else {}


_ROLE_OF_EVENT = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}


DETAILS_RECORD = "gen_ai.client.inference.operation.details"

MESSAGE_RECORDS = frozenset(
    {
        *_ROLE_OF_EVENT,
        *("gen_ai.choice", "gen_ai.content.prompt", "gen_ai.content.completion"),
        DETAILS_RECORD,
    }
)
"""Names of the log records that hold what was said."""


def _message_events(_: Attributes, records: Records) -> list[Message]:
    """Read one event a message, the form up to convention 1.36."""
    return [
        message(_event_value(record), role=_ROLE_OF_EVENT[record["name"]])
        for record in records
        if record["name"] in _ROLE_OF_EVENT
    ]


def _choice_events(_: Attributes, records: Records) -> list[Message]:
    return [
        message(_event_value(record), role="assistant")
        for record in records
        if record["name"] == "gen_ai.choice"
    ]


def _event_value(record: Mapping[str, Any]) -> Mapping[str, Any]:
    body = parsed(record.get("body"))
    value = dict(record["attributes"])
    value.update(
        body if isinstance(body, Mapping) else {"content": body} if body else {}
    )
    value.setdefault("role", _ROLE_OF_EVENT.get(record["name"], "assistant"))
    if value["role"] == "tool":
        value.setdefault("tool_call_id", value.get("id"))
    return value


def _content_event(
    name: str, key: str, role: str
) -> Callable[[Attributes, Records], list[Message]]:
    def read(_: Attributes, records: Records) -> list[Message]:
        for record in records:
            if record["name"] == name:
                return said(record["attributes"].get(key), role=role)
        return []

    return read


def _vercel_answer(attributes: Attributes, _: Records) -> list[Message]:
    text = attributes.get("ai.response.text") or attributes.get("ai.response.object")
    calls = parsed(attributes.get("ai.response.toolCalls"))
    if not text and not calls:
        return []
    spoken = {
        "content": text,
        "tool_calls": calls,
        "reasoning": attributes.get("ai.response.reasoning"),
        "finish_reason": attributes.get("ai.response.finishReason"),
    }
    return [message(spoken, role="assistant")]


def documents(attributes: Attributes) -> list[Any]:
    """Return what a retrieval found, where each document has attributes of its own."""
    listed = indexed(attributes, "retrieval.documents")
    return [dict(_within(one, "document")) for one in listed]


_QUESTIONS = (
    _listed(semconv.INPUT_MESSAGES, "user"),
    _traceloop("gen_ai.prompt", "user"),
    _openinference("llm.input_messages", "user"),
    _message_events,
    _content_event("gen_ai.content.prompt", "gen_ai.prompt", "user"),
    _listed("ai.prompt.messages", "user"),
    _listed("langfuse.observation.input", "user"),
    _listed("gen_ai.prompt", "user"),
    _listed("request_data", "user"),
    _listed("mlflow.spanInputs", "user"),
    _listed("pydantic_ai.all_messages", "user"),
)
"""Where the question may lie, the surest place first."""

_ANSWERS = (
    _listed(semconv.OUTPUT_MESSAGES, "assistant"),
    _traceloop("gen_ai.completion", "assistant"),
    _openinference("llm.output_messages", "assistant"),
    _choice_events,
    _content_event("gen_ai.content.completion", "gen_ai.completion", "assistant"),
    _vercel_answer,
    _listed("langfuse.observation.output", "assistant"),
    _listed("gen_ai.completion", "assistant"),
    _listed("response_data", "assistant"),
    _listed("mlflow.spanOutputs", "assistant"),
)
"""Where the answer may lie, the surest place first."""
