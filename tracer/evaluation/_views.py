"""Named views of a run: texts that show it in their own way, such as a report."""

import mimetypes
from collections.abc import Mapping
from typing import Any, Final

from tracer import _runtime, semconv
from tracer._values.text import clean_text

PLAIN: Final = "text/plain"

_TYPES: Final = {"md": "text/markdown", "markdown": "text/markdown"}
"""What `mimetypes` does not know on every system."""


def media_type(extension: str | None) -> str:
    """Return the media type of a file that ends so; of plain text if nobody knows."""
    ending = (extension or "txt").lstrip(".").lower()
    guessed, _ = mimetypes.guess_type(f"view.{ending}")
    return _TYPES.get(ending) or guessed or PLAIN


def view_attributes(
    name: str,
    content: Any,
    *,
    extension: str | None,
    mimetype: str | None,
    metadata: Mapping[str, Any] | None,
    encoding: str,
) -> dict[str, Any]:
    """Return a view as the attributes by which it travels.

    Raises:
        ValueError: Name or content is empty, the content is no text, or too long.
    """
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"the view {name!r} has no name; give a text")
    text = clean_text(_text(name, content, encoding))
    if not text:
        raise ValueError(f"the view {name!r} is empty; give its content")
    most, size = _runtime.state.settings.max_value_bytes, len(text.encode())
    if size > most:
        raise ValueError(
            f"the view {name!r} has {size:,} bytes, max_value_bytes allows {most:,}; "
            "shorten it, or give tracer.configure a greater max_value_bytes"
        )
    if not _runtime.state.settings.capture_content:
        text = ""
    redactor = _runtime.state.redactor
    said: dict[str, Any] = {
        semconv.VIEW_NAME: redactor.label(clean_text(name)),
        semconv.VIEW_MEDIA_TYPE: mimetype or _type_of(content, extension),
        semconv.VIEW_CONTENT: redactor.text_or_json(text),
    }
    if metadata:
        facts = redactor.encoded(dict(metadata), most)
        said[semconv.VIEW_METADATA] = facts.decode()
    return said


def _text(name: str, content: Any, encoding: str) -> str:
    """Return a text, the text of bytes, or that of Weave's Content."""
    content = getattr(content, "data", content)
    if isinstance(content, str):
        return content
    if not isinstance(content, bytes | bytearray):
        kind = type(content).__name__
        raise ValueError(f"the view {name!r} is a {kind}; give a text, or bytes of one")
    try:
        return bytes(content).decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(
            f"the view {name!r} is no text in {encoding}; views are texts, such as "
            "Markdown, HTML, CSV or SVG"
        ) from None


def _type_of(content: Any, extension: str | None) -> str:
    told = getattr(content, "mimetype", None)
    return (
        told if extension is None and isinstance(told, str) else media_type(extension)
    )
