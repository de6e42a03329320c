"""A stream is recorded as it goes by, and stays what it is."""

import threading
from typing import Any

import openai
from openai_calls import ASK, MODEL, USAGE_TOO, qualified_name

from tracer.testing import Captured

Stream = openai.Stream[Any]


def said(captured: Captured) -> str:
    """Return the words on the only span."""
    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    return "".join(part["content"] for part in message["parts"])


def test_a_drained_stream_is_recorded_as_the_same_call_unstreamed(
    client: openai.OpenAI, captured: Captured
) -> None:
    client.chat.completions.create(**ASK, temperature=0)
    list(client.chat.completions.create(**ASK, temperature=0, **USAGE_TOO))

    plain, streamed = captured.spans
    waited = streamed.attributes["gen_ai.response.time_to_first_chunk"]
    assert isinstance(waited, float)
    assert 0 < waited < streamed.duration_ns / 1e9
    assert streamed.attributes["gen_ai.request.stream"] is True
    assert streamed.content == plain.content
    speed = streamed.attributes["tracer.response.output_tokens_per_second"]
    assert {
        **plain.attributes,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.request.stream": True,
        "gen_ai.response.time_to_first_chunk": waited,
        "tracer.response.output_tokens_per_second": speed,
    } == dict(streamed.attributes)


def test_a_stream_stays_the_object_that_it_is(
    client: openai.OpenAI, captured: Captured
) -> None:
    stream = client.chat.completions.create(**ASK, stream=True)

    assert type(stream) is openai.Stream
    assert qualified_name(stream.response) in ("httpx.Response", "httpx2.Response")
    assert iter(stream) is not stream
    assert next(stream).object == "chat.completion.chunk"
    stream.close()


def test_the_span_of_a_stream_is_open_until_it_ends(
    client: openai.OpenAI, captured: Captured
) -> None:
    stream = client.chat.completions.create(**ASK, stream=True)
    next(stream)
    assert captured.spans == []
    stream.close()
    assert len(captured.spans) == 1


def test_a_stream_may_be_read_in_another_thread(
    client: openai.OpenAI, captured: Captured
) -> None:
    stream = client.chat.completions.create(**ASK, stream=True)
    reader = threading.Thread(target=list, args=(stream,))
    reader.start()
    reader.join()

    assert said(captured).endswith(".")


def test_a_long_stream_is_recorded_whole(
    client: openai.OpenAI, captured: Captured
) -> None:
    text = "word " * 700 + "end"
    passage = f'<passage lang="en">{text}</passage> every fact'
    messages: Any = [{"role": "system", "content": passage}, *ASK["messages"]]
    chunks = client.chat.completions.create(
        model=MODEL, messages=messages, stream=True, temperature=0
    )

    streamed = [chunk.choices[0].delta.content or "" for chunk in chunks]

    assert len(streamed) > 600
    assert said(captured) == "".join(streamed)
