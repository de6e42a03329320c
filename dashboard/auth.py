"""The door: nothing is served, no page, file or WebSocket, to who has not signed in."""

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.login_page import login_page
from dashboard.sessions import COOKIE, LONG_S, SESSIONS, SHORT_S, Sessions
from tracer.client import Client
from tracer.errors import CollectorError, ConfigurationError

MAX_FORM_BYTES: Final = 4096
VERIFY_LIMIT_S: Final = 10.0
_OPEN_PATHS: Final = frozenset({"/_stcore/health"})


class Refused(Exception):
    """Somebody who may not come in; the argument says which sentence tells why."""

    def __init__(self, problem: str, status: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = status


class Login:
    """ASGI middleware that lets only who signed in with a key through.

    A key is good if the collector knows it and it may read. Wrong ones are counted by
    the collector, which makes who guesses wait.

    Args:
        app: What is behind the door.
        collector_url: Who knows the keys.
        own_key: The dashboard's own key, good even while the collector is away.
        sessions: Where who signed in is kept.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        collector_url: str,
        own_key: str = "",
        sessions: Sessions = SESSIONS,
    ) -> None:
        self._app = app
        self._collector_url = collector_url
        self._own_key = own_key
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the sign-in page, or pass on a request that has signed in."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/login":
            response = await self._login(Request(scope, receive))
            await response(scope, receive, send)
        elif scope["path"] in _OPEN_PATHS or self._has_session(HTTPConnection(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401})
        elif "text/html" in Headers(scope=scope).get("accept", ""):
            response = RedirectResponse(_login_url(Request(scope)), 303)
            await response(scope, receive, send)
        else:
            await PlainTextResponse("sign in first", 401)(scope, receive, send)

    async def _login(self, request: Request) -> Response:
        if request.method != "POST":
            next_path = _own_path(request.query_params.get("next", "/"))
            return login_page(request, next_path=next_path)
        form: Mapping[str, str] = {}
        try:
            if not _is_same_origin(request):
                raise Refused("elsewhere", 403)
            form = await _form(request)
            key = form.get("key", "").strip()
            known_name = await run_in_threadpool(self._verify, key)
        except Refused as refused:
            return login_page(
                request,
                next_path=_own_path(form.get("next", "/")),
                problem=refused.problem,
                status=refused.status,
            )
        name = " ".join(form.get("name", "").split())[:100] or known_name
        # the session of before ends: what it may do must not outlive a change of key
        self._sessions.end(request.cookies.get(COOKIE, ""))
        return self._signed_in(request, key, name, form)

    def _signed_in(
        self, request: Request, key: str, name: str, form: Mapping[str, str]
    ) -> Response:
        keeps = form.get("keep") == "1"
        token = self._sessions.begin(key, name, lasts_s=LONG_S if keeps else SHORT_S)
        response = RedirectResponse(_own_path(form.get("next", "/")), 303)
        response.set_cookie(
            COOKIE,
            token,
            max_age=LONG_S if keeps else None,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    def _verify(self, key: str) -> str:
        """Return the name of a good key, or that of nobody in particular.

        Raises:
            Refused: The key is wrong, may not read, or cannot be looked up.
        """
        is_own = bool(self._own_key) and hmac.compare_digest(
            key.encode(), self._own_key.encode()
        )
        try:
            access = Client(self._collector_url, key, timeout_s=VERIFY_LIMIT_S).access()
        except ConfigurationError:
            raise Refused("wrong", 401) from None
        except CollectorError as error:
            if is_own and error.status is None:
                return NOBODY
            raise _refusal(error) from None
        # a collector that asks for no key lets any text pass: that is no proof
        if access["key"] is None and not is_own:
            raise Refused("wrong", 401)
        if "read" not in access["scopes"]:
            raise Refused("cannot_read", 403)
        return access["name"] or NOBODY

    def _has_session(self, connection: HTTPConnection) -> bool:
        return self._sessions.find(connection.cookies.get(COOKIE, "")) is not None


NOBODY: Final = "dashboard"
"""Name of who gave none, with a key that has none."""


def _refusal(error: CollectorError) -> Refused:
    if error.status == 401:
        return Refused("wrong", 401)
    if error.status == 429:
        return Refused("wait", 429)
    if error.status == 403:
        return Refused("cannot_read", 403)
    return Refused("away", 503)


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form.

    Raises:
        Refused: It is longer than a sign-in can be.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise Refused("wrong", 413)
    fields = parse_qs(body.decode(errors="replace"))
    return {name: values[0] for name, values in fields.items()}


def _is_same_origin(request: Request) -> bool:
    """Return whether a form was sent from a page of ours.

    Browsers name the origin with every POST; a program need not.
    """
    origin = request.headers.get("origin")
    if not origin:
        return True
    return urlsplit(origin).netloc == request.headers.get("host")


def _own_path(path: str) -> str:
    """Return where to go next, always on this host."""
    parts = urlsplit(path)
    is_own = path.startswith("/") and not path.startswith(("//", "/\\", "/login"))
    return path if is_own and not parts.netloc and path.isprintable() else "/"


def _login_url(request: Request) -> str:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/login" if asked == "/" else f"/login?{urlencode({'next': asked})}"
