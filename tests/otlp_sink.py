"""An OTLP collector for tests: a real socket, any answer that a test wants."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, TypeVar

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

PATIENCE_S = 60

M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def traces(self) -> ExportTraceServiceRequest:
        return parsed(ExportTraceServiceRequest, gzip.decompress(self.body))

    @property
    def logs(self) -> ExportLogsServiceRequest:
        return parsed(ExportLogsServiceRequest, gzip.decompress(self.body))

    @property
    def names(self) -> list[str]:
        """Names of the spans, or of the log records' events."""
        if self.path.endswith("/logs"):
            groups = [scope for r in self.logs.resource_logs for scope in r.scope_logs]
            return [log.event_name for scope in groups for log in scope.log_records]
        spans = [scope for r in self.traces.resource_spans for scope in r.scope_spans]
        return [span.name for scope in spans for span in scope.spans]

    @property
    def resource(self) -> dict[str, Any]:
        """Attributes of the first resource."""
        found = (
            self.logs.resource_logs
            if self.path.endswith("/logs")
            else self.traces.resource_spans
        )
        return plain(found[0].resource.attributes)


def parsed(message: type[M], body: bytes) -> M:
    """Read a protobuf message; `FromString` has no types."""
    read: M = message()
    read.ParseFromString(body)
    return read


def plain(attributes: Any) -> dict[str, Any]:
    """Return protobuf key-values as Python values."""
    return {entry.key: _value(entry.value) for entry in attributes}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [_value(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        entries: list[KeyValue] = list(value.kvlist_value.values)
        return plain(entries)
    return getattr(value, kind)


class OtlpSink:
    """Keeps every request; `reply` decides the answers, `gate` when they go out."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.received: list[Received] = []
        self.accepted: list[Received] = []
        self.reply: Callable[[Received], Reply] = lambda received: Reply()
        self.gate = threading.Event()
        self.gate.set()
        self._changed = threading.Condition()
        self._port = 0
        self._connections: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def accepted_names(self) -> list[str]:
        return [name for received in self.accepted for name in received.names]

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", self._port), self._handler(), bind_and_activate=False
        )
        self._server.allow_reuse_address = True
        self._server.server_bind()
        if self._tls is not None:
            listening = self._server.socket
            self._server.socket = self._tls.wrap_socket(listening, server_side=True)
        self._server.server_activate()
        self._port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections from now on, and break those that are open."""
        self._server.shutdown()
        self._thread.join()
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._server.server_close()

    def wait_for(self, holds: Callable[[Self], bool]) -> None:
        """Wait until something holds of what was received."""
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self), PATIENCE_S), (
                f"waited in vain; received: {[r.names for r in self.received]}"
            )

    def _keep(self, received: Received) -> Reply:
        with self._changed:
            self.received.append(received)
            self._changed.notify_all()
        assert self.gate.wait(PATIENCE_S)
        reply = self.reply(received)
        with self._changed:
            if reply.status == 200:
                self.accepted.append(received)
            self._changed.notify_all()
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                sink._connections.add(self.request)
                super().setup()

            def finish(self) -> None:
                sink._connections.discard(self.request)
                try:
                    super().finish()
                except OSError:
                    pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reply = sink._keep(Received(self.path, dict(self.headers), body))
                self.send_response(reply.status)
                headers = {"Content-Type": "application/x-protobuf"} | reply.headers
                for name, text in headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
