"""A real HTTP server that keeps what it is sent, and answers as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from small_server import Silent, serving


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
    on_body: Callable[[dict[str, Any]], None] = lambda body: None
    """What happens while the sender waits for the answer."""


@contextmanager
def receiving(status: int = 204, **headers: str) -> Iterator[Receiver]:
    """Run a receiver on loopback until the block ends."""
    kept = Receiver(status=status, headers=headers)

    class Handler(Silent):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            kept.bodies.append(orjson.loads(self.rfile.read(length)))
            kept.on_body(kept.bodies[-1])
            self.send_response(kept.status)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with serving(Handler) as url:
        kept.url = f"{url}/hook?a=b"
        yield kept
