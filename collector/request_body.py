"""Request bodies: read within limits, and counted while they are held."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from starlette.requests import Request

from collector.config import Settings
from collector.errors import RequestTooLarge, UploadStalled
from collector.pending import QueueFull


@dataclass(eq=False)
class Upload:
    """A body that is being read."""

    patience: asyncio.Timeout
    """Runs out when its sender stands still, or when it has to make room."""

    n_bytes: int = 0
    """What came of it."""

    is_shed: bool = False
    """Whether it had to make room for others."""


@dataclass
class BodiesHeld:
    """What all requests hold together; used on the event loop only."""

    n_bytes: int = 0
    """Of all bodies between their first byte and their answer."""

    uploads: set[Upload] = field(default_factory=set)
    """Those of them that are not whole yet."""

    def count(self, upload: Upload, n_bytes: int, *, at_most: int) -> None:
        """Count bytes that came; if they are too many, end the largest uploads.

        So a few that stand still cannot keep all others out.

        Raises:
            QueueFull: this upload is the largest.
        """
        upload.n_bytes += n_bytes
        self.n_bytes += n_bytes
        while self.n_bytes > at_most and self.uploads:
            largest = max(self.uploads, key=lambda one: one.n_bytes)
            self.drop(largest)
            if largest is upload:
                raise QueueFull
            largest.is_shed = True
            if not largest.patience.expired():
                largest.patience.reschedule(0)

    def drop(self, upload: Upload) -> None:
        """Count an upload's bytes no more."""
        self.uploads.discard(upload)
        self.n_bytes -= upload.n_bytes
        upload.n_bytes = 0


@contextlib.asynccontextmanager
async def held_body(request: Request) -> AsyncIterator[bytes]:
    """Lend the body, chunked or not; its bytes count until the block ends.

    Raises:
        RequestTooLarge: it is announced to be longer than the settings allow, or turns
            out to be.
        QueueFull: other bodies leave no room for it now.
        UploadStalled: nothing came of it for `upload_timeout_s`.
        ClientDisconnect: the sender left.
    """
    settings: Settings = request.app.state.settings
    bodies: BodiesHeld = request.app.state.bodies_held
    _check_size(int(_announced(request)), settings)
    upload = Upload(asyncio.timeout(settings.upload_timeout_s))
    try:
        yield await _read(request, upload, bodies, settings)
    finally:
        bodies.drop(upload)


@contextlib.contextmanager
def held_whole(bodies: BodiesHeld, n_bytes: int, *, at_most: int) -> Iterator[None]:
    """Count a body that came in one piece until the block ends.

    Raises:
        QueueFull: other bodies leave no room for it now.
    """
    upload = Upload(asyncio.timeout(None))
    bodies.uploads.add(upload)
    try:
        bodies.count(upload, n_bytes, at_most=at_most)
        bodies.uploads.discard(upload)
        yield
    finally:
        bodies.drop(upload)


async def _read(
    request: Request, upload: Upload, bodies: BodiesHeld, settings: Settings
) -> bytes:
    now = asyncio.get_running_loop().time
    chunks: list[bytes] = []
    bodies.uploads.add(upload)
    try:
        async with upload.patience:
            async for chunk in request.stream():
                if upload.is_shed:
                    raise QueueFull
                upload.patience.reschedule(now() + settings.upload_timeout_s)
                _check_size(upload.n_bytes + len(chunk), settings)
                most = settings.max_pending_bytes
                bodies.count(upload, len(chunk), at_most=most)
                chunks.append(chunk)
    except TimeoutError:
        if upload.is_shed:
            raise QueueFull from None
        raise UploadStalled(
            f"nothing came of the body for {settings.upload_timeout_s} s; send it again"
        ) from None
    finally:
        bodies.uploads.discard(upload)
    return b"".join(chunks)


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
