"""Without a key, only this machine's own pages and programs: no page of elsewhere.

A foreign name may be made to mean 127.0.0.1 (DNS rebinding), and a foreign page may
make its browser post to us unasked. Both show in headers that no page can set.
"""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from collector.access.auth import refuse
from collector.access.cross_origin import is_shared
from collector.config import is_loopback

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Change nothing, and their answers are kept from pages of other origins."""


class OwnOrigin:
    """ASGI middleware: a foreign ``Host``, or ``Origin`` of what writes, gets 403.

    But for OTLP from the `shared` origins.
    """

    def __init__(
        self, app: ASGIApp, *, host: str, shared: frozenset[str] = frozenset()
    ) -> None:
        self._app = app
        self._host = host
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] != "http" or not (found := self._foreign(scope)):
            await self._app(scope, receive, send)
            return
        await refuse(
            send,
            403,
            code="foreign_origin",
            message=f"without a key, {found} is not served here",
            hint=f"call http://{self._host}, or set TRACER_API_KEY and send the key",
        )

    def _foreign(self, scope: Scope) -> str:
        """Return the header that names another place, empty if none does."""
        headers = dict(scope["headers"])  # names are in lower case
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        if host and not self._is_own(f"//{host}"):
            return f"host {host[:100]!r}"
        writes = scope["method"] not in SAFE_METHODS
        if is_shared(scope, self._shared):
            return ""
        if writes and origin and not self._is_own(origin):
            return f"origin {origin[:100]!r}"
        return ""

    def _is_own(self, address: str) -> bool:
        try:
            name = urlsplit(address).hostname or ""
        except ValueError:
            return False
        return name == self._host.lower() or is_loopback(name)
