"""Who may come in: with a key set, every request must carry it."""

import hmac
import json
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from collector.credentials import key_in

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""What a load balancer asks; tells nothing but whether the service works."""


class KeyRequired:
    """ASGI middleware: ``Authorization: Bearer KEY``, Basic with it, or 401."""

    def __init__(self, app: ASGIApp, *, api_key: str) -> None:
        self._app = app
        self._api_key = api_key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
        elif hmac.compare_digest(_sent_key(scope), self._api_key):
            await self._app(scope, receive, send)
        else:
            await refuse(
                send,
                401,
                code="unauthorized",
                message="the request carries no valid key",
                hint="send 'Authorization: Bearer KEY' or set TRACER_API_KEY",
                headers=[(b"www-authenticate", b"Bearer")],
            )


def _sent_key(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return key_in(bytes(value).decode("latin-1")).encode()
    return b""


async def refuse(
    send: Send,
    status: int,
    *,
    code: str,
    message: str,
    hint: str,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """Answer a request that does not reach the application."""
    error = {"code": code, "message": message, "hint": hint}
    body = json.dumps({"error": error}).encode()
    all_headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send(
        {"type": "http.response.start", "status": status, "headers": all_headers}
    )
    await send({"type": "http.response.body", "body": body})
