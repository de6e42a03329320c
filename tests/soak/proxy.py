"""What stands before a collector in real life, and fails on its own account."""

import http.client
import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANDED_ON = ("content-type", "content-encoding", "authorization")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who asked has given up, or was killed."""


class Proxy:
    """Hands requests on to a port of this machine; while it fails it answers 500.

    Every other request that it fails at has been stored all the same.

    Args:
        port: Where the collector listens.
    """

    def __init__(self, port: int) -> None:
        self.is_failing = False
        self.n_failed = 0
        self._port = port
        self._numbers = itertools.count()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Take no more requests."""
        self._server.shutdown()
        self._server.server_close()

    def answer(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body.

        Raises:
            OSError: The collector is away.
            http.client.HTTPException: It broke off.
        """
        is_failing = self.is_failing and method == "POST"
        if is_failing:
            self.n_failed += 1
            if next(self._numbers) % 2:
                return 500, {}, b""
        onward = http.client.HTTPConnection("127.0.0.1", self._port)
        try:
            onward.request(method, path, body, headers)
            answered = onward.getresponse()
            told = {"Content-Type": answered.getheader("Content-Type", "")}
            found = answered.status, told, answered.read()
        finally:
            onward.close()
        return (500, {}, b"") if is_failing else found

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                given = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() in HANDED_ON
                }
                try:
                    answered = proxy.answer(self.command, self.path, body, given)
                except (OSError, http.client.HTTPException):
                    self.close_connection = True  # as if nobody listened
                    return
                self._say(*answered)

            do_GET = do_POST

            def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:  # who asked has given up meanwhile
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
