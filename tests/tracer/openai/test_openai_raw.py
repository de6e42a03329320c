"""Answers that the user reads raw are recorded from the bytes that went by."""

import gc
from typing import Any

import openai
import pytest
from openai_calls import ANSWER, CHAT, RESPONSES, USAGE_TOO, Api, scenario

import tracer
from tracer.testing import Captured

RAW, STREAMING = "with_raw_response", "with_streaming_response"

apis = pytest.mark.parametrize("api", [CHAT, RESPONSES], ids=lambda api: api.name)


class Named(openai.BaseModel):
    """What a user wants of an answer, instead of the client's own type."""

    id: str


def said(captured: Captured) -> str:
    """Return the words on the only span."""
    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    return "".join(part["content"] for part in message["parts"])


@apis
def test_a_raw_response_is_recorded_and_parses_as_often_as_it_is_asked(
    client: openai.OpenAI, captured: Captured, api: Api
) -> None:
    raw = api.create(client, RAW)()

    assert raw.headers["x-request-id"] == "req_local"
    assert raw.parse() is raw.parse()
    assert raw.parse(to=Named).id == raw.parse().id
    assert said(captured) == ANSWER
    assert "gen_ai.response.time_to_first_chunk" not in captured.spans[0].attributes


@apis
async def test_an_asynchronous_raw_response_is_recorded_and_parses_as_often(
    async_client: openai.AsyncOpenAI, captured: Captured, api: Api
) -> None:
    raw = await api.create(async_client, RAW)()

    assert raw.headers["x-request-id"] == "req_local"
    assert raw.parse() is raw.parse()
    assert raw.parse(to=Named).id == raw.parse().id
    assert said(captured) == ANSWER


@apis
def test_a_raw_stream_is_recorded_as_it_is_parsed(
    client: openai.OpenAI, captured: Captured, api: Api
) -> None:
    raw = api.create(client, RAW)(stream=True)
    stream = raw.parse()

    assert type(stream) is openai.Stream
    assert raw.parse() is stream
    assert "".join(map(api.words, stream)) == ANSWER == said(captured)
    assert captured.spans[0].attributes["gen_ai.response.time_to_first_chunk"] > 0


@apis
async def test_an_asynchronous_raw_stream_is_recorded_as_it_is_parsed(
    async_client: openai.AsyncOpenAI, captured: Captured, api: Api
) -> None:
    raw = await api.create(async_client, RAW)(stream=True)
    stream = raw.parse()

    assert type(stream) is openai.AsyncStream
    assert "".join([api.words(chunk) async for chunk in stream]) == ANSWER
    assert said(captured) == ANSWER


def test_usage_of_a_raw_stream_is_recorded(
    client: openai.OpenAI, captured: Captured
) -> None:
    list(CHAT.create(client, RAW)(**USAGE_TOO).parse())

    assert captured.spans[0].attributes["gen_ai.usage.output_tokens"] > 0


READS: list[Any] = ["read", "iter_bytes", "iter_text", "iter_lines", "parse"]


@apis
@pytest.mark.parametrize("options", [{}, {"stream": True}], ids=["plain", "streamed"])
@pytest.mark.parametrize("how", READS)
def test_a_streaming_response_is_recorded_however_it_is_read(
    client: openai.OpenAI, captured: Captured, api: Api, how: str, options: Any
) -> None:
    with api.create(client, STREAMING)(**options) as response:
        assert response.headers["x-request-id"] == "req_local"
        answered = getattr(response, how)()
        if how.startswith("iter") or (how == "parse" and options):
            answered = list(answered)

    assert answered
    assert said(captured) == ANSWER


@apis
@pytest.mark.parametrize("options", [{}, {"stream": True}], ids=["plain", "streamed"])
@pytest.mark.parametrize("how", READS)
async def test_an_asynchronous_streaming_response_is_recorded_however_it_is_read(
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    api: Api,
    how: str,
    options: Any,
) -> None:
    async with api.create(async_client, STREAMING)(**options) as response:
        answered = getattr(response, how)()
        if not how.startswith("iter"):
            answered = await answered
        if how.startswith("iter") or (how == "parse" and options):
            answered = [each async for each in answered]

    assert answered
    assert said(captured) == ANSWER


@apis
def test_a_streaming_response_never_read_still_ends_its_span(
    client: openai.OpenAI, captured: Captured, api: Api
) -> None:
    with api.create(client, STREAMING)():
        assert captured.spans == []

    [span] = captured.spans
    assert "gen_ai.output.messages" not in span.content


@apis
@pytest.mark.parametrize("kind", [RAW, STREAMING])
def test_raw_wrappers_made_before_wrapping_are_recorded(
    bare: openai.OpenAI, captured: Captured, api: Api, kind: str
) -> None:
    create = api.create(bare, kind)
    tracer.wrap_openai(bare)

    if kind == RAW:
        create()
    else:
        with create() as response:
            response.read()
    assert said(captured) == ANSWER


@apis
def test_an_error_within_a_raw_stream_fails_the_span(
    client: openai.OpenAI, captured: Captured, api: Api
) -> None:
    def read() -> None:
        stream = api.create(client, RAW)(stream=True, **scenario("error-mid-stream"))
        with pytest.raises(openai.APIError):
            list(stream.parse())

    read()
    gc.collect()  # clients before openai 3 leave the response open

    [span] = captured.spans
    assert span.status == "error"
    assert span.attributes["error.type"] == "openai.APIError"
    assert said(captured)


@apis
@pytest.mark.parametrize("options", [{}, {"stream": True}], ids=["plain", "streamed"])
def test_an_error_answered_to_a_raw_call_fails_the_span(
    client: openai.OpenAI, captured: Captured, api: Api, options: Any
) -> None:
    failing = api.create(client.with_options(max_retries=0), RAW)
    with pytest.raises(openai.RateLimitError):
        failing(**options, **scenario("rate-limited"))

    assert captured.spans[0].attributes["error.type"] == "openai.RateLimitError"
