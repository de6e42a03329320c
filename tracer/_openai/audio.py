"""Speech made from text, and text made from speech; sound is only referred to."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tracer import semconv
from tracer._openai.fields import Reading, Wanted, fields_of, get, items, text, typed
from tracer._openai.files import uploads
from tracer._openai.joiner import FEW, Joiner
from tracer._openai.lean import base64_size
from tracer._openai.logprobs import listed, summary
from tracer._openai.parts import sized_part, text_part
from tracer._openai.settings import request_settings
from tracer._openai.usage import usage_attributes
from tracer._openai.wire import EVENT_STREAM, WireJoiner, content_type

_SPOKEN: Final[Wanted] = {"voice": (semconv.REQUEST_VOICE, str)}
_HEARD: Final[Wanted] = {"language": (semconv.REQUEST_LANGUAGE, str)}


def read_speech_request(body: Mapping[str, Any]) -> Reading:
    """Return what is to be spoken, and how."""
    attributes = typed(body, _SPOKEN)
    attributes[semconv.OUTPUT_TYPE] = "speech"
    content: dict[str, Any] = {
        semconv.INPUT_MESSAGES: [
            {"role": "user", "parts": [text_part(text(body, "input"))]}
        ]
    }
    if instructions := text(body, "instructions"):
        content[semconv.SYSTEM_INSTRUCTIONS] = [text_part(instructions)]
    return Reading(attributes, content)


def read_speech(answer: Any) -> Reading:
    """Return type and size of what was spoken, and what it cost if that was told.

    Args:
        answer: The client's binary answer, or what a joiner makes of its bytes.
    """
    fields = fields_of(answer)
    response: Any = fields.get("response")
    if hasattr(response, "headers"):
        joiner = speech_joiner(content_type(response))
        joiner.add([response.content])
        fields = joiner.joined()
    part = sized_part("audio", text(fields, "mime_type"), fields.get("size_bytes"))
    message = {"role": "assistant", "parts": [part]}
    return Reading(
        usage_attributes(fields.get("usage")), {semconv.OUTPUT_MESSAGES: [message]}
    )


def speech_joiner(mime_type: str) -> Joiner:
    """Return who follows speech that comes as it is, or in events."""
    if mime_type == EVENT_STREAM:
        return WireJoiner(_SpeechEvents(), mime_type)
    return _Sizes(mime_type)


class _Sizes:
    """Counts bytes that go by and keeps none of them."""

    fold_every = 1

    def __init__(self, mime_type: str) -> None:
        self._mime_type = mime_type
        self._size_bytes = 0

    def add(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self._size_bytes += len(chunk)

    def joined(self) -> dict[str, Any]:
        return {"size_bytes": self._size_bytes, "mime_type": self._mime_type}


class _SpeechEvents:
    """Counts the sound within events; the last one tells the usage."""

    fold_every = 1

    def __init__(self) -> None:
        self._size_bytes = 0
        self._usage: Any = None

    def add(self, chunks: Iterable[Any]) -> None:
        for event in chunks:
            self._size_bytes += base64_size(text(event, "audio"))
            self._usage = get(event, "usage") or self._usage

    def joined(self) -> dict[str, Any]:
        told = {"size_bytes": self._size_bytes, "usage": self._usage}
        return {**told, "mime_type": EVENT_STREAM}


def read_transcription_request(body: Mapping[str, Any]) -> Reading:
    """Return which recording is to be written down, and what helps with it."""
    attributes = request_settings(body) | typed(body, _HEARD)
    attributes[semconv.OUTPUT_TYPE] = "text"
    parts = uploads(body.get("files"), "audio")
    if prompt := text(body, "prompt"):
        parts.append(text_part(prompt))
    return Reading(
        attributes, {semconv.INPUT_MESSAGES: [{"role": "user", "parts": parts}]}
    )


def read_transcription(answer: Any) -> Reading:
    """Return the text, in whichever form it was asked for, and what it cost."""
    fields = fields_of(answer)
    attributes = usage_attributes(fields.get("usage"))
    duration = fields.get("duration")
    if isinstance(duration, (int, float)):
        attributes.setdefault(semconv.USAGE_INPUT_SECONDS, float(duration))
    said = answer if isinstance(answer, str) else text(fields, "text")
    content: dict[str, Any] = {}
    if said:
        message = {"role": "assistant", "parts": [text_part(said)]}
        content[semconv.OUTPUT_MESSAGES] = [message]
    if numbers := list(listed(items(fields, "logprobs"))):
        content[semconv.LOGPROBS] = summary([numbers])
    error = fields.get("error")
    return Reading(attributes, content, text(error, "message") if error else None)


class TranscriptionJoiner:
    """The transcription so far; the last event holds all of it, if it comes."""

    fold_every = FEW

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._done: Mapping[str, Any] = {}
        self._error: Any = None

    def add(self, chunks: Iterable[Any]) -> None:
        """Take further events, in their order."""
        for chunk in chunks:
            event = fields_of(chunk)
            kind = event.get("type")
            if kind == "transcript.text.delta":
                self._pieces.append(text(event, "delta"))
            elif kind == "transcript.text.done":
                self._done = event
            elif event.get("error"):
                self._error = get(event, "error")

    def joined(self) -> dict[str, Any]:
        """Return the transcription as far as it came."""
        said = text(self._done, "text") or "".join(self._pieces)
        return {**self._done, "text": said, "error": self._error}
