"""A call that is cancelled, by asyncio or by trio, fails once, as what stopped it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import openai
import pytest
import trio
from openai_calls import CHAT, RESPONSES, Api, scenario

import tracer
from tracer.testing import Captured

apis = pytest.mark.parametrize("api", [CHAT, RESPONSES], ids=lambda api: api.name)
CANCELLED = "asyncio.exceptions.CancelledError"


def said(captured: Captured) -> str:
    """Return the words on the only span; empty if it has none."""
    [span] = captured.spans
    messages = span.content.get("gen_ai.output.messages", ())
    return "".join(part["content"] for each in messages for part in each["parts"])


async def read(client: openai.AsyncOpenAI, api: Api, name: str, begun: Any) -> None:
    """Read a stream that stalls; say when the first words have come."""
    async for chunk in await api.create(client)(stream=True, **scenario(name)):
        if api.words(chunk):
            begun.set()


@apis
@pytest.mark.parametrize("options", [{}, {"stream": True}])
async def test_a_call_cancelled_before_the_server_answers_fails_once(
    captured: Captured, api: Api, options: Any
) -> None:
    asked = asyncio.Event()

    async def silent(reader: Any, writer: Any) -> None:
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}/v1"
        async with openai.AsyncOpenAI(base_url=url, api_key="key") as client:
            create = api.create(tracer.wrap_openai(client))
            task = asyncio.create_task(create(**options))
            await asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    [span] = captured.spans
    assert span.attributes["error.type"] == CANCELLED
    assert said(captured) == ""


@apis
async def test_a_stream_that_times_out_before_its_first_chunk_fails_once(
    async_client: openai.AsyncOpenAI, captured: Captured, api: Api
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await read(async_client, api, "stall-before-stream", asyncio.Event())

    [span] = captured.spans
    assert span.attributes["error.type"] == CANCELLED
    assert said(captured) == ""


@apis
async def test_a_stream_cancelled_while_it_waits_keeps_what_had_come(
    async_client: openai.AsyncOpenAI, captured: Captured, api: Api
) -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(read(async_client, api, "stall-mid-stream", begun))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert captured.spans[0].attributes["error.type"] == CANCELLED
    assert said(captured).startswith("I")


@apis
async def test_a_stream_that_times_out_while_it_waits_keeps_what_had_come(
    async_client: openai.AsyncOpenAI, captured: Captured, api: Api
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await read(async_client, api, "stall-mid-stream", asyncio.Event())

    assert captured.spans[0].attributes["error.type"] == CANCELLED
    assert said(captured).startswith("I")


def on_trio(base_url: str, use: Callable[..., Awaitable[Any]], api: Api) -> Any:
    async def main() -> Any:
        async with openai.AsyncOpenAI(base_url=base_url, api_key="key") as client:
            return await use(tracer.wrap_openai(client), api)

    return trio.run(main)


async def at_once(client: openai.AsyncOpenAI, api: Api) -> None:
    with tracer.span("work"):
        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(api.create(client))


@apis
def test_calls_in_a_nursery_of_trio_are_below_the_span_that_made_them(
    base_url: str, captured: Captured, api: Api
) -> None:
    on_trio(base_url, at_once, api)

    *calls, work = captured.spans
    assert [call.parent_span_id for call in calls] == [work.span_id] * 3


async def leave_early(client: openai.AsyncOpenAI, api: Api) -> None:
    begun = trio.Event()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(read, client, api, "stall-mid-stream", begun)
        await begun.wait()
        nursery.cancel_scope.cancel()


@apis
def test_a_stream_cancelled_by_trio_keeps_what_had_come(
    base_url: str, captured: Captured, api: Api
) -> None:
    on_trio(base_url, leave_early, api)

    assert captured.spans[0].attributes["error.type"] == "trio.Cancelled"
    assert said(captured).startswith("I")


@apis
def test_an_answer_may_be_read_in_another_thread_than_it_was_asked_in(
    client: openai.OpenAI,
    captured: Captured,
    caplog: pytest.LogCaptureFixture,
    api: Api,
) -> None:
    with tracer.span("work"):
        stream = api.create(client)(stream=True)
    reader = threading.Thread(target=list, args=(stream,))
    reader.start()
    reader.join()

    work, call = captured.spans
    assert call.parent_span_id == work.span_id
    assert call.content["gen_ai.output.messages"]
    assert caplog.text == ""
