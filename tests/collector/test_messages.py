"""Every sender's conversation in one shape."""

import json
from typing import Any

import orjson
import pytest

from collector.conversation.messages import assemble

USER = {"role": "user", "parts": [{"type": "text", "content": "환불?"}]}
ANSWER = {"role": "assistant", "parts": [{"type": "text", "content": "네"}]}
STOPPED = ANSWER | {"finish_reason": "stop"}
CALL = {"type": "tool_call", "id": "c1", "name": "find", "arguments": {"q": "환불"}}
OPENAI_CALL = {
    "id": "c1",
    "type": "function",
    "function": {"name": "find", "arguments": '{"q":"환불"}'},
}
OPENINFERENCE_CALL = "llm.output_messages.0.message.tool_calls.0.tool_call"
OPENAI = [{"role": "user", "content": "환불?"}]
CHOICES = {
    "choices": [
        {"finish_reason": "stop", "message": {"role": "assistant", "content": "네"}}
    ]
}

SENDERS: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "conventions": (
        {
            "gen_ai.input.messages": json.dumps([USER]),
            "gen_ai.output.messages": [STOPPED],
        },
        [USER, STOPPED],
    ),
    "traceloop": (
        {
            "gen_ai.prompt.0.role": "user",
            "gen_ai.prompt.0.content": '[{"type":"text","text":"환불?"}]',
            "gen_ai.completion.0.role": "assistant",
            "gen_ai.completion.0.content": "네",
            "gen_ai.completion.0.finish_reason": "stop",
        },
        [USER, STOPPED],
    ),
    "openinference": (
        {
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.contents.0.message_content.type": "text",
            "llm.input_messages.0.message.contents.0.message_content.text": "환불?",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": "네",
        },
        [USER, ANSWER],
    ),
    "langfuse": (
        {
            "langfuse.observation.input": json.dumps(OPENAI),
            "langfuse.observation.output": '{"role":"assistant","content":"네"}',
        },
        [USER, ANSWER],
    ),
    "langsmith": (
        {
            "gen_ai.prompt": json.dumps({"messages": OPENAI}),
            "gen_ai.completion": json.dumps(CHOICES),
        },
        [USER, STOPPED],
    ),
    "vercel": (
        {
            "ai.prompt.messages": json.dumps(
                [{"role": "user", "content": [{"type": "text", "text": "환불?"}]}]
            ),
            "ai.response.text": "네",
            "ai.response.finishReason": "stop",
        },
        [USER, STOPPED],
    ),
    "mlflow": (
        {
            "mlflow.spanInputs": json.dumps({"messages": OPENAI}),
            "mlflow.spanOutputs": json.dumps(CHOICES),
        },
        [USER, STOPPED],
    ),
    "logfire": (
        {
            "request_data": json.dumps({"messages": OPENAI}),
            "response_data": json.dumps(
                {"message": {"role": "assistant", "content": "네"}}
            ),
        },
        [USER, ANSWER],
    ),
}


@pytest.mark.parametrize("sender", SENDERS)
def test_a_question_and_its_answer_look_the_same_from_every_sender(sender: str) -> None:
    attributes, messages = SENDERS[sender]
    assert assemble(attributes).messages == messages


def test_span_events_hold_messages_too() -> None:
    records = [
        {"name": "gen_ai.content.prompt"}
        | {"attributes": {"gen_ai.prompt": json.dumps(OPENAI)}},
        {
            "name": "gen_ai.content.completion",
            "attributes": {"gen_ai.completion": "네"},
        },
    ]
    assert assemble({}, records).messages == [USER, ANSWER]


def test_the_details_event_of_a_call_stands_in_for_its_attributes() -> None:
    attributes = {"gen_ai.input.messages": [USER], "gen_ai.output.messages": [ANSWER]}
    name = "gen_ai.client.inference.operation.details"
    records = [{"name": name, "attributes": attributes, "body": ""}]
    assert assemble({}, records).messages == [USER, ANSWER]


@pytest.mark.parametrize(
    "attributes",
    [
        {
            "gen_ai.completion.0.tool_calls.0.id": "c1",
            "gen_ai.completion.0.tool_calls.0.name": "find",
            "gen_ai.completion.0.tool_calls.0.arguments": '{"q":"환불"}',
        },
        {
            f"{OPENINFERENCE_CALL}.id": "c1",
            f"{OPENINFERENCE_CALL}.function.name": "find",
            f"{OPENINFERENCE_CALL}.function.arguments": '{"q":"환불"}',
        },
        {
            "gen_ai.completion": json.dumps(
                {"role": "assistant", "tool_calls": [OPENAI_CALL]}
            )
        },
        {
            "ai.response.toolCalls": json.dumps(
                [{"toolCallId": "c1", "toolName": "find", "args": '{"q":"환불"}'}]
            )
        },
    ],
)
def test_a_tool_call_is_read_with_its_arguments_as_values(
    attributes: dict[str, Any],
) -> None:
    messages = assemble(attributes).messages
    assert messages == [{"role": "assistant", "parts": [CALL]}]


def test_a_tools_answer_names_its_call() -> None:
    message = {"role": "tool", "tool_call_id": "c1", "content": '{"found":3}'}
    (shaped,) = assemble({"gen_ai.prompt": json.dumps([message])}).messages or []
    part = {"type": "tool_call_response", "id": "c1", "response": {"found": 3}}
    assert shaped == {"role": "tool", "parts": [part]}


def test_a_reasoning_text_comes_before_the_answer() -> None:
    message = {"role": "assistant", "reasoning_content": "음…", "content": "네"}
    (shaped,) = assemble({"gen_ai.completion": json.dumps(message)}).messages or []
    assert [part["type"] for part in shaped["parts"]] == ["reasoning", "text"]


def test_the_tenth_message_comes_after_the_second() -> None:
    attributes = {f"gen_ai.prompt.{i}.content": str(i) for i in (10, 2, 0, 1)}
    messages = assemble(attributes).messages or []
    assert [one["parts"][0]["content"] for one in messages] == ["0", "1", "2", "10"]


def test_an_image_is_shown_as_a_reference() -> None:
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    prompt = json.dumps([{"role": "user", "content": [image]}])
    (shaped,) = assemble({"gen_ai.prompt": prompt}).messages or []
    assert shaped["parts"] == [
        {"type": "uri", "modality": "image", "uri": "https://example.com/a.png"}
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"gen_ai.prompt.x.role": "user"},
        {"gen_ai.prompt.0": "text", "gen_ai.prompt.0.role": "user"},
        {"gen_ai.input.messages": "{broken"},
        {"gen_ai.input.messages": [1, None, "x"]},
        {"llm.input_messages.0": 5, "llm.output_messages.0.message": "text"},
        {"llm.output_messages.0.message.tool_calls.0": "odd"},
        {"llm.output_messages.0.message.contents.0": "odd"},
        {"llm.tools.0": "odd", "llm.tools.1.tool": 7},
        {"ai.response.toolCalls": '{"a":1}'},
        {"gen_ai.completion": '{"choices":[1,{"message":3}]}'},
        {"gen_ai.system_instructions": "5"},
    ],
)
def test_odd_attributes_never_raise(attributes: dict[str, Any]) -> None:
    assemble(attributes, [{"name": "gen_ai.choice", "attributes": {}, "body": "[1]"}])


DEEP = "[" * 250 + "]" * 250
"""Text that can be read, but not written again within an answer."""


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.prompt.0.content": DEEP},
        {"gen_ai.input.messages": DEEP},
        {
            "gen_ai.completion.0.tool_calls.0.name": "f",
            "gen_ai.completion.0.tool_calls.0.arguments": DEEP,
        },
        {"gen_ai.tool.definitions": f'[{{"name": "f", "parameters": {DEEP}}}]'},
        {"gen_ai.prompt.0" + ".x" * 300: "deep"},
        {"llm.tools.0.tool.json_schema": DEEP},
    ],
)
def test_content_that_nests_too_deep_can_be_answered_with(
    attributes: dict[str, Any],
) -> None:
    """Arguments of a tool call alone could make a trace unreadable."""
    found = assemble(attributes)
    shown = [found.messages, found.tool_definitions, found.input, found.output]
    orjson.dumps({"spans": [{"shown": shown}]})


PARAMETERS = {"type": "object", "properties": {"q": {"type": "string"}}}
TOOL = {"name": "find", "description": "Finds.", "parameters": PARAMETERS}


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.tool.definitions": json.dumps([{"type": "function", **TOOL}])},
        {"mlflow.chat.tools": json.dumps([{"type": "function", "function": TOOL}])},
        {
            "ai.prompt.tools": [
                json.dumps(
                    {"name": "find", "description": "Finds.", "inputSchema": PARAMETERS}
                )
            ]
        },
        {"llm.tools.0.tool.json_schema": json.dumps({"function": TOOL})},
        {
            "llm.request.functions.0.name": "find",
            "llm.request.functions.0.description": "Finds.",
            "llm.request.functions.0.parameters": json.dumps(PARAMETERS),
        },
    ],
)
def test_a_tool_on_offer_looks_the_same_from_every_sender(
    attributes: dict[str, Any],
) -> None:
    assert assemble(attributes).tool_definitions == [{"type": "function", **TOOL}]


def test_documents_that_come_one_by_one_are_what_was_found() -> None:
    key = "retrieval.documents.0.document"
    found = assemble({f"{key}.content": "배송", f"{key}.score": 0.9})
    assert found.output == [{"content": "배송", "score": 0.9}]


def test_the_conversation_is_input_and_output_where_no_attribute_is_them() -> None:
    records = [
        {"name": "gen_ai.user.message", "attributes": {}, "body": {"content": "환불?"}},
        {
            "name": "gen_ai.choice",
            "attributes": {},
            "body": {"message": {"content": "네"}},
        },
    ]
    found = assemble({}, records)
    assert (found.input, found.output) == ([USER], [ANSWER])


def test_places_of_very_many_digits_are_places() -> None:
    """The trace could not be shown."""
    last = {f"gen_ai.prompt.{'9' * 5000}.content": "last"}
    told = assemble({**last, "gen_ai.prompt.2.content": "first"}).messages
    assert [one["parts"][0]["content"] for one in told or ()] == ["first", "last"]


@pytest.mark.parametrize("calls", [5, True, 1.5, {"a": 1}, "7"])
def test_tool_calls_that_are_none_are_left_out(calls: Any) -> None:
    """The trace could not be shown."""
    said = [{"role": "assistant", "content": "네", "tool_calls": calls}]
    told = assemble({"gen_ai.output.messages": json.dumps(said)}).messages
    assert told == [ANSWER]
