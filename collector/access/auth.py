"""The HTTP door: every request is judged before any route, or body, is looked at."""

import json
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from collector.access.rights import Denied, Doorkeeper

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/api/public/health"})
"""What a load balancer asks; tells nothing but whether the service works."""


class Door:
    """ASGI middleware: requests carry ``state.access``, or are answered 401 or 429."""

    def __init__(self, app: ASGIApp, *, doorkeeper: Doorkeeper) -> None:
        self._app = app
        self._doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say why not."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        peer = (scope.get("client") or ("", 0))[0]
        try:
            access = self._doorkeeper.admit(_authorization(scope), peer=peer)
        except Denied as denied:
            await refuse_denied(send, denied)
            return
        scope.setdefault("state", {})["access"] = access
        await self._app(scope, receive, send)


def _authorization(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return bytes(value).decode("latin-1")
    return None


async def refuse_denied(send: Send, denied: Denied) -> None:
    """Answer what the doorkeeper, or a missing scope, refuses."""
    headers = []
    if denied.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if denied.retry_after_s is not None:
        headers.append((b"retry-after", str(denied.retry_after_s).encode()))
    await refuse(
        send,
        denied.status,
        code=denied.code,
        message=denied.message,
        hint=denied.hint,
        headers=headers,
    )


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
