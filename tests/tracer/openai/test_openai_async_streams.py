"""The same for asynchronous streams, wherever and by whomever they are read."""

import asyncio
from typing import Any

import openai
import pytest
from openai_calls import ASK, USAGE_TOO

import tracer
from tracer.testing import Captured

Stream = openai.AsyncStream[Any]


def said(captured: Captured) -> str:
    """Return the words on the only span."""
    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    return "".join(part["content"] for part in message["parts"])


async def test_a_drained_stream_is_recorded_whole(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    stream = await async_client.chat.completions.create(**ASK, **USAGE_TOO)
    pieces = [
        chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices
    ]

    [span] = captured.spans
    assert type(stream) is openai.AsyncStream
    assert said(captured) == "".join(pieces)
    assert span.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert span.attributes["gen_ai.usage.output_tokens"] > 0


async def test_a_stream_may_be_read_by_another_task(
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stream = await async_client.chat.completions.create(**ASK, stream=True)

    async def read() -> list[Any]:
        return [chunk async for chunk in stream]

    assert await asyncio.create_task(read())
    assert said(captured).endswith(".")
    assert caplog.text == ""


async def test_calls_made_at_once_are_below_the_span_that_made_them(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    with tracer.span("work"):
        create = async_client.chat.completions.create
        await asyncio.gather(*(create(**ASK) for _ in range(5)))

    *calls, work = captured.spans
    assert {call.parent_span_id for call in calls} == {work.span_id}
