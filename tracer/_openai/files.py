"""Uploads as references: name, type and size, never read, moved or closed."""

import os
from collections.abc import Mapping
from typing import Any, Final

from tracer._guard import attempt
from tracer._openai.parts import Part, sized_part

_TYPES: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "mpga": "audio/mpeg",
    "mpeg": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "audio/mp4",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "webm": "audio/webm",
}
"""By the end of a file's name; the standard library would read the system's list."""


def uploads(files: Any, modality: str) -> list[Part]:
    """Return a reference to each file of a multipart request.

    Args:
        files: (field, file) pairs or a mapping, as the client hands them on.
        modality: What the endpoint takes them for: ``image`` or ``audio``.
    """
    pairs = files.items() if isinstance(files, Mapping) else files or ()
    return [_upload(field, file, modality) for field, file in pairs]


def _upload(field: str, file: Any, modality: str) -> Part:
    name, content, mime_type = _taken_apart(file)
    part = sized_part(modality, mime_type or _type_of(name), _size(content))
    if name:
        part["name"] = name
    main = field.removesuffix("[]")
    return part if main in ("file", "image") else {**part, "field": main}


def _taken_apart(file: Any) -> tuple[str, Any, str]:
    """Return name, content and type of a file in any form that the client takes."""
    if not isinstance(file, tuple):
        return _name_of(file), file, ""
    given, content = file[0], file[1]
    mime_type = file[2] if len(file) > 2 else ""
    name = os.path.basename(given) if isinstance(given, str) else _name_of(content)
    return name, content, mime_type if isinstance(mime_type, str) else ""


def _name_of(content: Any) -> str:
    name = getattr(content, "name", None)
    return os.path.basename(name) if isinstance(name, str) else ""


def _type_of(name: str) -> str:
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def _size(content: Any) -> int | None:
    """Return the size of bytes or of an open file without touching its position."""
    if isinstance(content, (bytes, bytearray)):
        return len(content)
    if isinstance(content, str):
        return len(content.encode(errors="replace"))
    return attempt("measure an upload", lambda: _size_of_open(content), otherwise=None)


def _size_of_open(content: Any) -> int | None:
    if hasattr(content, "getbuffer"):
        with content.getbuffer() as view:
            return int(view.nbytes)
    if hasattr(content, "fileno"):
        return os.fstat(content.fileno()).st_size
    return None
