"""The OTLP routes: read a bounded body, have it stored, answer in its encoding."""

import asyncio
import itertools
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from collector.config import Settings
from collector.errors import RequestTooLarge, UnsupportedRequest
from collector.otlp.answers import answer_body
from collector.otlp.bodies import JSON_TYPE, digest, encoding_of, is_json
from collector.pending import QueueFull
from collector.records import OtlpRequest, Outcome, Signal
from collector.writer import Writer

RETRY_AFTER_S = 1
COME_BACK = Outcome(503, "the collector is busy; send again in a second")


@dataclass
class InFlight:
    """Requests between their arrival and their answer; used on the event loop only."""

    n_bytes: int = 0
    """Of all bodies that are held, read or half read."""

    outcomes: dict[bytes, "asyncio.Future[Outcome]"] = field(default_factory=dict)
    """Digest → what a repeat of the request awaits too."""


_numbers = itertools.count(secrets.randbits(31) << 32)


class OtlpRoute:
    """ASGI endpoint of one signal."""

    def __init__(self, signal: Signal) -> None:
        self._signal = signal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never redirects, never answers 500."""
        request = Request(scope, receive)
        try:
            outcome, as_json = await self._handle(request)
        except ClientDisconnect:
            return
        response = Response(
            answer_body(outcome, self._signal, as_json=as_json),
            status_code=outcome.status,
            media_type=JSON_TYPE if as_json else "application/x-protobuf",
        )
        if outcome.status == 503:
            response.headers["retry-after"] = str(RETRY_AFTER_S)
        if outcome.status == 405:
            response.headers["allow"] = "POST"
        await response(scope, receive, send)

    async def _handle(self, request: Request) -> tuple[Outcome, bool]:
        """Return the outcome and whether it is to be told in JSON."""
        content_type = request.headers.get("content-type", "")
        try:
            as_json = is_json(content_type)
        except UnsupportedRequest as error:
            status = 415 if request.method == "POST" else 405
            return Outcome(status, str(error)), True
        if request.method != "POST":
            return Outcome(
                405, f"{request.method} is not read here; send POST"
            ), as_json
        try:
            return await self._receive(request, as_json=as_json), as_json
        except UnsupportedRequest as error:
            return Outcome(415, str(error)), as_json
        except RequestTooLarge as error:
            return Outcome(413, str(error)), as_json
        except QueueFull:
            return COME_BACK, as_json

    async def _receive(self, request: Request, *, as_json: bool) -> Outcome:
        encoding = encoding_of(request.headers.get("content-encoding", ""))
        settings: Settings = request.app.state.settings
        in_flight: InFlight = request.app.state.in_flight
        held = 0
        chunks = []
        try:
            async for chunk in bounded_chunks(request, settings.max_body_bytes):
                held += len(chunk)
                in_flight.n_bytes += len(chunk)
                if in_flight.n_bytes > settings.max_pending_bytes:
                    raise QueueFull
                chunks.append(chunk)
            body = b"".join(chunks)
            key_project = ""
            context = (self._signal, str(as_json), encoding, key_project)
            otlp = OtlpRequest(
                number=next(_numbers),
                signal=self._signal,
                body=body,
                is_json=as_json,
                encoding=encoding,
                digest=digest(body, encoding, *context),
                key_project=key_project,
                received_ms=time.time_ns() // 1_000_000,
            )
            return await _stored(otlp, in_flight, request.app.state.writer)
        finally:
            in_flight.n_bytes -= held


async def _stored(otlp: OtlpRequest, in_flight: InFlight, writer: Writer) -> Outcome:
    """Return the outcome of a request, or of its like that is being stored already."""
    outcome = in_flight.outcomes.get(otlp.digest)
    if outcome is None:
        pending = writer.offer(otlp)
        outcome = asyncio.wrap_future(pending.outcome)
        in_flight.outcomes[otlp.digest] = outcome
        outcome.add_done_callback(lambda _: in_flight.outcomes.pop(otlp.digest))
    # shielded: a sender that goes away must not take the answer from its repeat
    return await asyncio.shield(outcome)


async def bounded_chunks(request: Request, max_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes, chunked or not, up to a limit.

    Raises:
        RequestTooLarge: it is announced to be longer, or turns out to be.
    """
    too_large = RequestTooLarge(
        f"the body is over {max_bytes} bytes; "
        "send smaller batches or raise TRACER_MAX_BODY_BYTES"
    )
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes:
        raise too_large
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > max_bytes:
            raise too_large
        yield chunk


_SIGNALS: tuple[Signal, ...] = ("traces", "logs")

ROUTES = [
    Route(f"/v1/{signal}{end}", OtlpRoute(signal))
    for signal in _SIGNALS
    for end in ("", "/")
]
