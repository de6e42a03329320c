"""Request bodies: read within limits, and counted while they are held."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import Request

from collector.config import Settings
from collector.errors import RequestTooLarge
from collector.pending import QueueFull


@dataclass
class BodiesHeld:
    """What all requests hold together; used on the event loop only."""

    n_bytes: int = 0
    """Of all bodies between their first byte and their answer."""


@contextlib.asynccontextmanager
async def held_body(request: Request) -> AsyncIterator[bytes]:
    """Lend the body, chunked or not; its bytes count until the block ends.

    Raises:
        RequestTooLarge: it is announced to be longer than the settings allow, or turns
            out to be.
        QueueFull: other bodies leave no room for it now.
        ClientDisconnect: the sender left.
    """
    settings: Settings = request.app.state.settings
    bodies: BodiesHeld = request.app.state.bodies_held
    _check_size(int(_announced(request)), settings)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            bodies.n_bytes += len(chunk)
            _check_size(size, settings)
            if bodies.n_bytes > settings.max_pending_bytes:
                raise QueueFull
            chunks.append(chunk)
        yield b"".join(chunks)
    finally:
        bodies.n_bytes -= size


def _announced(request: Request) -> str:
    text = request.headers.get("content-length", "")
    return text if text.isdigit() else "0"


def _check_size(size: int, settings: Settings) -> None:
    for name in ("max_body_bytes", "max_pending_bytes"):
        if size > (limit := getattr(settings, name)):
            raise RequestTooLarge(
                f"the body is over {limit} bytes; "
                f"send smaller batches or raise TRACER_{name.upper()}"
            )
