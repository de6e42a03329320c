"""Pictures of one colour, drawn from the prompt: real PNG files, small ones."""

import base64
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from examples.openai_server.tokens import count

_SIDE = 64
_CREATED = 1_767_225_600


def png(prompt: str) -> bytes:
    """Return a picture in the colour that belongs to the prompt."""
    digest = zlib.crc32(prompt.encode())
    row = b"\0" + bytes(digest >> shift & 0xFF for shift in (16, 8, 0)) * _SIDE
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(row * _SIDE)),
            _chunk(b"IEND", b""),
        ]
    )


def images(body: Mapping[str, Any], n_pictures: int) -> dict[str, Any]:
    """Return what was drawn: as base64, or by address where the model gives one."""
    prompt = body.get("prompt") or "a variation"
    drawn = [_image(body, f"{prompt} {n}") for n in range(body.get("n") or 1)]
    answered: dict[str, Any] = {"created": _CREATED, "data": drawn}
    if str(body["model"]).startswith("gpt-image"):
        answered |= _shape(body) | {"usage": _usage(prompt, len(drawn), n_pictures)}
    return answered


def events(
    body: Mapping[str, Any], n_pictures: int, kind: str
) -> Iterator[dict[str, Any]]:
    """Yield the sketches that were asked for, and the picture."""
    data = base64.b64encode(png(str(body["prompt"]))).decode()
    told = {"b64_json": data, "created_at": _CREATED, **_shape(body)}
    for index in range(body.get("partial_images") or 0):
        yield {"type": f"{kind}.partial_image", "partial_image_index": index, **told}
    usage = _usage(str(body["prompt"]), 1, n_pictures)
    yield {"type": f"{kind}.completed", "usage": usage, **told}


def _image(body: Mapping[str, Any], prompt: str) -> dict[str, Any]:
    as_url = not str(body["model"]).startswith("gpt-image")
    if as_url and body.get("response_format") != "b64_json":
        revised = f"A picture in one colour: {prompt}"
        return {"url": "https://images.example/one.png", "revised_prompt": revised}
    return {"b64_json": base64.b64encode(png(prompt)).decode()}


def _shape(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "background": "opaque",
        "output_format": "png",
        "quality": body.get("quality") or "medium",
        "size": body.get("size") or "1024x1024",
    }


def _usage(prompt: str, n_drawn: int, n_pictures: int) -> dict[str, Any]:
    text, given, drawn = count(prompt), 300 * n_pictures, 1_056 * n_drawn
    return {
        "input_tokens": text + given,
        "input_tokens_details": {"text_tokens": text, "image_tokens": given},
        "output_tokens": drawn,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": drawn},
        "total_tokens": text + given + drawn,
    }


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return (
        struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
    )
