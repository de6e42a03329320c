"""Errors that are made before or beside the OTLP routes, told as OTLP tells them.

No key, a foreign origin, a path that is none: whoever says so says it in the read API's
form, ``{"error": {"code", "message", "hint"}}``. A sender reads google.rpc.Status.
"""

import json
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collector.otlp.answers import status_body
from collector.otlp.bodies import JSON_TYPE, PROTOBUF_TYPE, wants_json
from collector.otlp_paths import is_otlp

FIRST_ERROR = 400


class OtlpErrors:
    """ASGI middleware: rewrites the read API's errors on paths of OTLP."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back in the sender's encoding."""
        if scope["type"] == "http" and is_otlp(scope["path"]):
            as_json = wants_json(Headers(scope=scope).get("content-type", ""))
            send = _Rewriting(send, as_json=as_json)
        await self._app(scope, receive, send)


class _Rewriting:
    """Sends an answer on; one that is an error, once it is whole."""

    def __init__(self, send: Send, *, as_json: bool) -> None:
        self._send = send
        self._as_json = as_json
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] >= FIRST_ERROR:
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body", False):
                return
            body = self._rewritten(self._start)
            await self._send(self._start)
            message = {"type": "http.response.body", "body": body}
            self._start = None
        await self._send(message)

    def _rewritten(self, start: Message) -> bytes:
        headers = MutableHeaders(raw=start["headers"])
        error = _error_in(self._body) if is_json_answer(headers) else None
        if error is None:
            return self._body
        message = "; ".join(filter(None, (error.get("message"), error.get("hint"))))
        body = status_body(start["status"], message, as_json=self._as_json)
        headers["content-type"] = JSON_TYPE if self._as_json else PROTOBUF_TYPE
        headers["content-length"] = str(len(body))
        start["headers"] = headers.raw
        return body


def is_json_answer(headers: Headers) -> bool:
    """Return whether an answer is JSON."""
    return headers.get("content-type", "").startswith(JSON_TYPE)


def _error_in(body: bytes) -> dict[str, Any] | None:
    try:
        error = json.loads(body).get("error")
    except (ValueError, AttributeError):
        return None
    return error if isinstance(error, dict) else None
