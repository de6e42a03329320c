"""Chunks of compatible servers are joined to what the model meant."""

from collections.abc import Mapping
from typing import Any

import pytest
from openai_calls import ASK, ASK_TOOLS, scenario
from openai_ways import Way

from tracer._openai.chat_stream import ChatJoiner
from tracer.testing import Captured

USAGE: dict[str, Any] = {"stream_options": {"include_usage": True}}
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
async def test_streamed_tool_calls_are_joined_however_they_are_cut(
    way: Way, captured: Captured, name: str
) -> None:
    await way.stream("chat.completions.create", **ASK_TOOLS, **USAGE, **scenario(name))

    assert calls(captured) == CALLS
    found = captured.spans[0].attributes
    assert found["gen_ai.response.finish_reasons"] == ("tool_calls",)
    assert found["gen_ai.usage.output_tokens"] > 0


async def test_arguments_that_are_no_json_stay_the_text_they_are(
    way: Way, captured: Captured
) -> None:
    bent = scenario("invalid-arguments")
    await way.stream("chat.completions.create", **ASK_TOOLS, **bent)

    assert calls(captured) == [("order_status", '{"order_id": ')] * 2


async def test_the_old_function_call_is_a_tool_call(
    way: Way, captured: Captured
) -> None:
    bent = scenario("legacy-function-call")
    await way.stream("chat.completions.create", **ASK_TOOLS, **bent)

    assert calls(captured) == CALLS[:1]


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content", "refusal"])
async def test_streamed_reasoning_and_refusals_are_joined(
    way: Way, captured: Captured, name: str
) -> None:
    await way.stream("chat.completions.create", **ASK, **scenario(name))

    [message] = captured.spans[0].content["gen_ai.output.messages"]
    kind = "refusal" if name == "refusal" else "reasoning"
    assert message["parts"][0]["type"] == kind
    assert message["parts"][0]["content"].endswith(".")


async def test_choices_are_joined_each_for_itself(way: Way, captured: Captured) -> None:
    await way.stream("chat.completions.create", **ASK, n=3)

    [span] = captured.spans
    assert len(span.content["gen_ai.output.messages"]) == 3
    assert span.attributes["gen_ai.response.finish_reasons"] == ("stop",) * 3


async def test_a_reason_that_never_came_is_an_error_of_that_choice(
    way: Way, captured: Captured
) -> None:
    bent = scenario("no-finish")
    await way.stream("chat.completions.create", **ASK, **bent)

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


async def test_an_answer_that_is_not_streamed_keeps_the_old_function_call(
    way: Way, captured: Captured
) -> None:
    bent = scenario("legacy-function-call")
    await way.ask("chat.completions.create", **ASK_TOOLS, **bent)

    assert calls(captured) == CALLS[:1]


async def test_streamed_speech_is_its_transcript_and_the_size_of_the_sound(
    way: Way, captured: Captured
) -> None:
    audio: dict[str, Any] = {"voice": "alloy", "format": "wav"}
    spoken = {"modalities": ["text", "audio"], "audio": audio, "temperature": 0}
    await way.ask("chat.completions.create", **ASK, **spoken)
    await way.stream("chat.completions.create", **ASK, **spoken)

    plain, streamed = captured.spans
    [message] = plain.content["gen_ai.output.messages"]
    sound, transcript = message["parts"]
    assert sound["size_bytes"] > 1_000
    assert transcript["content"].endswith(".")
    assert streamed.content == plain.content
    assert len(repr(streamed)) < 5_000


async def test_what_the_model_spoke_before_is_referred_to_by_its_id(
    way: Way, captured: Captured
) -> None:
    before = {"role": "assistant", "audio": {"id": "audio_1"}}
    messages = [*ASK["messages"], before, *ASK["messages"]]
    await way.ask("chat.completions.create", model=ASK["model"], messages=messages)

    asked = captured.spans[0].content["gen_ai.input.messages"]
    reference = {"type": "file", "modality": "audio", "file_id": "audio_1"}
    assert asked[1]["parts"] == [reference]


async def test_no_usage_is_asked_for_and_no_chunk_added(
    way: Way, captured: Captured
) -> None:
    chunks = await way.stream("chat.completions.create", **ASK)

    assert all(chunk.choices for chunk in chunks)
    assert all(chunk.usage is None for chunk in chunks)
    found = captured.spans[0].attributes
    assert "gen_ai.usage.input_tokens" not in found
    assert "tracer.response.output_tokens_per_second" not in found
