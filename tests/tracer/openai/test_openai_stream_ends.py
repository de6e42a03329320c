"""However a stream ends, its span ends once, with what had come, and nothing leaks.

Every way for chat and for responses, for the synchronous client and the other.
"""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import openai
import pytest
from openai_calls import ANSWER, CHAT, RESPONSES, Api, qualified_name, scenario

from tracer.testing import Captured

PATIENCE = 20
"""Turns of the event loop that a forgotten asynchronous generator may take to close."""

apis = pytest.mark.parametrize("api", [CHAT, RESPONSES], ids=lambda api: api.name)


def said(captured: Captured) -> str:
    """Return the words on the only span; empty if it has none."""
    [span] = captured.spans
    messages = span.content.get("gen_ai.output.messages", ())
    return "".join(part["content"] for each in messages for part in each["parts"])


class Leave(Exception):
    """Raised by the user, in their own loop."""


def drain(stream: Any, api: Api) -> None:
    for _ in stream:
        pass


def by_break(stream: Any, api: Api) -> None:
    for chunk in stream:
        if api.words(chunk):
            break


def by_break_within(stream: Any, api: Api) -> None:
    with stream:
        by_break(stream, api)


def by_close(stream: Any, api: Api) -> None:
    by_break(stream, api)
    stream.close()
    stream.close()


def by_closing_the_response(stream: Any, api: Api) -> None:
    by_break(stream, api)
    stream.response.close()


def by_next(stream: Any, api: Api) -> None:
    while not api.words(next(stream)):
        pass


def by_exception(stream: Any, api: Api) -> None:
    with pytest.raises(Leave):
        for chunk in stream:
            if api.words(chunk):
                raise Leave


def by_exception_within(stream: Any, api: Api) -> None:
    with pytest.raises(Leave), stream:
        for chunk in stream:
            if api.words(chunk):
                raise Leave


def by_generator_exit(stream: Any, api: Api) -> None:
    def words() -> Iterator[str]:
        with stream:
            for chunk in stream:
                yield api.words(chunk)

    spoken = words()
    while not next(spoken):
        pass
    spoken.close()


def by_forgetting(stream: Any, api: Api) -> None:
    pass


SYNC = [
    by_break,
    by_break_within,
    by_close,
    by_closing_the_response,
    by_next,
    by_exception,
    by_exception_within,
    by_generator_exit,
]


def is_closed_or_gone(response: "weakref.ref[Any]") -> bool:
    found = response()
    return found is None or found.is_closed


def leave(client: openai.OpenAI, api: Api, way: Callable[..., None]) -> Any:
    """Ask, leave the stream in a way, and forget it; answer where its response was."""
    stream = api.create(client)(stream=True)
    response = weakref.ref(stream.response)
    way(stream, api)
    return response


@apis
def test_a_drained_stream_is_recorded_whole(
    client: openai.OpenAI, captured: Captured, api: Api
) -> None:
    response = leave(client, api, drain)

    assert captured.spans[0].attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert said(captured) == ANSWER
    assert is_closed_or_gone(response)


@apis
@pytest.mark.parametrize("way", SYNC)
def test_a_stream_that_is_left_keeps_what_had_come(
    client: openai.OpenAI, captured: Captured, api: Api, way: Callable[..., None]
) -> None:
    response = leave(client, api, way)
    gc.collect()

    [span] = captured.spans
    assert span.status == "ok"
    assert span.attributes["gen_ai.response.finish_reasons"] == ("error",)
    assert said(captured) == "I"
    assert is_closed_or_gone(response)


@apis
def test_a_stream_that_was_never_read_is_recorded_without_an_answer(
    client: openai.OpenAI, captured: Captured, api: Api
) -> None:
    response = leave(client, api, by_forgetting)
    gc.collect()

    assert [span.status for span in captured.spans] == ["ok"]
    assert said(captured) == ""
    assert is_closed_or_gone(response)


@apis
@pytest.mark.parametrize(
    "name", ["error-mid-stream", "disconnect-mid-stream", "stall-mid-stream"]
)
def test_a_stream_that_breaks_fails_and_keeps_what_had_come(
    client: openai.OpenAI, captured: Captured, api: Api, name: str
) -> None:
    impatient = client.with_options(timeout=1, max_retries=0)
    stream = api.create(impatient)(stream=True, **scenario(name))
    with pytest.raises(Exception) as raised:  # the HTTP library's own, before openai 3
        drain(stream, api)

    [span] = captured.spans
    assert span.status == "error"
    assert span.attributes["error.type"] == qualified_name(raised.value)
    assert said(captured).startswith("I")


async def adrain(stream: Any, api: Api) -> None:
    async for _ in stream:
        pass


async def aby_break(stream: Any, api: Api) -> None:
    async for chunk in stream:
        if api.words(chunk):
            break


async def aby_break_within(stream: Any, api: Api) -> None:
    async with stream:
        await aby_break(stream, api)


async def aby_close(stream: Any, api: Api) -> None:
    await aby_break(stream, api)
    await stream.close()
    await stream.close()


async def aby_closing_the_response(stream: Any, api: Api) -> None:
    await aby_break(stream, api)
    await stream.response.aclose()


async def aby_next(stream: Any, api: Api) -> None:
    while not api.words(await anext(stream)):
        pass


async def aby_exception(stream: Any, api: Api) -> None:
    with pytest.raises(Leave):
        async for chunk in stream:
            if api.words(chunk):
                raise Leave


async def aby_exception_within(stream: Any, api: Api) -> None:
    with pytest.raises(Leave):
        async with stream:
            async for chunk in stream:
                if api.words(chunk):
                    raise Leave


async def aby_generator_exit(stream: Any, api: Api) -> None:
    async def words() -> AsyncIterator[str]:
        async with stream:
            async for chunk in stream:
                yield api.words(chunk)

    spoken: Any = words()
    while not await anext(spoken):
        pass
    await spoken.aclose()


async def aby_forgetting(stream: Any, api: Api) -> None:
    pass


ASYNC = [
    aby_break,
    aby_break_within,
    aby_close,
    aby_closing_the_response,
    aby_next,
    aby_exception,
    aby_exception_within,
    aby_generator_exit,
]


async def aleave(client: openai.AsyncOpenAI, api: Api, way: Callable[..., Any]) -> Any:
    stream = await api.create(client)(stream=True)
    response = weakref.ref(stream.response)
    await way(stream, api)
    return response


async def collect() -> None:
    """Let forgotten asynchronous generators close, as the event loop does for them."""
    for _ in range(PATIENCE):
        gc.collect(0)
        await asyncio.sleep(0)
    gc.collect()


@apis
async def test_a_drained_asynchronous_stream_is_recorded_whole(
    async_client: openai.AsyncOpenAI, captured: Captured, api: Api
) -> None:
    response = await aleave(async_client, api, adrain)

    assert captured.spans[0].attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert said(captured) == ANSWER
    assert is_closed_or_gone(response)


@apis
@pytest.mark.parametrize("way", ASYNC)
async def test_an_asynchronous_stream_that_is_left_keeps_what_had_come(
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    api: Api,
    way: Callable[..., Any],
) -> None:
    response = await aleave(async_client, api, way)
    await collect()

    [span] = captured.spans
    assert span.status == "ok"
    assert span.attributes["gen_ai.response.finish_reasons"] == ("error",)
    assert said(captured) == "I"
    assert is_closed_or_gone(response)


@apis
async def test_an_asynchronous_stream_never_read_is_recorded_without_an_answer(
    async_client: openai.AsyncOpenAI, captured: Captured, api: Api
) -> None:
    response = await aleave(async_client, api, aby_forgetting)
    await collect()

    assert [span.status for span in captured.spans] == ["ok"]
    assert said(captured) == ""
    assert is_closed_or_gone(response)


@apis
@pytest.mark.parametrize(
    "name", ["error-mid-stream", "disconnect-mid-stream", "stall-mid-stream"]
)
async def test_an_asynchronous_stream_that_breaks_fails_and_keeps_what_had_come(
    async_client: openai.AsyncOpenAI, captured: Captured, api: Api, name: str
) -> None:
    impatient = async_client.with_options(timeout=1, max_retries=0)
    stream = await api.create(impatient)(stream=True, **scenario(name))
    with pytest.raises(Exception) as raised:  # the HTTP library's own, before openai 3
        await adrain(stream, api)

    [span] = captured.spans
    assert span.status == "error"
    assert span.attributes["error.type"] == qualified_name(raised.value)
    assert said(captured).startswith("I")
