"""The OTLP routes: read a bounded body, have it stored, answer in its encoding."""

import asyncio
import itertools
import secrets
import time

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from collector.access import Access
from collector.errors import RequestTooLarge, UnsupportedRequest, UploadStalled
from collector.otlp.answers import answer_body
from collector.otlp.bodies import JSON_TYPE, digest, encoding_of, is_json
from collector.pending import QueueFull
from collector.records import OtlpRequest, Outcome, Signal
from collector.request_body import held_body
from collector.writer import Writer

RETRY_AFTER_S = 1
COME_BACK = Outcome(503, "the collector is busy; send again in a second")


InFlight = dict[bytes, "asyncio.Future[Outcome]"]
"""Digest → what a repeat of the request awaits too; used on the event loop only."""

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
        if outcome.status == 408:
            response.headers["connection"] = "close"
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
        except UploadStalled as error:
            return Outcome(408, str(error)), as_json
        except QueueFull:
            request.app.state.writer.count_refused()
            return COME_BACK, as_json

    async def _receive(self, request: Request, *, as_json: bool) -> Outcome:
        encoding = encoding_of(request.headers.get("content-encoding", ""))
        access: Access = request.state.access
        key_project = access.project or ""
        context = (self._signal, str(as_json), encoding, key_project)
        async with held_body(request) as body:
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
            state = request.app.state
            return await _stored(otlp, state.in_flight, state.writer)


async def _stored(otlp: OtlpRequest, in_flight: InFlight, writer: Writer) -> Outcome:
    """Return the outcome of a request, or of its like that is being stored already."""
    outcome = in_flight.get(otlp.digest)
    if outcome is None:
        pending = writer.offer(otlp)
        outcome = asyncio.wrap_future(pending.outcome)
        in_flight[otlp.digest] = outcome
        outcome.add_done_callback(lambda _: in_flight.pop(otlp.digest))
    # shielded: a sender that goes away must not take the answer from its repeat
    return await asyncio.shield(outcome)


_SIGNALS: tuple[Signal, ...] = ("traces", "logs")

ROUTES = [
    Route(f"/v1/{signal}{end}", OtlpRoute(signal))
    for signal in _SIGNALS
    for end in ("", "/")
]
