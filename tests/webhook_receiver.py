"""A real HTTP server that keeps what it is sent, and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson


@dataclass
class Receiver:
    """What was sent, and what is answered."""

    url: str = ""
    """Where it listens."""
    status: int = 204
    """What it answers."""
    headers: dict[str, str] = field(default_factory=dict)
    """What it says with it."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    """What it was sent, oldest first."""


@contextmanager
def receiving(status: int = 204, **headers: str) -> Iterator[Receiver]:
    """Run a receiver on loopback until the block ends."""
    kept = Receiver(status=status, headers=headers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            kept.bodies.append(orjson.loads(self.rfile.read(length)))
            self.send_response(kept.status)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/hook?a=b"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
