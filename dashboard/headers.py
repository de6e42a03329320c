"""Headers of every page: nothing is fetched from, or framed by, another host."""

import base64
import hashlib
import importlib.util
import re
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_scripts() -> tuple[str, ...]:
    """Return what names each script that stands in Streamlit's own page.

    By their hashes they may run, and no other script that somebody gets into a page.
    """
    found = importlib.util.find_spec("streamlit")
    if found is None or found.origin is None:
        return ()
    page = Path(found.origin).with_name("static") / "index.html"
    scripts = _INLINE.findall(page.read_text(encoding="utf-8"))
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return tuple(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)


# Traces hold text from models and users: without this policy an image address in an
# output would make every reader's browser call that host. Streamlit 1.67 loads the
# scripts of components as `blob:`, and its styles are inline; it does not need eval.
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        " ".join(("script-src 'self' blob:", *inline_scripts())),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
    )
)

_HEADERS: Final = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
)


_PROBE: Final = re.compile(r"/[a-z]+/_stcore/(health|host-config)")


class QuietProbes:
    """ASGI middleware that answers a page's search for the server without an error.

    On a deep link (``/traces``) Streamlit 1.67 asks below the page first, then at the
    root. A 404 would stand in the console as an error; any other refusal does as well.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a probe with "look elsewhere", pass on everything else."""
        if scope["type"] == "http" and _PROBE.fullmatch(scope["path"]):
            await Response(status_code=300)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class SafeHeaders:
    """ASGI middleware that adds the headers to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the response's headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_HEADERS]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
