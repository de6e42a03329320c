"""The login page: one key, checked before any page, file or WebSocket is served."""

import hashlib
import hmac
import time
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.texts import catalogue, preferred

COOKIE: Final = "tracer_session"
SESSION_S: Final = 7 * 86_400
MAX_FORM_BYTES: Final = 4096
_OPEN_PATHS: Final = frozenset({"/_stcore/health"})

_PAGE: Final = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<title>{title}</title><meta name="viewport" content="width=device-width"><style>
:root{{color-scheme:light dark}}
body{{font:14px/1.5 Inter,system-ui,sans-serif;display:grid;place-items:center;
min-height:90vh;margin:0;background:light-dark(#f9fafb,#0f1218);color:light-dark(#1b1f28,#e5e8ef)}}
form{{display:grid;gap:12px;width:20rem;padding:28px;border-radius:10px;
background:light-dark(#fff,#171b23);
border:1px solid light-dark(#e2e5eb,#282e3a)}}
h1{{font-size:18px;margin:0}}label{{display:grid;gap:4px}}
p{{margin:0;color:light-dark(#d1344b,#ff7085)}}
input{{font:inherit;padding:8px 10px;border-radius:6px;background:transparent;
border:1px solid light-dark(#cfd4dd,#394150);color:inherit}}
button{{font:inherit;font-weight:600;padding:8px;border:0;border-radius:6px;background:#4757d6;
color:#fff;cursor:pointer}}</style><form method="post"><h1>{title}</h1>{message}
<label>{label}<input name="key" type="password" autocomplete="current-password" required
autofocus></label><button>{button}</button></form></html>"""


class Login:
    """ASGI middleware that lets only holders of a signed cookie through."""

    def __init__(self, app: ASGIApp, api_key: str) -> None:
        self._app = app
        self._key = api_key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the login page, or pass on a request that has signed in."""
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
            await RedirectResponse("/login", 303)(scope, receive, send)
        else:
            await PlainTextResponse("sign in first", 401)(scope, receive, send)

    async def _login(self, request: Request) -> HTMLResponse | RedirectResponse:
        if request.method != "POST":
            return _page(request)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_FORM_BYTES:
                return _page(request, status=413)
        given = parse_qs(body.decode(errors="replace")).get("key", [""])[0]
        if not hmac.compare_digest(given.encode(), self._key):
            return _page(request, status=401)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            COOKIE,
            self._sign(int(time.time()) + SESSION_S),
            max_age=SESSION_S,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    def _has_session(self, connection: HTTPConnection) -> bool:
        cookie = connection.cookies.get(COOKIE, "")
        expires, _, _ = cookie.partition(".")
        if not expires.isdecimal() or not expires.isascii() or len(expires) > 12:
            return False
        signed = hmac.compare_digest(cookie.encode(), self._sign(int(expires)).encode())
        return signed and int(expires) > time.time()

    def _sign(self, expires_s: int) -> str:
        """Bind the end of a session to the key: a new key ends every session."""
        message = f"tracer dashboard session until {expires_s}".encode()
        digest = hmac.new(self._key, message, hashlib.sha256).hexdigest()
        return f"{expires_s}.{digest}"


def _page(request: Request, *, status: int = 200) -> HTMLResponse:
    accepted = request.headers.get("accept-language", "").replace(";", ",").split(",")
    language = preferred(*accepted)
    texts = catalogue(language)
    wrong = f'<p role="alert">{texts["login.wrong"]}</p>'
    body = _PAGE.format(
        language=language,
        title=texts["login.title"],
        label=texts["login.key"],
        button=texts["login.button"],
        message=wrong if status >= 400 else "",
    )
    return HTMLResponse(body, status)
