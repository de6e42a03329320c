"""Off loopback, nothing is served to who has not signed in, WebSockets included."""

from collections.abc import Iterator

import pytest
from guarded import ADMIN, Guarded, guarded_collector
from processes import CollectorProcess
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.auth import Login
from dashboard.headers import SafeHeaders
from dashboard.sessions import COOKIE, LONG_S, MOST, SHORT_S, Sessions


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded_collector(tmp_path_factory.mktemp("guarded")) as running:
        yield running


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


async def page(request: Request) -> PlainTextResponse:
    return PlainTextResponse("inside")


async def stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("inside")
    await socket.close()


def browser(
    url: str, sessions: Sessions, *, own_key: str = "", base: str = "http://testserver"
) -> TestClient:
    login = {"collector_url": url, "own_key": own_key, "sessions": sessions}
    app = Starlette(
        routes=[
            Route("/", page),
            Route("/traces", page),
            WebSocketRoute("/_stcore/stream", stream),
        ],
        middleware=[Middleware(SafeHeaders), Middleware(Login, **login)],
    )
    return TestClient(app, base_url=base)


def test_a_page_leads_to_the_login_and_a_key_leads_to_the_page(
    guarded: Guarded, sessions: Sessions
) -> None:
    client = browser(guarded.url, sessions)
    asked = client.get("/traces?project=한글", headers={"Accept": "text/html"})
    assert asked.url.path == "/login"
    assert 'value="/traces?project=' in asked.text
    form = {"key": guarded.make("read"), "next": "/traces?project=x"}
    led = client.post("/login", data=form)
    assert (led.text, led.url.path) == ("inside", "/traces")
    assert client.get("/").text == "inside"


def test_each_person_comes_with_a_key_and_a_name_of_their_own(
    guarded: Guarded, sessions: Sessions
) -> None:
    key = guarded.make("edit", "read")
    client = browser(guarded.url, sessions)
    client.post("/login", data={"key": key, "name": "  영희  Kim "})
    first = sessions.find(client.cookies[COOKIE])
    client.post("/login", data={"key": key})
    second = sessions.find(client.cookies[COOKIE])
    assert first and (first.api_key, first.name) == (key, "영희 Kim")
    assert second and second.name == "test", "the key's own name"


@pytest.mark.parametrize("key", ["guess", "", "trk_0_0", "열쇠", "a\nb"])
def test_a_wrong_key_is_refused(guarded: Guarded, sessions: Sessions, key: str) -> None:
    client = browser(guarded.url, sessions)
    answer = client.post("/login", data={"key": key})
    assert answer.status_code in (401, 429)
    assert "set-cookie" not in answer.headers
    assert client.get("/").status_code == 401


def test_a_key_that_may_not_read_is_refused(
    guarded: Guarded, sessions: Sessions
) -> None:
    client = browser(guarded.url, sessions)
    answer = client.post("/login", data={"key": guarded.make("ingest")})
    assert answer.status_code == 403


def test_a_collector_that_asks_for_no_key_is_no_proof_of_one(
    collector: CollectorProcess, sessions: Sessions
) -> None:
    client = browser(collector.url, sessions, own_key="the-dashboards-own")
    assert client.post("/login", data={"key": "anything"}).status_code == 401
    assert client.post("/login", data={"key": "the-dashboards-own"}).text == "inside"


def test_the_dashboards_own_key_is_good_while_the_collector_is_away(
    sessions: Sessions,
) -> None:
    away = "http://127.0.0.1:9"
    client = browser(away, sessions, own_key="the-dashboards-own")
    assert client.post("/login", data={"key": "anything"}).status_code == 503
    assert client.post("/login", data={"key": "the-dashboards-own"}).text == "inside"


def test_a_websocket_needs_the_cookie_too(guarded: Guarded, sessions: Sessions) -> None:
    client = browser(guarded.url, sessions)
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream"),
    ):
        pass
    client.post("/login", data={"key": ADMIN})
    with client.websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_text() == "inside"


@pytest.mark.parametrize("cookie", ["", "9999999999", "x" * 43, "١٢٣.00", "9" * 400])
def test_a_made_up_cookie_opens_nothing(sessions: Sessions, cookie: str) -> None:
    client = browser("http://127.0.0.1:9", sessions)
    sent = f"{COOKIE}={cookie}".encode()
    assert client.get("/", headers={b"cookie": sent}).status_code == 401


def test_a_session_that_was_ended_opens_nothing(
    guarded: Guarded, sessions: Sessions
) -> None:
    client = browser(guarded.url, sessions)
    client.post("/login", data={"key": ADMIN})
    sessions.end(client.cookies[COOKIE])
    assert client.get("/").status_code == 401


def test_signing_in_again_ends_the_session_of_before(
    guarded: Guarded, sessions: Sessions
) -> None:
    client = browser(guarded.url, sessions)
    client.post("/login", data={"key": ADMIN})
    before = client.cookies[COOKIE]
    client.post("/login", data={"key": ADMIN})
    assert sessions.find(before) is None
    assert sessions.find(client.cookies[COOKIE])


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_session_ends_by_itself() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    short = sessions.begin("k", "a", lasts_s=SHORT_S)
    long = sessions.begin("k", "a", lasts_s=LONG_S)
    clock.now_s += SHORT_S
    assert sessions.find(short) is None
    assert sessions.find(long)


def test_sessions_are_bounded() -> None:
    sessions = Sessions()
    first = sessions.begin("k", "a", lasts_s=60)
    for _ in range(MOST):
        last = sessions.begin("k", "a", lasts_s=60)
    assert sessions.find(first) is None
    assert sessions.find(last)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    guarded: Guarded, sessions: Sessions
) -> None:
    def cookie(base: str, **form: str) -> str:
        client = browser(guarded.url, sessions, base=base)
        sent = client.post(
            "/login", data={"key": ADMIN, **form}, follow_redirects=False
        )
        return sent.headers["set-cookie"]

    plain = cookie("http://testserver")
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Max-Age" not in plain, "it ends with the browser"
    assert "Secure" in cookie("https://testserver")
    assert f"Max-Age={LONG_S}" in cookie("http://testserver", keep="1")
    assert ADMIN not in plain


def test_a_form_of_another_site_signs_nobody_in(
    guarded: Guarded, sessions: Sessions
) -> None:
    client = browser(guarded.url, sessions)
    headers = {"Origin": "https://evil.example"}
    answer = client.post("/login", data={"key": ADMIN}, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    own = client.post(
        "/login", data={"key": ADMIN}, headers={"Origin": "http://testserver"}
    )
    assert own.text == "inside"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", ""],
)
def test_who_signs_in_stays_on_this_host(
    guarded: Guarded, sessions: Sessions, elsewhere: str
) -> None:
    client = browser(guarded.url, sessions)
    form = {"key": ADMIN, "next": elsewhere}
    sent = client.post("/login", data=form, follow_redirects=False)
    assert sent.headers["location"] == "/"
    shown = client.get("/login", params={"next": '"><script>'}).text
    assert "<script>" not in shown


def test_a_huge_form_is_not_read(guarded: Guarded, sessions: Sessions) -> None:
    client = browser(guarded.url, sessions)
    assert client.post("/login", data={"key": "x" * 10_000}).status_code == 413


def test_the_login_page_obeys_the_content_policy_too(sessions: Sessions) -> None:
    answer = browser("http://127.0.0.1:9", sessions).get("/login")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert answer.headers["cache-control"] == "no-store"
