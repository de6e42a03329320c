"""Pictures, sounds and files within messages: shown if they are here, else named."""

import re
from collections.abc import Mapping
from typing import Any, Final

Part = dict[str, Any]

MOST_OF_A_PICTURE: Final = 8 * 1024 * 1024
"""Characters of a picture's base64; a larger one is only named."""

_PICTURE: Final = re.compile(
    r"data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE
)
_BEGINNING: Final = 80


def picture(part: Mapping[str, Any]) -> str | None:
    """Return the `data:` URL of a picture whose bytes the message holds, else None.

    Only still pictures that a browser draws without running anything; never an address
    of another host, which would learn who reads the trace.
    """
    content, uri = part.get("content"), part.get("uri") or part.get("url")
    url = uri if isinstance(uri, str) else ""
    if isinstance(content, str) and part.get("modality", "image") == "image":
        url = f"data:{part.get('mime_type') or 'image/png'};base64,{content}"
    if len(url) > MOST_OF_A_PICTURE or not _PICTURE.fullmatch(url):
        return None
    return url


def described(part: Mapping[str, Any]) -> str:
    """Return what is known of bytes that are not shown: name, type, size."""
    size_bytes = part.get("size_bytes")
    content = part.get("content")
    if size_bytes is None and isinstance(content, str):
        size_bytes = len(content) * 3 // 4
    told = [
        part.get("name") or part.get("file_id") or _address(part.get("uri")),
        part.get("mime_type"),
        f"{size_bytes:,} bytes" if isinstance(size_bytes, int) else None,
        part.get("size"),
    ]
    return " · ".join(str(each) for each in told if each)


def titled(part: Mapping[str, Any], kind: str) -> str:
    """Return what the bytes are (``image · uri``)."""
    modality = part.get("modality") or part.get("field")
    return " · ".join(str(each) for each in (modality, kind) if each)


def _address(uri: object) -> object:
    """Return an address to read; of bytes within one only the beginning."""
    if isinstance(uri, str) and uri.startswith("data:") and len(uri) > _BEGINNING:
        return f"{uri[:_BEGINNING]}…"
    return uri
