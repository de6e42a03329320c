"""Speech and transcripts: what was said in words, the sound itself as a reference."""

import io
import sys
from pathlib import Path
from typing import Any

import openai
import pytest
from openai_ways import Way, done

from examples.openai_server.audio import HEARD, wav
from tracer._capture.spans import NOOP
from tracer._openai.call import Call
from tracer._openai.endpoints import endpoint_of
from tracer._openai.files import uploads
from tracer._openai.recording import Recording
from tracer.testing import Captured

ASK: dict[str, Any] = {"model": "tts-1", "voice": "alloy", "input": "안녕하세요"}
HEAR = "gpt-4o-transcribe"
SECOND = wav("x" * 10)
"""One second of sound."""


def parts(captured: Captured, key: str) -> list[dict[str, Any]]:
    """Return the parts of all messages of the only span."""
    [span] = captured.spans
    return [part for message in span.content[key] for part in message["parts"]]


async def test_speech_is_one_span_with_its_words_and_the_size_of_the_sound(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask("audio.speech.create", **ASK, instructions="Be kind.")

    [span] = captured.spans
    assert (span.name, span.kind) == ("audio.speech tts-1", "llm")
    assert answered.content == wav(ASK["input"])
    assert span.attributes == {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "tts-1",
        "tracer.request.voice": "alloy",
        "gen_ai.output.type": "speech",
        "server.address": "127.0.0.1",
        "server.port": way.client.base_url.port,
        "tracer.response.request_id": "req_local",
    }
    assert span.content == {
        "gen_ai.system_instructions": [{"type": "text", "content": "Be kind."}],
        "gen_ai.input.messages": [
            {"role": "user", "parts": [{"type": "text", "content": ASK["input"]}]}
        ],
        "gen_ai.output.messages": [
            {
                "role": "assistant",
                "parts": [
                    {
                        "type": "blob",
                        "modality": "audio",
                        "mime_type": "audio/mpeg",
                        "size_bytes": len(answered.content),
                    }
                ],
            }
        ],
    }


async def test_speech_that_is_passed_on_is_counted_and_not_kept(
    way: Way, captured: Captured, tmp_path: Path
) -> None:
    said = "long " * 500
    asked = {**ASK, "input": said, "response_format": "wav"}
    path = tmp_path / "speech.wav"
    async with way.opened(
        "audio.speech.with_streaming_response.create", **asked
    ) as response:
        await done(response.stream_to_file(path))

    [part] = parts(captured, "gen_ai.output.messages")
    assert part["mime_type"] == "audio/wav"
    assert part["size_bytes"] == path.stat().st_size == len(wav(said))


async def test_speech_in_events_tells_what_it_cost(
    way: Way, captured: Captured
) -> None:
    await way.ask("audio.speech.create", **ASK, stream_format="sse")

    [part] = parts(captured, "gen_ai.output.messages")
    assert part["size_bytes"] == len(wav(ASK["input"]))
    assert captured.spans[0].attributes["gen_ai.usage.output_tokens"] > 0


async def test_raw_speech_is_recorded_too(way: Way, captured: Captured) -> None:
    raw = await way.ask("audio.speech.with_raw_response.create", **ASK)

    assert raw.http_response.content == wav(ASK["input"])
    [part] = parts(captured, "gen_ai.output.messages")
    assert part["size_bytes"] == len(wav(ASK["input"]))


async def test_a_transcript_is_recorded_with_a_reference_to_the_sound(
    way: Way, captured: Captured, tmp_path: Path
) -> None:
    path = tmp_path / "voice.wav"
    path.write_bytes(SECOND)
    with path.open("rb") as opened:
        answered = await way.ask(
            "audio.transcriptions.create",
            model=HEAR,
            file=opened,
            prompt="a shop",
            language="en",
        )

    [span] = captured.spans
    sound, prompt = parts(captured, "gen_ai.input.messages")
    assert (span.name, span.kind) == (f"audio.transcriptions {HEAR}", "llm")
    assert sound == {
        "type": "blob",
        "modality": "audio",
        "mime_type": "audio/wav",
        "size_bytes": len(SECOND),
        "name": "voice.wav",
    }
    assert prompt["content"] == "a shop"
    assert answered.text == HEARD
    assert parts(captured, "gen_ai.output.messages")[0]["content"] == HEARD
    found = span.attributes
    assert found["tracer.request.language"] == "en"
    assert found["gen_ai.output.type"] == "text"
    assert found["gen_ai.usage.input_tokens"] == 12
    assert found["gen_ai.usage.audio.input_tokens"] == 10
    assert found["gen_ai.usage.text.input_tokens"] == 2
    assert found["gen_ai.usage.output_tokens"] == 10


@pytest.mark.parametrize("form", ["json", "text", "srt", "verbose_json"])
@pytest.mark.parametrize("door", ["", "with_raw_response."])
async def test_a_transcript_is_read_in_every_form(
    way: Way, captured: Captured, form: Any, door: str
) -> None:
    await way.ask(
        f"audio.transcriptions.{door}create",
        model="whisper-1",
        file=("voice.mp3", SECOND),
        response_format=form,
    )

    [said] = parts(captured, "gen_ai.output.messages")
    assert HEARD in said["content"]
    found = captured.spans[0].attributes
    assert ("tracer.usage.input_seconds" in found) is ("json" in form)
    assert found.get("tracer.usage.input_seconds", 1.0) == 1.0


async def test_a_streamed_transcript_is_recorded_as_the_same_unstreamed(
    way: Way, captured: Captured
) -> None:
    asked = {"model": HEAR, "file": SECOND}
    await way.ask("audio.transcriptions.create", **asked)
    await way.stream("audio.transcriptions.create", **asked)

    plain, streamed = captured.spans
    assert streamed.content == plain.content
    assert plain.attributes.items() <= streamed.attributes.items()


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
async def test_a_translation_is_recorded(way: Way, captured: Captured) -> None:
    await way.ask("audio.translations.create", model="whisper-1", file=SECOND)

    assert captured.spans[0].name == "audio.translations whisper-1"
    assert parts(captured, "gen_ai.output.messages")[0]["content"] == HEARD


async def test_logprobs_of_a_transcript_are_recorded(
    way: Way, captured: Captured
) -> None:
    await way.ask(
        "audio.transcriptions.create", model=HEAR, file=SECOND, include=["logprobs"]
    )

    [told] = captured.spans[0].content["tracer.logprobs"]
    assert told["n_tokens"] == len(HEARD.split())


def test_an_open_file_stays_where_it_is() -> None:
    class Recorder(io.BytesIO):
        touched = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.touched += 1
            return super().read(size)

        def seek(self, offset: int, whence: int = 0, /) -> int:
            self.touched += 1
            return super().seek(offset, whence)

    file = Recorder(b"12345678")
    file.name = "/home/me/private/a.mp3"
    [part] = uploads([("file", file)], "audio")

    assert (file.touched, file.tell()) == (0, 0)
    assert part["size_bytes"] == 8
    assert part["name"] == "a.mp3"


def test_a_file_without_a_size_is_named_all_the_same() -> None:
    class Endless:
        name = "live.ogg"

        def fileno(self) -> int:
            raise OSError("no such thing")

    assert uploads({"file": Endless()}, "audio") == [
        {
            "type": "blob",
            "modality": "audio",
            "mime_type": "audio/ogg",
            "name": "live.ogg",
        }
    ]


async def test_a_refused_upload_fails_the_span(way: Way, captured: Captured) -> None:
    with pytest.raises(openai.NotFoundError):
        await way.ask("audio.transcriptions.create", model="nope", file=SECOND)

    [span] = captured.spans
    assert span.attributes["error.type"] == "openai.NotFoundError"
    assert span.attributes["tracer.response.request_id"] == "req_local"


@pytest.mark.parametrize("path", ["/audio/speech", "/images/generations"])
def test_bytes_that_go_by_are_let_go_at_once(path: str) -> None:
    found = endpoint_of("post", path)
    assert found is not None
    endpoint, _ = found
    recording = Recording(
        Call(endpoint, NOOP, is_streamed=False), endpoint.body_joiner("audio/mpeg")
    )
    chunk = bytes(70_000)
    before = sys.getrefcount(chunk)
    for _ in range(3):
        recording.take(chunk)

    assert sys.getrefcount(chunk) == before
    recording.finish()
