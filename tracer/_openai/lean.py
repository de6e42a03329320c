"""Values of the API without what no span should carry: base64 and encrypted blobs."""

import re
from collections.abc import Mapping
from typing import Any, Final

from tracer._openai.fields import fields_of

_SHORT: Final = 1_024
"""Characters up to which a text is kept without a look."""

_LOOKED_AT: Final = 256
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_DROPPED: Final = ("encrypted_content", "_request_id")
_MOST_LEVELS: Final = 20


def base64_size(data: str, begins_at: int = 0) -> int:
    """Return how many bytes a base64 text stands for; it may be long, so no copies."""
    length = len(data) - begins_at
    return length * 3 // 4 - data[-2:].count("=") if length > 0 else 0


def data_url(url: str) -> tuple[str, int] | None:
    """Return type and size of what a ``data:`` URL holds; None if it is none."""
    if url[:5].lower() != "data:":
        return None
    comma = url.find(",", 0, _LOOKED_AT)
    return url[5 : max(comma, 5)].partition(";")[0], base64_size(url, comma + 1)


def lean(value: Any, level: int = 0) -> Any:
    """Return a value as JSON's own types, blobs replaced by their type and size.

    Fields that are None or encrypted are left out: nobody can read anything in them.
    """
    if isinstance(value, str):
        return _lean_text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if level > _MOST_LEVELS:
        return "<deeper>"
    if isinstance(value, (list, tuple)):
        return [lean(item, level + 1) for item in value]
    if isinstance(value, Mapping) or hasattr(value, "__pydantic_fields__"):
        return {
            key: lean(item, level + 1)
            for key, item in fields_of(value).items()
            if item is not None and key not in _DROPPED
        }
    return value


def _lean_text(text: str) -> str:
    if len(text) > _SHORT and (found := data_url(text)):
        return f"<{found[0]}: {found[1]:,} bytes>"
    if len(text) > _SHORT and _BASE64.fullmatch(text[:_LOOKED_AT]):
        return f"<base64: {base64_size(text):,} bytes>"
    return text
