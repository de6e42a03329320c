"""The OTLP routes: read a bounded body, have it stored, answer in its encoding."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from collector.access.rights import Access
from collector.errors import RequestTooLarge, UnsupportedRequest, UploadStalled
from collector.otlp.answers import answer_body
from collector.otlp.bodies import (
    JSON_TYPE,
    PROTOBUF_TYPE,
    encoding_of,
    is_json,
    wants_json,
)
from collector.otlp_paths import PREFIXES, SIGNALS
from collector.pending import QueueFull
from collector.receiving import COME_BACK, RETRY_AFTER_S, Received, outcome_of
from collector.records import Outcome, Signal
from collector.request_body import held_body


class OtlpRoute:
    """ASGI endpoint of one signal."""

    def __init__(self, signal: Signal) -> None:
        self._signal = signal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never redirects, never answers 500."""
        request = Request(scope, receive)
        stalled = False
        try:
            outcome, as_json = await self._handle(request)
        except ClientDisconnect:
            return
        except UploadStalled as error:
            # 408 says this better, but OTLP's senders give up at it
            outcome = Outcome(503, str(error))
            as_json = wants_json(_content_type(request))
            stalled = True
        response = Response(
            answer_body(outcome, self._signal, as_json=as_json),
            status_code=outcome.status,
            media_type=JSON_TYPE if as_json else PROTOBUF_TYPE,
        )
        if outcome.status == 503:
            response.headers["retry-after"] = str(RETRY_AFTER_S)
        if stalled:
            response.headers["connection"] = "close"
        if outcome.status == 405:
            response.headers["allow"] = "POST"
        await response(scope, receive, send)

    async def _handle(self, request: Request) -> tuple[Outcome, bool]:
        """Return the outcome and whether it is to be told in JSON."""
        if request.method != "POST":
            message = f"{request.method} is not read here; send POST"
            return Outcome(405, message), wants_json(_content_type(request))
        try:
            as_json = is_json(_content_type(request))
        except UnsupportedRequest as error:
            return Outcome(415, str(error)), True
        try:
            return await self._receive(request, as_json=as_json), as_json
        except UnsupportedRequest as error:
            return Outcome(415, str(error)), as_json
        except RequestTooLarge as error:
            return Outcome(413, str(error)), as_json
        except QueueFull:
            request.app.state.writer.count_refused()
            return COME_BACK, as_json

    async def _receive(self, request: Request, *, as_json: bool) -> Outcome:
        encoding = encoding_of(request.headers.get("content-encoding", ""))
        access: Access = request.state.access
        async with held_body(request) as body:
            received = Received(
                signal=self._signal,
                body=body,
                encoding=encoding,
                is_json=as_json,
                key_project=access.project or "",
            )
            return await outcome_of(received, request.app.state)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "")


ROUTES = [
    Route(f"{prefix}/{signal}{end}", OtlpRoute(signal))
    for prefix in PREFIXES
    for signal in SIGNALS
    for end in ("", "/")
]
