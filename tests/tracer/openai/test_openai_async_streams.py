"""The same for asynchronous streams, and what only they can do: be cancelled."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

import openai
import pytest
from openai_calls import ASK, USAGE_TOO, scenario

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


async def leave_by_break(stream: Stream) -> None:
    async with stream:
        async for chunk in stream:
            if chunk.choices[0].delta.content:
                break


async def leave_by_close(stream: Stream) -> None:
    await anext(stream)
    await anext(stream)
    await stream.close()


async def leave_by_exception(stream: Stream) -> None:
    with pytest.raises(KeyError):
        async with stream:
            async for chunk in stream:
                if chunk.choices[0].delta.content:
                    raise KeyError("of the user")


@pytest.mark.parametrize("leave", [leave_by_break, leave_by_close, leave_by_exception])
async def test_a_stream_left_early_keeps_what_had_come(
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    leave: Callable[[Stream], Awaitable[None]],
) -> None:
    stream = await async_client.chat.completions.create(**ASK, stream=True)
    await leave(stream)

    assert stream.response.is_closed
    assert [span.status for span in captured.spans] == ["ok"]
    assert said(captured) in ("I", "Thank")


async def test_a_stream_never_read_ends_with_its_last_holder(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    stream = await async_client.chat.completions.create(**ASK, stream=True)
    del stream
    gc.collect()

    assert [span.content.keys() for span in captured.spans] == [
        {"gen_ai.input.messages"}
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("error-mid-stream", openai.APIError),
        ("disconnect-mid-stream", openai.APIConnectionError),
    ],
)
async def test_a_stream_that_breaks_fails_its_span(
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    name: str,
    kind: type[Exception],
) -> None:
    stream = await async_client.chat.completions.create(
        **ASK, stream=True, **scenario(name)
    )
    with pytest.raises(kind):
        async for _ in stream:
            pass

    assert captured.spans[0].attributes["error.type"] == f"openai.{kind.__name__}"
    assert said(captured)


async def test_a_call_cancelled_before_its_answer_fails_once(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            stream = await async_client.chat.completions.create(
                **ASK, stream=True, **scenario("stall-before-stream")
            )
            async for _ in stream:
                pass

    [span] = captured.spans
    assert span.attributes["error.type"] == "asyncio.exceptions.CancelledError"


async def test_a_stream_cancelled_while_it_waits_keeps_what_had_come(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    begun = asyncio.Event()

    async def read() -> None:
        stream = await async_client.chat.completions.create(
            **ASK, stream=True, **scenario("stall-mid-stream")
        )
        async for chunk in stream:
            if chunk.choices[0].delta.content:
                begun.set()

    task = asyncio.create_task(read())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    [span] = captured.spans
    assert span.attributes["error.type"] == "asyncio.exceptions.CancelledError"
    assert said(captured)


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
    import tracer

    with tracer.span("work"):
        create = async_client.chat.completions.create
        await asyncio.gather(*(create(**ASK) for _ in range(5)))

    *calls, work = captured.spans
    assert {call.parent_span_id for call in calls} == {work.span_id}
