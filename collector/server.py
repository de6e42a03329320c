"""Runs the application: listener, signals, lifeline, exit status."""

import logging
import os
import signal
import socket
import sys
import threading
from dataclasses import replace

import uvicorn

from collector import audit
from collector.app import create_app
from collector.config import Settings
from collector.errors import CollectorServiceError, SettingsError
from collector.grpc.port import decided_port
from collector.http_bounds import BoundedHttp

EXIT_CANNOT_START = 2


def serve(settings: Settings) -> int:
    """Listen until SIGINT, SIGTERM or the lifeline's end; return the exit status.

    Prints ``collector listening on http://HOST:PORT`` once it answers. What keeps it
    from starting is one line on standard error and status 2.
    """
    # the driver logs what it also raises; one clear line is enough
    logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)
    try:
        listener = _listen(settings.host, settings.port)
        settings = replace(settings, grpc_port=decided_port(settings))
        app = create_app(settings)
        audit.be_seen(settings.audit_file)
    except CollectorServiceError as error:
        sys.stderr.write(f"collector: {error}\n")
        return EXIT_CANNOT_START
    if app.state.store.is_embedded:
        # the engine writes `__cache__` to wherever it runs; not into a user's directory
        os.chdir(app.state.store.url.path)
    config = uvicorn.Config(
        app,
        http=BoundedHttp,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # else who tries keys names another address each time
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
    )
    # uvicorn raises the signal again after its clean shutdown, which would end the
    # process with status 143; these handlers take it, so that `serve` returns.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    if settings.lifeline:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    _Announcing(config, listener).run([listener])
    return 0


class _Announcing(uvicorn.Server):
    """A uvicorn server that says when it answers."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config)
        host, port = listener.getsockname()[:2]
        self._url = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"collector listening on {self._url}\n")
            sys.stdout.flush()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            f"cannot listen on {host}:{port} ({cause}); "
            "stop the other program there, or choose another port with --port"
        ) from None


def _leave_with_parent() -> None:
    # not sys.stdin: a daemon thread that holds its lock aborts the interpreter's exit
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
