"""The Responses API is recorded in the same names as chat completions."""

from typing import Any

import openai
import pytest
from openai_calls import MODEL, ORDER_TOOL, scenario

from tracer._openai.responses import read_request, read_response
from tracer.testing import Captured

ASK: dict[str, Any] = {"model": MODEL, "input": "hi there", "temperature": 0}
TOOL: Any = {"type": "function", **ORDER_TOOL["function"]}
ASK_TOOLS: dict[str, Any] = {
    "model": MODEL,
    "input": [{"role": "user", "content": "Where is A-1234?"}],
    "tools": [TOOL],
}


def said(captured: Captured) -> str:
    """Return the words on the only span."""
    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    return "".join(part["content"] for part in message["parts"])


def test_a_response_is_one_span_in_the_names_of_the_convention(
    client: openai.OpenAI, captured: Captured
) -> None:
    response = client.responses.create(
        **ASK,
        max_output_tokens=50,
        reasoning={"effort": "low"},
        extra_body={"conversation": "conv_1"},  # older clients do not name it
        metadata={"부서": "회계"},
    )

    [span] = captured.spans
    assert response.usage is not None
    assert (span.name, span.kind, span.status) == (f"chat {MODEL}", "llm", "ok")
    assert span.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
        "server.address": "127.0.0.1",
        "server.port": client.base_url.port,
        "openai.api.type": "responses",
        "gen_ai.request.temperature": 0.0,
        "gen_ai.request.max_tokens": 50,
        "gen_ai.request.reasoning.level": "low",
        "gen_ai.conversation.id": "conv_1",
        "tracer.metadata.부서": "회계",
        "gen_ai.response.id": response.id,
        "gen_ai.response.model": MODEL,
        "gen_ai.response.finish_reasons": ("stop",),
        "openai.response.service_tier": "default",
        "gen_ai.usage.input_tokens": response.usage.input_tokens,
        "gen_ai.usage.output_tokens": response.usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_write.input_tokens": 0,
        "gen_ai.usage.reasoning.output_tokens": 64,
        "tracer.response.request_id": "req_local",
    }


def test_instructions_given_apart_from_the_conversation_stay_apart(
    client: openai.OpenAI, captured: Captured
) -> None:
    response = client.responses.create(**ASK, instructions="Be brief.")

    [span] = captured.spans
    assert span.content == {
        "gen_ai.system_instructions": [{"type": "text", "content": "Be brief."}],
        "gen_ai.input.messages": [
            {"role": "user", "parts": [{"type": "text", "content": "hi there"}]}
        ],
        "gen_ai.output.messages": [
            {
                "role": "assistant",
                "parts": [{"type": "text", "content": response.output_text}],
                "finish_reason": "stop",
            }
        ],
    }


def test_tool_calls_and_their_results_are_recorded(
    client: openai.OpenAI, captured: Captured
) -> None:
    called: Any = client.responses.create(**ASK_TOOLS).output[0]
    result = {"type": "function_call_output", "call_id": called.call_id, "output": "ok"}
    again: Any = [*ASK_TOOLS["input"], called, result]
    client.responses.create(model=MODEL, input=again)

    first, second = captured.spans
    [message] = first.content["gen_ai.output.messages"]
    assert message["finish_reason"] == "tool_call"
    assert message["parts"][0]["arguments"] == {"order_id": "A-1234"}
    assert first.content["gen_ai.tool.definitions"][0]["name"] == "order_status"
    assert [
        (each["role"], each["parts"][0]["type"])
        for each in second.content["gen_ai.input.messages"]
    ] == [("user", "text"), ("assistant", "tool_call"), ("tool", "tool_call_response")]


def test_a_drained_stream_is_recorded_as_the_same_call_unstreamed(
    client: openai.OpenAI, captured: Captured
) -> None:
    client.responses.create(**ASK)
    stream = client.responses.create(**ASK, stream=True)
    assert [event.type for event in stream][-1] == "response.completed"

    plain, streamed = captured.spans
    assert type(stream) is openai.Stream
    assert streamed.content == plain.content
    assert streamed.attributes["gen_ai.response.time_to_first_chunk"] > 0
    assert plain.attributes.items() <= streamed.attributes.items()


@pytest.mark.parametrize("request_", [ASK, ASK_TOOLS])
def test_a_stream_left_early_keeps_what_had_come(
    client: openai.OpenAI, captured: Captured, request_: dict[str, Any]
) -> None:
    with client.responses.create(**request_, stream=True) as stream:
        for event in stream:
            if event.type.endswith(".delta"):
                break

    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    assert span.status == "ok"
    assert span.attributes["gen_ai.response.finish_reasons"] == ("error",)
    assert message["parts"][0].get("content") or message["parts"][0]["arguments"]


def test_a_stream_that_breaks_fails_its_span(
    client: openai.OpenAI, captured: Captured
) -> None:
    bent = scenario("error-mid-stream")
    with pytest.raises(openai.APIError):
        list(client.responses.create(**ASK, stream=True, **bent))

    assert captured.spans[0].attributes["error.type"] == "openai.APIError"


async def test_asynchronous_responses_are_recorded(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    await async_client.responses.create(**ASK)
    stream = await async_client.responses.create(**ASK, stream=True)
    assert [event async for event in stream]

    plain, streamed = captured.spans
    assert streamed.content == plain.content


def test_items_of_every_kind_have_a_part() -> None:
    output = [
        {"type": "reasoning", "summary": [{"text": "I think."}]},
        {"type": "web_search_call", "id": "ws_1", "status": "completed"},
        {"type": "custom_tool_call", "call_id": "c1", "name": "sql", "input": "x"},
        {"type": "compaction"},
    ]
    read = read_response({"status": "completed", "output": output})

    [message] = read.content["gen_ai.output.messages"]
    kinds = [part["type"] for part in message["parts"]]
    assert kinds == ["reasoning", "server_tool_call", "tool_call", "compaction"]


def test_a_response_in_the_background_has_not_stopped() -> None:
    read = read_response({"id": "resp_1", "status": "queued", "output": []})

    assert read.attributes == {
        "gen_ai.response.id": "resp_1",
        "gen_ai.response.status": "queued",
    }
    assert read.content == {}


def test_a_stored_prompt_and_the_response_before_are_named() -> None:
    read = read_request(
        {"prompt": {"id": "p", "version": "2"}, "previous_response_id": "resp_0"}
    )

    assert read.attributes == {
        "gen_ai.prompt.name": "p",
        "gen_ai.prompt.version": "2",
        "gen_ai.request.previous_response.id": "resp_0",
        "openai.api.type": "responses",
    }
