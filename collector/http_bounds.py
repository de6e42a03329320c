"""HTTP for whoever connects, key or not: nobody holds a connection for nothing.

The parser keeps a head, a chunk's extensions and trailers until they are whole, however
long that takes and however long they are, and what is sent on after a refusal is read
to its end: all that before a key is looked at, or after it was found wrong.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_UNREAD_BYTES = 256 * 1024
"""More without a head, or a piece of a body, coming of it is no request."""

WHOLE_LIMIT_S = 30.0
"""After this long, what began must have come to something."""


class BoundedHttp(HttpToolsProtocol):
    """A connection, closed when what comes over it comes to nothing."""

    whole_limit_s = WHOLE_LIMIT_S
    """How long a head may take, and what a refused sender still sends."""

    _n_unread = 0
    _is_message_open = False
    _unread: asyncio.TimerHandle | None = None
    _refused: asyncio.TimerHandle | None = None

    def connection_made(  # type: ignore[override]  # as uvicorn's own
        self, transport: asyncio.Transport
    ) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._unread = self._closing_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._read_on()
        self._end_refusal()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; end the connection if there are too many to be a head."""
        self._n_unread += len(data)
        super().data_received(data)
        if self._n_unread > MAX_UNREAD_BYTES and not self.transport.is_closing():
            self._refuse()
        elif self._n_unread and self._unread is None:
            self._unread = self._closing_later()

    def on_headers_complete(self) -> None:
        """Note that a head is whole."""
        self._is_message_open = True
        self._read_on()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Note that a piece of a body came."""
        self._read_on()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that a request is whole."""
        self._is_message_open = False
        self._read_on()
        self._end_refusal()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Let whoever was answered before the end of their request end it soon."""
        super().on_response_complete()
        if self._is_message_open and self.cycle.response_complete:
            self._end_refusal()
            self._refused = self._closing_later()

    def _closing_later(self) -> asyncio.TimerHandle:
        return self.loop.call_later(self.whole_limit_s, self._close)

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _read_on(self) -> None:
        self._n_unread = 0
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _end_refusal(self) -> None:
        if self._refused is not None:
            self._refused.cancel()
            self._refused = None

    def _refuse(self) -> None:
        """Answer 431 where nothing was answered yet, and close."""
        if not self._is_message_open:
            self.transport.write(
                b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
                b"content-length: 0\r\nconnection: close\r\n\r\n"
            )
        self.transport.close()
