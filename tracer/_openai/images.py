"""Pictures made or changed: what was asked for, and what came, as references."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tracer import semconv
from tracer._openai.fields import Reading, fields_of, get, items, text
from tracer._openai.files import uploads
from tracer._openai.lean import base64_size
from tracer._openai.parts import Part, media_part, sized_part, text_part
from tracer._openai.settings import request_settings
from tracer._openai.usage import usage_attributes

_SHAPE: Final = ("size", "quality", "background")


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what a request asks to be drawn, and from which pictures."""
    settings = request_settings(body)
    settings[semconv.OUTPUT_TYPE] = "image"
    parts: list[Part] = []
    if prompt := text(body, "prompt"):
        parts.append(text_part(prompt))
    parts += uploads(body.get("files"), "image")
    return Reading(settings, {semconv.INPUT_MESSAGES: [_message("user", parts)]})


def read_response(answer: Any) -> Reading:
    """Return what was drawn: one message for each picture."""
    fields = fields_of(answer)
    messages = [
        _message("assistant", _drawn(fields_of(image), fields))
        for image in items(fields, "data")
    ]
    content = {semconv.OUTPUT_MESSAGES: messages} if messages else {}
    error = fields.get("error")
    return Reading(
        usage_attributes(fields.get("usage")),
        content,
        text(error, "message") if error else None,
    )


def _drawn(image: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Part]:
    parts: list[Part] = []
    if url := text(image, "url"):
        parts.append(media_part("image", url))
    elif (size_bytes := _size(image)) is not None:
        mime_type = f"image/{text(answer, 'output_format') or 'png'}"
        parts.append(sized_part("image", mime_type, size_bytes))
    shape = {name: answer[name] for name in _SHAPE if answer.get(name)}
    parts = [{**part, **shape} for part in parts]
    if revised := text(image, "revised_prompt"):
        parts.append(text_part(revised))
    return parts


def _size(image: Mapping[str, Any]) -> int | None:
    if data := text(image, "b64_json"):
        return base64_size(data)
    size_bytes = image.get("size_bytes")
    return size_bytes if isinstance(size_bytes, int) else None


def _message(role: str, parts: list[Part]) -> dict[str, Any]:
    return {"role": role, "parts": parts}


class ImageJoiner:
    """The answer so far; of each picture only its size is kept, at once."""

    fold_every = 1

    def __init__(self) -> None:
        self._shape: dict[str, Any] = {}
        self._usage: Any = None
        self._error: Any = None
        self._partial: list[dict[str, Any]] = []
        self._whole: list[dict[str, Any]] = []

    def add(self, chunks: Iterable[Any]) -> None:
        """Take further events, in their order."""
        for chunk in chunks:
            event = fields_of(chunk)
            kind = text(event, "type")
            if error := event.get("error"):
                self._error = error
            elif kind.endswith((".partial_image", ".completed")):
                image = {"size_bytes": base64_size(text(event, "b64_json"))}
                is_whole = kind.endswith(".completed")
                (self._whole if is_whole else self._partial).append(image)
                self._usage = event.get("usage") or self._usage
                self._shape = {
                    name: get(event, name) for name in (*_SHAPE, "output_format")
                }

    def joined(self) -> dict[str, Any]:
        """Return the answer as far as it came: whole pictures, or the last sketch."""
        return {
            **self._shape,
            "data": self._whole or self._partial[-1:],
            "usage": self._usage,
            "error": self._error,
        }
