"""Off loopback, nothing is served to who has not signed in, WebSockets included."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.auth import COOKIE, Login
from dashboard.headers import SafeHeaders

KEY = "a-long-열쇠"


async def page(request: Request) -> PlainTextResponse:
    return PlainTextResponse("inside")


async def stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("inside")
    await socket.close()


def browser(key: str = KEY, base_url: str = "http://testserver") -> TestClient:
    app = Starlette(
        routes=[Route("/", page), WebSocketRoute("/_stcore/stream", stream)],
        middleware=[Middleware(SafeHeaders), Middleware(Login, api_key=key)],
    )
    return TestClient(app, base_url=base_url)


def test_a_page_leads_to_the_login_and_the_key_leads_in() -> None:
    client = browser()

    asked = client.get("/", headers={"Accept": "text/html"})
    assert asked.url.path == "/login"
    assert client.post("/login", data={"key": KEY}).text == "inside"
    assert client.get("/").text == "inside"


def test_a_wrong_key_is_refused() -> None:
    client = browser()
    answer = client.post("/login", data={"key": "guess"})

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert client.get("/").status_code == 401


def test_a_websocket_needs_the_cookie_too() -> None:
    client = browser()

    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream"),
    ):
        pass
    client.post("/login", data={"key": KEY})
    with client.websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_text() == "inside"


@pytest.mark.parametrize(
    "cookie", ["", "9999999999", "9999999999.00", "x.y", "١٢٣.00", "9" * 400]
)
def test_a_made_up_cookie_opens_nothing(cookie: str) -> None:
    client = browser()
    sent = f"{COOKIE}={cookie}".encode()

    assert client.get("/", headers={b"cookie": sent}).status_code == 401


def test_a_new_key_ends_every_session() -> None:
    old, new = browser(), browser("another key")
    old.post("/login", data={"key": KEY})
    cookie = f"{COOKIE}={old.cookies[COOKIE]}"

    assert new.get("/", headers={"cookie": cookie}).status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    sent = browser().post("/login", data={"key": KEY}, follow_redirects=False)
    over_tls = browser(base_url="https://testserver")
    secure = over_tls.post("/login", data={"key": KEY}, follow_redirects=False)

    assert "HttpOnly" in sent.headers["set-cookie"]
    assert "SameSite=lax" in sent.headers["set-cookie"]
    assert "Secure" in secure.headers["set-cookie"]


def test_a_huge_form_is_not_read() -> None:
    answer = browser().post("/login", data={"key": "x" * 10_000})

    assert answer.status_code == 413


def test_the_login_page_obeys_the_content_policy_too() -> None:
    policy = browser().get("/login").headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
