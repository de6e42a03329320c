"""Addresses of no page lead to the start page, which says so in the reader's language.

Streamlit 1.67 shows the start page under any such address, behind a window in English.
"""

from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.pages import NAMES, START

PARAM: Final = "no_page"
"""Parameter of the address of the start page: the path that led to it."""

_NO_PAGES: Final = frozenset(
    {"_stcore", "media", "component", "static", "auth", "oauth2callback", "login"}
)
"""First parts of paths that Streamlit and the sign-in answer themselves."""


class WrongPaths:
    """ASGI middleware that sends a browser from an address of no page to the start."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect a document's request that names no page, pass on everything else."""
        if scope["type"] == "http" and scope["method"] == "GET":
            accepts = Headers(scope=scope).get("accept", "")
            if "text/html" in accepts and (to := way(scope)) is not None:
                await RedirectResponse(to, 307)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def way(scope: Scope) -> str | None:
    """Return where a path leads that is none of a page, None for all others."""
    path = scope["path"].strip("/")
    first, last = path.partition("/")[0], path.rpartition("/")[2]
    if not path or path in NAMES - {START} or first in _NO_PAGES or "." in last:
        return None
    kept = parse_qsl(scope["query_string"].decode("latin-1"))
    told = [] if path == START else [(PARAM, path[:200])]
    asked = urlencode([*kept, *told])
    return f"/?{asked}" if asked else "/"
