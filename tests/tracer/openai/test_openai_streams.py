"""However a stream ends, its span ends once, with what had come by then."""

import gc
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import openai
import pytest
from openai_calls import ASK, MODEL, USAGE_TOO, scenario

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
    assert type(stream.response) is httpx2.Response
    assert iter(stream) is not stream
    assert next(stream).object == "chat.completion.chunk"
    stream.close()


def leave_by_break(stream: Stream) -> None:
    with stream:
        for chunk in stream:
            if chunk.choices[0].delta.content:
                break


def leave_by_close(stream: Stream) -> None:
    next(stream)
    next(stream)
    stream.close()
    stream.close()


def leave_by_closing_the_response(stream: Stream) -> None:
    next(stream)
    next(stream)
    stream.response.close()


def leave_by_exception(stream: Stream) -> None:
    with pytest.raises(KeyError), stream:
        for chunk in stream:
            if chunk.choices[0].delta.content:
                raise KeyError("of the user")


@pytest.mark.parametrize(
    "leave",
    [
        leave_by_break,
        leave_by_close,
        leave_by_closing_the_response,
        leave_by_exception,
    ],
)
def test_a_stream_left_early_keeps_what_had_come(
    client: openai.OpenAI, captured: Captured, leave: Callable[[Stream], None]
) -> None:
    stream = client.chat.completions.create(**ASK, stream=True, temperature=0)
    leave(stream)
    gc.collect()

    [span] = captured.spans
    assert stream.response.is_closed
    assert span.status == "ok"
    assert said(captured) in ("I", "Thank")
    assert span.attributes["gen_ai.response.finish_reasons"] == ("error",)


def test_the_span_of_a_stream_is_open_until_it_ends(
    client: openai.OpenAI, captured: Captured
) -> None:
    stream = client.chat.completions.create(**ASK, stream=True)
    next(stream)
    assert captured.spans == []
    stream.close()
    assert len(captured.spans) == 1


@pytest.mark.parametrize("chunks_read", [0, 2])
def test_a_stream_that_nobody_holds_ends_as_of_its_last_chunk(
    client: openai.OpenAI, captured: Captured, chunks_read: int
) -> None:
    stream = client.chat.completions.create(**ASK, stream=True)
    for _ in range(chunks_read):
        next(stream)
    del stream
    gc.collect()

    [span] = captured.spans
    assert span.status == "ok"
    assert ("gen_ai.output.messages" in span.content) is bool(chunks_read)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("error-mid-stream", openai.APIError),
        ("disconnect-mid-stream", openai.APIConnectionError),
    ],
)
def test_a_stream_that_breaks_fails_its_span_and_keeps_what_had_come(
    client: openai.OpenAI, captured: Captured, name: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        list(client.chat.completions.create(**ASK, stream=True, **scenario(name)))

    [span] = captured.spans
    assert span.status == "error"
    assert span.attributes["error.type"] == f"openai.{kind.__name__}"
    assert said(captured)


def test_a_stream_that_stalls_fails_by_its_timeout(
    client: openai.OpenAI, captured: Captured
) -> None:
    impatient = client.with_options(timeout=0.2)
    stalling = scenario("stall-mid-stream")
    with pytest.raises(openai.APITimeoutError):
        list(impatient.chat.completions.create(**ASK, stream=True, **stalling))

    assert captured.spans[0].attributes["error.type"] == "openai.APITimeoutError"


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
