"""Chunks of compatible servers are joined to what the model meant."""

from collections.abc import Mapping
from typing import Any

import openai
import pytest
from openai_calls import ASK, ASK_TOOLS, USAGE_TOO, scenario

from tracer._openai.chat_stream import ChatJoiner
from tracer.testing import Captured

CALLS = [
    ("order_status", {"order_id": "A-1234"}),
    ("order_status", {"order_id": "B-2222"}),
]


def calls(captured: Captured) -> list[tuple[str, Any]]:
    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    return [(part["name"], part["arguments"]) for part in message["parts"]]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "late-name",
        "calls-in-one-chunk",
        "calls-without-index",
        "azure-filter",
        "usage-with-last-choice",
    ],
)
def test_streamed_tool_calls_are_joined_however_they_are_cut(
    client: openai.OpenAI, captured: Captured, name: str
) -> None:
    list(client.chat.completions.create(**ASK_TOOLS, **USAGE_TOO, **scenario(name)))

    assert calls(captured) == CALLS
    found = captured.spans[0].attributes
    assert found["gen_ai.response.finish_reasons"] == ("tool_calls",)
    assert found["gen_ai.usage.output_tokens"] > 0


def test_arguments_that_are_no_json_stay_the_text_they_are(
    client: openai.OpenAI, captured: Captured
) -> None:
    bent = scenario("invalid-arguments")
    list(client.chat.completions.create(**ASK_TOOLS, stream=True, **bent))

    assert calls(captured) == [("order_status", '{"order_id": ')] * 2


def test_the_old_function_call_is_a_tool_call(
    client: openai.OpenAI, captured: Captured
) -> None:
    bent = scenario("legacy-function-call")
    list(client.chat.completions.create(**ASK_TOOLS, stream=True, **bent))

    assert calls(captured) == CALLS[:1]


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content", "refusal"])
def test_streamed_reasoning_and_refusals_are_joined(
    client: openai.OpenAI, captured: Captured, name: str
) -> None:
    list(client.chat.completions.create(**ASK, stream=True, **scenario(name)))

    [message] = captured.spans[0].content["gen_ai.output.messages"]
    kind = "refusal" if name == "refusal" else "reasoning"
    assert message["parts"][0]["type"] == kind
    assert message["parts"][0]["content"].endswith(".")


def test_choices_are_joined_each_for_itself(
    client: openai.OpenAI, captured: Captured
) -> None:
    list(client.chat.completions.create(**ASK, stream=True, n=3))

    [span] = captured.spans
    assert len(span.content["gen_ai.output.messages"]) == 3
    assert span.attributes["gen_ai.response.finish_reasons"] == ("stop",) * 3


def test_a_reason_that_never_came_is_an_error_of_that_choice(
    client: openai.OpenAI, captured: Captured
) -> None:
    bent = scenario("no-finish")
    list(client.chat.completions.create(**ASK, stream=True, **bent))

    found = captured.spans[0].attributes
    assert found["gen_ai.response.finish_reasons"] == ("error",)


def chunk(delta: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta}], **more}


def test_the_last_of_repeated_usage_counts() -> None:
    joiner = ChatJoiner()
    joiner.add([chunk({}, usage={"completion_tokens": n}) for n in (1, 2, 3)])

    assert joiner.joined()["usage"] == {"completion_tokens": 3}


def test_audio_pieces_are_joined() -> None:
    joiner = ChatJoiner()
    joiner.add([chunk({"audio": {"data": "aGk", "transcript": "안녕"}})])
    joiner.add([chunk({"audio": {"data": "=", "transcript": "하세요"}})])

    [choice] = joiner.joined()["choices"]
    assert choice["message"]["audio"] == {"data": "aGk=", "transcript": "안녕하세요"}


def test_a_custom_tool_call_keeps_its_input() -> None:
    joiner = ChatJoiner()
    opening = {"index": 0, "id": "c1", "custom": {"name": "sql", "input": "SELECT"}}
    joiner.add([chunk({"tool_calls": [opening]})])
    joiner.add([chunk({"tool_calls": [{"index": 0, "custom": {"input": " 1"}}]})])

    [choice] = joiner.joined()["choices"]
    assert choice["message"]["tool_calls"] == [
        {"id": "c1", "custom": {"name": "sql", "input": "SELECT 1"}}
    ]


def test_nothing_joins_to_an_empty_completion() -> None:
    assert ChatJoiner().joined() == {"choices": []}
