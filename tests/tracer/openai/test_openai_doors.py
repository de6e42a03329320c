"""Through whichever door an answer is taken, its span says the same."""

from typing import Any

import pytest
from openai_calls import ASK, MODEL
from openai_ways import Way, done

from examples.openai_server.audio import wav
from examples.openai_server.images import png
from tracer.testing import Captured

SOUND = {"model": "whisper-1", "file": ("voice.wav", wav("x" * 10))}
IMAGE = {"model": "gpt-image-1", "prompt": "a cat"}
PROMPT = {"model": MODEL, "prompt": "hi"}
RESPONSE = {"model": MODEL, "input": "hi"}
WORDS = {"model": "text-embedding-3-small", "input": "hi"}
ONCE = {"temperature": 0}

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("chat.completions", {**ASK, **ONCE, "logprobs": True}),
    ("chat.completions", {**ASK, **ONCE, "stream": True}),
    ("completions", {**PROMPT, **ONCE, "logprobs": 1}),
    ("completions", {**PROMPT, **ONCE, "stream": True}),
    ("responses", {**RESPONSE, **ONCE}),
    ("responses", {**RESPONSE, **ONCE, "stream": True}),
    ("embeddings", WORDS),
    ("images", IMAGE),
    ("images", {**IMAGE, "image": png("cat")}),
    ("images", {**IMAGE, "stream": True, "partial_images": 1}),
    ("audio.speech", {"model": "tts-1", "voice": "alloy", "input": "hi"}),
    ("audio.transcriptions", SOUND),
    ("audio.transcriptions", {**SOUND, "model": "gpt-4o-transcribe", "stream": True}),
    ("audio.transcriptions", {**SOUND, "response_format": "text"}),
    ("moderations", {"input": "I kill you"}),
]
OF_TIME = (
    "gen_ai.response.time_to_first_chunk",
    "tracer.response.output_tokens_per_second",
    "tracer.response.request_id",
)


def method(resource: str, asked: dict[str, Any]) -> str:
    """Return what the resource's call is named."""
    if resource != "images":
        return "create"
    return "edit" if "image" in asked else "generate"


@pytest.mark.parametrize(("resource", "asked"), CALLS)
async def test_every_door_of_a_call_records_the_same(
    way: Way, captured: Captured, resource: str, asked: dict[str, Any]
) -> None:
    name = method(resource, asked)
    ask = way.stream if asked.get("stream") else way.ask
    plain = {key: value for key, value in asked.items() if key != "stream"}
    await ask(f"{resource}.{name}", **plain)
    raw = await way.ask(f"{resource}.with_raw_response.{name}", **asked)
    await read(raw.http_response)
    async with way.opened(
        f"{resource}.with_streaming_response.{name}", **asked
    ) as response:
        assert len(captured.spans) == 2
        assert await done(response.read())

    told = [
        ({k: v for k, v in span.attributes.items() if k not in OF_TIME}, span.content)
        for span in captured.spans
    ]
    assert told[1:] == told[:1] * 2
    raw_id = captured.spans[1].attributes["tracer.response.request_id"]
    assert raw_id == captured.spans[2].attributes["tracer.response.request_id"]


async def read(response: Any) -> None:
    """Read an HTTP response of either kind to its end, unless that was done."""
    if not response.is_closed:
        reading = response.aread if hasattr(response.stream, "__aiter__") else None
        await reading() if reading else response.read()
