"""A server that keeps each OTLP request as it was sent; any sender is answered 200."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO


@dataclass(frozen=True)
class Sent:
    """One request as it was sent."""

    path: str
    """Where to, the query included."""

    headers: dict[str, str]
    """Names in lower case."""

    body: bytes
    """Still compressed."""

    @property
    def signal(self) -> str:
        """Which OTLP signal it carries; empty if it is none that we keep."""
        path = self.path.partition("?")[0].rstrip("/")
        return next((s for s in ("traces", "logs") if path.endswith(f"/v1/{s}")), "")


@dataclass
class Capture:
    """Where the server listens and what it was sent, in order."""

    url: str
    """Without a path."""

    sent: list[Sent]
    """Everything that was posted, also what is no OTLP."""


@contextmanager
def capturing() -> Iterator[Capture]:
    """Listen on a free port until the block ends."""
    capture = Capture("", [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = _read_body(self.rfile, headers)
            capture.sent.append(Sent(self.path, headers, body))
            is_json = "json" in headers.get("content-type", "")
            self._answer(b"{}" if is_json else b"", is_json=is_json)

        do_PUT = do_PATCH = do_POST

        def do_GET(self) -> None:
            self._answer(b"{}", is_json=True)

        def _answer(self, body: bytes, *, is_json: bool) -> None:
            self.send_response(200)
            kind = "application/json" if is_json else "application/x-protobuf"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    capture.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield capture
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _read_body(stream: IO[bytes], headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return stream.read(int(headers.get("content-length", "0")))
    body = b""
    while size := int(stream.readline().partition(b";")[0], 16):
        body += stream.read(size)
        stream.readline()
    stream.readline()
    return body
