"""Answers that the user reads raw are recorded from the bytes that went by."""

import gc
from typing import Any

import openai
import pytest
from openai_calls import ASK, USAGE_TOO, scenario

from tracer.testing import Captured


def said(captured: Captured) -> str:
    """Return the words on the only span."""
    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    return "".join(part["content"] for part in message["parts"])


def test_a_raw_response_is_recorded_and_parses_as_often_as_it_is_asked(
    client: openai.OpenAI, captured: Captured
) -> None:
    raw = client.chat.completions.with_raw_response.create(**ASK)

    assert raw.headers["x-request-id"] == "req_local"
    assert raw.parse() is raw.parse()
    assert raw.parse().choices[0].message.content == said(captured)
    assert "gen_ai.response.time_to_first_chunk" not in captured.spans[0].attributes


def test_a_raw_stream_is_recorded_as_it_is_parsed(
    client: openai.OpenAI, captured: Captured
) -> None:
    raw = client.chat.completions.with_raw_response.create(**ASK, **USAGE_TOO)
    stream: Any = raw.parse()
    chunks = list(stream)

    [span] = captured.spans
    assert type(stream) is openai.Stream
    assert len(chunks) > 2
    assert said(captured).endswith(".")
    assert span.attributes["gen_ai.usage.output_tokens"] > 0
    assert span.attributes["gen_ai.response.time_to_first_chunk"] > 0


def test_a_streaming_response_passed_on_by_lines_is_recorded(
    client: openai.OpenAI, captured: Captured
) -> None:
    streaming = client.chat.completions.with_streaming_response
    with streaming.create(**ASK, stream=True) as response:
        lines = [line for line in response.iter_lines() if line]

    assert lines[-1] == "data: [DONE]"
    assert said(captured).endswith(".")


def test_a_streaming_response_of_a_plain_call_is_recorded(
    client: openai.OpenAI, captured: Captured
) -> None:
    streaming = client.chat.completions.with_streaming_response
    with streaming.create(**ASK) as response:
        completion = response.parse()

    assert completion.choices[0].message.content == said(captured)


def test_a_streaming_response_never_read_still_ends_its_span(
    client: openai.OpenAI, captured: Captured
) -> None:
    with client.chat.completions.with_streaming_response.create(**ASK):
        assert captured.spans == []

    [span] = captured.spans
    assert "gen_ai.output.messages" not in span.content


def test_an_error_within_a_raw_stream_fails_the_span(
    client: openai.OpenAI, captured: Captured
) -> None:
    def read() -> None:
        raw = client.chat.completions.with_raw_response
        broken = raw.create(**ASK, stream=True, **scenario("error-mid-stream"))
        stream: Any = broken.parse()
        with pytest.raises(openai.APIError):
            list(stream)

    read()
    gc.collect()  # clients before openai 3 leave the response open

    [span] = captured.spans
    assert span.status == "error"
    assert span.attributes["error.type"] == "openai.APIError"
    assert said(captured)


async def test_asynchronous_raw_responses_are_recorded(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    raw = await async_client.chat.completions.with_raw_response.create(**ASK)

    assert raw.parse().choices[0].message.content == said(captured)


async def test_asynchronous_raw_streams_are_recorded(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    raw = await async_client.chat.completions.with_raw_response.create(
        **ASK, stream=True
    )
    stream: Any = raw.parse()

    assert [chunk async for chunk in stream]
    assert said(captured).endswith(".")


@pytest.mark.parametrize("options", [{}, {"stream": True}])
async def test_asynchronous_streaming_responses_are_recorded(
    async_client: openai.AsyncOpenAI, captured: Captured, options: dict[str, Any]
) -> None:
    streaming = async_client.chat.completions.with_streaming_response
    async with streaming.create(**ASK, **options) as response:
        assert await response.read()

    assert said(captured).endswith(".")
