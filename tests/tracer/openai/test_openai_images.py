"""Pictures made or changed are recorded as references: type and size, no pixels."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from openai_ways import Way

from examples.openai_server.images import png
from examples.openai_server.tokens import count
from tracer.testing import Captured

MODEL = "gpt-image-1"
PROMPT = "한 마리 고양이"


def parts(captured: Captured, key: str) -> list[dict[str, Any]]:
    """Return the parts of all messages of the only span."""
    [span] = captured.spans
    return [part for message in span.content[key] for part in message["parts"]]


async def test_a_picture_is_one_span_with_its_prompt_and_its_size(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask(
        "images.generate", model=MODEL, prompt=PROMPT, n=2, quality="low"
    )

    [span] = captured.spans
    assert (span.name, span.kind) == (f"images.generate {MODEL}", "llm")
    assert span.attributes == {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
        "gen_ai.request.choice.count": 2,
        "gen_ai.output.type": "image",
        "server.address": "127.0.0.1",
        "server.port": way.client.base_url.port,
        "gen_ai.usage.input_tokens": count(PROMPT),
        "gen_ai.usage.output_tokens": 2_112,
        "gen_ai.usage.text.input_tokens": count(PROMPT),
        "gen_ai.usage.image.output_tokens": 2_112,
        "tracer.response.request_id": "req_local",
    }
    assert parts(captured, "gen_ai.input.messages") == [
        {"type": "text", "content": PROMPT}
    ]
    drawn = parts(captured, "gen_ai.output.messages")
    assert drawn[0] == {
        "type": "blob",
        "modality": "image",
        "mime_type": "image/png",
        "size_bytes": len(base64.b64decode(answered.data[0].b64_json)),
        "size": "1024x1024",
        "quality": "low",
        "background": "opaque",
    }
    assert len(drawn) == 2
    assert answered.data[0].b64_json[:64] not in repr(captured.spans)


async def test_a_picture_given_by_address_is_recorded_by_it(
    way: Way, captured: Captured
) -> None:
    await way.ask("images.generate", model="dall-e-3", prompt="a cat")

    uri, revised = parts(captured, "gen_ai.output.messages")
    assert uri["uri"] == "https://images.example/one.png"
    assert revised["content"].startswith("A picture in one colour")


async def test_uploads_are_named_and_measured_but_never_read(
    way: Way, captured: Captured, tmp_path: Path
) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(png("cat"))
    in_memory = io.BytesIO(png("dog"))
    with path.open("rb") as opened:
        await way.ask(
            "images.edit",
            model=MODEL,
            prompt="a hat",
            image=[opened, ("dog.webp", in_memory, "image/webp")],
            mask=path,
        )
        assert not opened.closed

    prompt, *pictures = parts(captured, "gen_ai.input.messages")
    assert prompt == {"type": "text", "content": "a hat"}
    blob = {"type": "blob", "modality": "image"}
    n_cat, n_dog = len(png("cat")), len(png("dog"))
    png_type, webp_type = {"mime_type": "image/png"}, {"mime_type": "image/webp"}
    assert sorted(pictures, key=lambda part: (part["name"], "field" in part)) == [
        {**blob, **png_type, "size_bytes": n_cat, "name": "cat.png"},
        {**blob, **png_type, "size_bytes": n_cat, "name": "cat.png", "field": "mask"},
        {**blob, **webp_type, "size_bytes": n_dog, "name": "dog.webp"},
    ]
    found = captured.spans[0].attributes
    assert found["gen_ai.usage.image.input_tokens"] == 600


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
async def test_an_upload_reaches_the_server_whole(way: Way, captured: Captured) -> None:
    answered = await way.ask("images.create_variation", image=png("cat"))

    [span] = captured.spans
    assert answered.data[0].url
    assert span.name == "images.create_variation"
    [given] = parts(captured, "gen_ai.input.messages")
    assert given["size_bytes"] == len(png("cat"))


@pytest.mark.parametrize("method", ["generate", "edit"])
async def test_streamed_sketches_are_not_the_picture(
    way: Way, captured: Captured, method: str
) -> None:
    asked: dict[str, Any] = {"model": MODEL, "prompt": PROMPT, "partial_images": 2}
    if method == "edit":
        asked["image"] = png("cat")
    events = await way.stream(f"images.{method}", **asked)

    [span] = captured.spans
    assert len(events) == 3
    assert span.name == f"images.{method} {MODEL}"
    assert [
        part["size_bytes"] for part in parts(captured, "gen_ai.output.messages")
    ] == [len(png(PROMPT))]
    assert span.attributes["gen_ai.request.stream"] is True
    assert span.attributes["gen_ai.usage.image.output_tokens"] == 1_056
    assert span.attributes["gen_ai.response.time_to_first_chunk"] > 0


async def test_a_stream_left_at_a_sketch_has_the_sketch(
    way: Way, captured: Captured
) -> None:
    stream = await way.ask(
        "images.generate", model=MODEL, prompt=PROMPT, partial_images=2, stream=True
    )
    if hasattr(stream, "__anext__"):
        await anext(stream)
        await stream.close()
    else:
        next(stream)
        stream.close()

    assert len(parts(captured, "gen_ai.output.messages")) == 1


async def test_raw_pictures_are_recorded_too(way: Way, captured: Captured) -> None:
    raw = await way.ask("images.with_raw_response.generate", model=MODEL, prompt=PROMPT)

    assert raw.parse().data
    [part] = parts(captured, "gen_ai.output.messages")
    assert part["size_bytes"] > 0


async def test_a_raw_stream_of_pictures_is_recorded(
    way: Way, captured: Captured
) -> None:
    async with way.opened(
        "images.with_streaming_response.generate",
        model=MODEL,
        prompt=PROMPT,
        stream=True,
    ) as response:
        read = response.read()
        assert await read if hasattr(read, "__await__") else read

    [part] = parts(captured, "gen_ai.output.messages")
    assert part["size_bytes"] == len(png(PROMPT))
