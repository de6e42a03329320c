"""Speech that is silent, and transcripts of it: the right forms, sizes and prices."""

import base64
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from examples.openai_server import logprobs
from examples.openai_server.forms import Upload
from examples.openai_server.tokens import count, pieces

_RATE = 8_000
_BYTES_A_PIECE = 8_192
HEARD = "I would like to know where my parcel is."
"""What every recording says."""

TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "opus": "audio/ogg"}


def wav(text: str) -> bytes:
    """Return a tenth of a second of silence for each character."""
    n_bytes = len(text) * _RATE // 10
    head = struct.pack("<4sI4s", b"RIFF", 36 + n_bytes, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _RATE, 1, 8)
    return head + form + struct.pack("<4sI", b"data", n_bytes) + b"\x80" * n_bytes


def spoken(body: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield speech in pieces."""
    sound = wav(str(body["input"]))
    for start in range(0, len(sound), _BYTES_A_PIECE):
        yield sound[start : start + _BYTES_A_PIECE]


def speech_events(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield speech as events, its price last."""
    for piece in spoken(body):
        audio = base64.b64encode(piece).decode()
        yield {"type": "speech.audio.delta", "audio": audio}
    n_input, n_output = count(str(body["input"])), 20 * count(str(body["input"]))
    usage = {
        "input_tokens": n_input,
        "output_tokens": n_output,
        "total_tokens": n_input + n_output,
    }
    yield {"type": "speech.audio.done", "usage": usage}


def transcription(body: Mapping[str, Any]) -> dict[str, Any] | str:
    """Return the transcript in the form that was asked for."""
    form = body.get("response_format") or "json"
    seconds = _seconds(body["file"])
    if form == "text":
        return HEARD + "\n"
    if form == "srt":
        return f"1\n00:00:00,000 --> 00:00:0{seconds:.0f},000\n{HEARD}\n"
    if form == "verbose_json":
        told = {"task": "transcribe", "language": "english", "duration": seconds}
        return {**told, "text": HEARD, "segments": [], "usage": _by_time(seconds)}
    answered: dict[str, Any] = {"text": HEARD, "usage": _usage(body, seconds)}
    if "logprobs" in (body.get("include") or ()):
        answered["logprobs"] = logprobs.of_chat(HEARD, 0)["content"]
    return answered


def transcription_events(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the transcript as the API streams it, its price last."""
    for piece in pieces(HEARD):
        yield {"type": "transcript.text.delta", "delta": piece}
    usage = _usage(body, _seconds(body["file"]))
    yield {"type": "transcript.text.done", "text": HEARD, "usage": usage}


def _seconds(file: Upload) -> float:
    return max(len(file.content) - 44, 0) / _RATE


def _usage(body: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """Return tokens, or for the older model the length that it is billed by."""
    if str(body["model"]).startswith("whisper"):
        return _by_time(seconds)
    heard, told, said = round(seconds * 10), count(body.get("prompt") or ""), 10
    return {
        "type": "tokens",
        "input_tokens": heard + told,
        "input_token_details": {"audio_tokens": heard, "text_tokens": told},
        "output_tokens": said,
        "total_tokens": heard + told + said,
    }


def _by_time(seconds: float) -> dict[str, Any]:
    return {"type": "duration", "seconds": seconds}
