"""OTLP over gRPC: the bytes of a request go the same way as those that came by HTTP.

Each method is served as one that takes a stream, which on the wire is the same: so the
key is looked at, and the turn awaited, before a message is read. It is never parsed.
"""

import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.datastructures import State

from collector.access.rights import Denied, Doorkeeper
from collector.api.refusals import Refusal
from collector.config import Settings
from collector.grpc import port as grpc_port
from collector.grpc.reads import READS_AT_ONCE, MessageReads
from collector.otlp.answers import answer_body
from collector.otlp.bodies import sniffed_encoding
from collector.pending import QueueFull
from collector.receiving import COME_BACK, RETRY_AFTER_S, Received, outcome_of
from collector.records import Outcome, Signal
from collector.request_body import BodiesHeld, held_whole

if TYPE_CHECKING:
    import grpc

SERVICES: Mapping[Signal, str] = {
    "traces": "opentelemetry.proto.collector.trace.v1.TraceService",
    "logs": "opentelemetry.proto.collector.logs.v1.LogsService",
    "metrics": "opentelemetry.proto.collector.metrics.v1.MetricsService",
}

CLOSE_LIMIT_S = 5

_OPTIONS = (
    ("grpc.so_reuseport", 0),  # else a second collector takes half of the requests
    ("grpc.max_concurrent_streams", 4 * READS_AT_ONCE),
    # else the window grows to the connection's speed, and what waits for its turn is
    # taken in all the same (40 messages of 20 MB, unread: 676 MB in place of 37)
    ("grpc.http2.bdp_probe", 0),
    ("grpc.http2.lookahead_bytes", 64 * 1024),
    # messages stay compressed: the writer inflates them, within its limit
    ("grpc.per_message_decompression", 0),
)


class GrpcListener:
    """Listens where the settings say, or nowhere.

    Args:
        state: the application's.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._server: Any = None

    async def start(self) -> None:
        """Listen, and say where on standard error."""
        settings: Settings = self._state.settings
        if not settings.grpc_port.isdigit():
            return
        import grpc  # only who listens pays for it
        from grpc import aio

        most = ("grpc.max_receive_message_length", settings.max_body_bytes)
        self._server = aio.server(options=(*_OPTIONS, most))
        reads = MessageReads()
        for signal, service in SERVICES.items():
            export = grpc.stream_unary_rpc_method_handler(
                _Service(signal, self._state, reads).export
            )
            handler = grpc.method_handlers_generic_handler(service, {"Export": export})
            self._server.add_generic_rpc_handlers((handler,))
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"{host}:{settings.grpc_port}"
        try:
            port = self._bind(address, _credentials(settings))
        except RuntimeError:
            if settings.grpc_port != str(grpc_port.DEFAULT_PORT):
                raise
            # another program was faster since it was decided; HTTP goes on without it
            self._server = None
            _say(grpc_port.http_alone(f"{address} was taken while this started"))
            return
        await self._server.start()
        _say(f"OTLP over gRPC on {host}:{port}")

    def _bind(self, address: str, credentials: Any) -> int:
        """Return the port that is had.

        Raises:
            RuntimeError: another program has it.
        """
        if credentials:
            return int(self._server.add_secure_port(address, credentials))
        return int(self._server.add_insecure_port(address))

    async def close(self) -> None:
        """Take no more requests; those that were taken are answered first."""
        if self._server is not None:
            await self._server.stop(CLOSE_LIMIT_S)


def _say(text: str) -> None:
    sys.stderr.write(f"collector: {text}\n")
    sys.stderr.flush()


class _Service:
    """The one method of one signal's service."""

    def __init__(self, signal: Signal, state: State, reads: MessageReads) -> None:
        self._signal = signal
        self._state = state
        self._reads = reads

    async def export(self, messages: AsyncIterator[bytes], context: Any) -> bytes:
        """Answer one request, or end it with a status."""
        try:
            project = self._project(context)
            body = await self._reads.read(messages, peer=context.peer())
        except Denied as denied:
            outcome = Outcome(denied.status, f"{denied.message}; {denied.hint}")
            wait_s = denied.retry_after_s or RETRY_AFTER_S
            return await _refuse(context, outcome, retry_after_s=wait_s)
        except TimeoutError:
            text = "the message was not whole in time; send it again"
            return await _refuse(context, Outcome(503, text))
        except Refusal:
            self._state.writer.count_refused()
            return await _refuse(context, COME_BACK)
        outcome = await self._stored(body, project)
        if outcome.status != 200:
            return await _refuse(context, outcome)
        return answer_body(outcome, self._signal, as_json=False)

    def _project(self, context: Any) -> str:
        """Return the project of the request's key, empty if it may write to all.

        Raises:
            Denied: it carries none that may write.
        """
        doorkeeper: Doorkeeper = self._state.doorkeeper
        sent = _authorization(context) or None
        access = doorkeeper.admit(sent, peer=_host(context.peer()))
        access.require("ingest")
        return access.project or ""

    async def _stored(self, body: bytes, project: str) -> Outcome:
        bodies: BodiesHeld = self._state.bodies_held
        at_most = self._state.settings.max_pending_bytes
        received = Received(
            signal=self._signal,
            body=body,
            encoding=sniffed_encoding(body),
            key_project=project,
        )
        try:
            with held_whole(bodies, len(body), at_most=at_most):
                return await outcome_of(received, self._state)
        except QueueFull:
            self._state.writer.count_refused()
            return COME_BACK


def _authorization(context: Any) -> str:
    for name, value in context.invocation_metadata() or ():
        if name == "authorization":
            return str(value)
    return ""


def _host(peer: str) -> str:
    """Return the address in ``ipv4:127.0.0.1:5`` or ``ipv6:%5B::1%5D:5``."""
    address = peer.partition(":")[2].rpartition(":")[0]
    return address.replace("%5B", "").replace("%5D", "").strip("[]")


async def _refuse(
    context: Any, outcome: Outcome, *, retry_after_s: float = RETRY_AFTER_S
) -> bytes:
    """End a request with the status that says what its HTTP status would."""
    from collector.grpc.status import rpc_status

    status = rpc_status(outcome, retry_after_s=retry_after_s)
    await context.abort(status.code, status.message, trailing_metadata=status.metadata)
    raise AssertionError("`abort` raises")


def _credentials(settings: Settings) -> "grpc.ServerCredentials | None":
    import grpc

    if not settings.grpc_certificate:
        return None
    key = Path(settings.grpc_key).read_bytes()
    return grpc.ssl_server_credentials(
        [(key, Path(settings.grpc_certificate).read_bytes())]
    )
