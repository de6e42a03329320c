"""Run the server: in the foreground, or in a thread of the program that needs it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from examples.openai_server.app import create_app


class _Server(uvicorn.Server):
    """A server that says when it answers, and leaves signals to the program."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.answering.set()


def _config(*, seed: int, failure_rate: float) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(seed=seed, failure_rate=failure_rate),
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,
    )


def serve(*, host: str, port: int, seed: int, failure_rate: float) -> None:
    """Answer until interrupted; prints the base URL first."""
    listener = socket.create_server((host, port))
    print(f"base_url http://{host}:{listener.getsockname()[1]}/v1", flush=True)
    _Server(_config(seed=seed, failure_rate=failure_rate)).run(sockets=[listener])


@contextmanager
def running(*, seed: int = 0, failure_rate: float = 0.0) -> Iterator[str]:
    """Answer in a thread while the block runs; yields the base URL, ending in /v1."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = _Server(_config(seed=seed, failure_rate=failure_rate))
    thread = threading.Thread(
        target=server.run,
        kwargs={"sockets": [listener]},
        name="openai-server",
        daemon=True,
    )
    thread.start()
    if not server.answering.wait(timeout=30):
        raise RuntimeError("the OpenAI-compatible server did not start within 30 s")
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
