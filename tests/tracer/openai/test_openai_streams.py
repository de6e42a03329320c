"""A stream is recorded as it goes by, and stays what it is."""

import threading
from typing import Any

import openai
from openai_calls import ASK, MODEL, USAGE_TOO, parsing, qualified_name

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
    assert {
        **plain.attributes,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.request.stream": True,
        "gen_ai.response.time_to_first_chunk": waited,
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


def test_no_usage_is_asked_for_and_no_chunk_added(
    client: openai.OpenAI, captured: Captured
) -> None:
    chunks = list(client.chat.completions.create(**ASK, stream=True))

    assert all(chunk.choices for chunk in chunks)
    assert all(chunk.usage is None for chunk in chunks)
    assert "gen_ai.usage.input_tokens" not in captured.spans[0].attributes


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


def test_the_helper_of_the_client_works_and_is_recorded(
    client: openai.OpenAI, captured: Captured
) -> None:
    with parsing(client).stream(**ASK) as stream:
        final = stream.get_final_completion()

    assert final.choices[0].message.content == said(captured)


def test_the_helper_left_early_ends_its_span(
    client: openai.OpenAI, captured: Captured
) -> None:
    with parsing(client).stream(**ASK) as stream:
        next(stream)

    assert [span.name for span in captured.spans] == [f"chat {MODEL}"]


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
