"""Bodies of requests: JSON, or a form with uploads as the client sends files."""

from dataclasses import dataclass
from email import message_from_bytes
from typing import Any

from starlette.requests import Request


@dataclass(frozen=True)
class Upload:
    """One file of a form."""

    name: str
    """The name that the sender gave it."""

    content: bytes
    """All of it."""


async def body_of(request: Request) -> dict[str, Any]:
    """Return the body's fields; files of a form as `Upload`, of repeated ones a list.

    A request without a body, such as a GET, has its query for fields.
    """
    if request.method == "GET":
        return dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return _form(kind, body)
    fields: dict[str, Any] = await request.json() if body else {}
    return fields


def _form(kind: str, body: bytes) -> dict[str, Any]:
    whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: dict[str, Any] = {}
    for part in whole.walk():
        field = part.get_param("name", header="content-disposition")
        if not isinstance(field, str):
            continue
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = part.get_filename()
        value = Upload(name, content) if name else _value(content.decode())
        if field.endswith("[]"):
            fields.setdefault(field.removesuffix("[]"), []).append(value)
        else:
            fields[field] = value
    return fields


def _value(text: str) -> Any:
    known = {"true": True, "false": False}
    return known.get(text, int(text) if text.isdecimal() else text)
