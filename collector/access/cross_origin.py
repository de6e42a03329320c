"""Pages of the origins that the settings name may post OTLP; nobody's may read.

The specification of OTLP leaves this to receivers; what browsers ask for is the Fetch
standard's (https://fetch.spec.whatwg.org/#http-cors-protocol).
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collector.otlp_paths import is_otlp

MAX_AGE_S = 7200
"""How long a browser may keep what it was told; Chromium keeps it no longer."""

ANY = "*"


def is_shared(scope: Scope, origins: frozenset[str]) -> bool:
    """Return whether the request is OTLP from a page that may send it."""
    origin = Headers(scope=scope).get("origin", "")
    return is_otlp(scope["path"]) and is_allowed(origin, origins)


def is_allowed(origin: str, origins: frozenset[str]) -> bool:
    """Return whether an origin is among those of the settings."""
    return bool(origin) and (ANY in origins or origin.lower() in origins)


class CrossOrigin:
    """ASGI middleware: answers a browser's question, and marks answers as readable.

    It stands before the check of keys: browsers ask without one.
    """

    def __init__(self, app: ASGIApp, *, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight request, or pass the request on."""
        if scope["type"] != "http" or not is_shared(scope, self._origins):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _answer_preflight(headers, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                marked = MutableHeaders(raw=list(message["headers"]))
                marked["access-control-allow-origin"] = headers["origin"]
                marked["access-control-expose-headers"] = "retry-after"
                marked.add_vary_header("origin")
                message["headers"] = marked.raw
            await send(message)

        await self._app(scope, receive, send_marked)


async def _answer_preflight(asked: Headers, send: Send) -> None:
    answer = MutableHeaders(
        {
            "access-control-allow-origin": asked["origin"],
            "access-control-allow-methods": "POST",
            "access-control-max-age": str(MAX_AGE_S),
            "vary": "origin, access-control-request-headers",
        }
    )
    if wanted := asked.get("access-control-request-headers"):
        # any: no cookie counts here, and what a header says is checked when it comes
        answer["access-control-allow-headers"] = wanted
    if asked.get("access-control-request-private-network") == "true":
        answer["access-control-allow-private-network"] = "true"
    await send({"type": "http.response.start", "status": 204, "headers": answer.raw})
    await send({"type": "http.response.body", "body": b""})
