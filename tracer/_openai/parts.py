"""Parts of a message in the GenAI schema; media as references, never copied whole."""

from typing import Any

from tracer._openai.fields import fields_of, get, text
from tracer._openai.lean import base64_size, data_url, lean
from tracer._values.json_text import value_of

Part = dict[str, Any]


def text_part(content: str) -> Part:
    """Return a part of words."""
    return {"type": "text", "content": content}


def reasoning_part(content: str) -> Part:
    """Return a part of the model's reasoning."""
    return {"type": "reasoning", "content": content}


def refusal_part(content: str) -> Part:
    """Return the words with which a model declined."""
    return {"type": "refusal", "content": content}


def tool_call_part(call_id: Any, name: Any, arguments: Any) -> Part:
    """Return a call of a tool; arguments that are JSON text become their value."""
    part = {"type": "tool_call", "name": name or "", "arguments": value_of(arguments)}
    return {**part, "id": call_id} if call_id else part


def tool_response_part(call_id: Any, response: Any) -> Part:
    """Return what a tool answered to the call with that id: text, parts or a value."""
    if not isinstance(response, str):
        is_parts = isinstance(response, (list, tuple)) and all(
            text(item, "type") in _CONTENT_TYPES for item in response
        )
        response = content_parts(response) if is_parts else lean(response)
    part = {"type": "tool_call_response", "response": response}
    return {**part, "id": call_id} if call_id else part


def media_part(modality: str, url: str) -> Part:
    """Return a reference to a picture, sound or document at a URL.

    The convention forbids ``data:`` URLs in ``uri``; copying megabytes of base64 into
    every span helps nobody, so a blob says what it was and how large.
    """
    if (found := data_url(url)) is None:
        return {"type": "uri", "modality": modality, "uri": url}
    return sized_part(modality, *found)


def blob_part(modality: str, mime_type: str, data: str) -> Part:
    """Return a reference to base64 data: what it was and how large, not the data."""
    return sized_part(modality, mime_type, base64_size(data))


def sized_part(modality: str, mime_type: str, size_bytes: int | None) -> Part:
    """Return a reference to bytes that went by; None if nobody knows how many."""
    part = {"type": "blob", "modality": modality, "mime_type": mime_type}
    return part if size_bytes is None else {**part, "size_bytes": size_bytes}


def file_part(file: Any) -> Part:
    """Return a reference to a file given by id, by URL or as base64."""
    if file_id := text(file, "file_id"):
        return {"type": "file", "modality": "document", "file_id": file_id}
    if url := text(file, "file_url"):
        return media_part("document", url)
    data = text(file, "file_data")
    mime_type, size_bytes = data_url(data) or ("", base64_size(data))
    part = sized_part("document", mime_type, size_bytes)
    return {**part, "name": text(file, "filename")}


def content_parts(content: Any) -> list[Part]:
    """Return the parts of a message's ``content``: text, or the API's list of parts."""
    if content is None or content == "":
        return []
    if isinstance(content, str):
        return [text_part(content)]
    if isinstance(content, (list, tuple)):
        return [_content_part(part) for part in content]
    return [text_part(str(content))]


_TEXT_TYPES = ("text", "input_text", "output_text")
_CONTENT_TYPES = (
    *_TEXT_TYPES,
    "image_url",
    "input_image",
    "input_audio",
    "file",
    "input_file",
)


def _content_part(part: Any) -> Part:
    """Translate one part as chat completions or responses spell it."""
    fields = fields_of(part)
    kind = fields.get("type") or ""
    if kind in _TEXT_TYPES:
        return text_part(fields.get("text") or "")
    if isinstance(part, str):
        return text_part(part)
    if kind == "refusal":
        return refusal_part(text(part, "refusal"))
    if kind in ("image_url", "input_image"):
        return _image_part(part)
    if kind == "input_audio":
        audio = get(part, "input_audio")
        return blob_part("audio", f"audio/{text(audio, 'format')}", text(audio, "data"))
    if kind == "file":
        return file_part(get(part, "file"))
    if kind == "input_file":
        return file_part(part)
    return {**lean(fields), "type": kind or "unknown"}


def _image_part(part: Any) -> Part:
    if file_id := text(part, "file_id"):
        return {"type": "file", "modality": "image", "file_id": file_id}
    image = get(part, "image_url")
    return media_part("image", image if isinstance(image, str) else text(image, "url"))
