"""Nobody holds a connection for nothing, before a key or after a refusal."""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from collector.http_bounds import MAX_UNREAD_BYTES, BoundedHttp

LIMIT_S = 0.3
POST = b"POST /%s HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"


class Hasty(BoundedHttp):
    whole_limit_s = LIMIT_S


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read a body where it is asked to, else refuse at once."""
    if scope["path"] == "/read":
        body = await Request(scope, receive).body()
        await PlainTextResponse(f"{len(body)} bytes")(scope, receive, send)
    else:
        await PlainTextResponse("no", 401)(scope, receive, send)


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=Hasty, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    found: tuple[str, int] = listener.getsockname()
    yield found
    server.should_exit = True
    thread.join()


@pytest.fixture
def caller(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=30) as opened:
        yield opened


def told(caller: socket.socket, *, sending: bytes = b"") -> bytes:
    """Return what comes until the other side closes, sending on all the while."""
    answer = b""
    with contextlib.suppress(ConnectionError):
        while True:
            if select.select([caller], [], [], LIMIT_S / 10)[0]:
                came = caller.recv(65_536)
                if not came:
                    return answer
                answer += came
            if sending:
                caller.sendall(sending)
    return answer


def test_a_caller_who_says_nothing_is_left(caller: socket.socket) -> None:
    assert told(caller) == b""


@pytest.mark.parametrize("begun", [b"GET /read HTTP/1.1\r\nx: ", b"\r\n"])
def test_a_head_that_comes_byte_by_byte_is_not_awaited_for_ever(
    caller: socket.socket, begun: bytes
) -> None:
    """A thousand of them took all of a collector's files; no key was needed."""
    caller.sendall(begun)
    assert told(caller, sending=b"\r\n" if begun == b"\r\n" else b"x") == b""


def test_who_was_refused_cannot_send_on_for_ever(caller: socket.socket) -> None:
    caller.sendall(POST % b"refused")
    assert told(caller, sending=b"1\r\nx\r\n").startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("begun", [b"GET /", b"GET /read HTTP/1.1\r\nx: "])
def test_a_head_without_end_is_not_kept(caller: socket.socket, begun: bytes) -> None:
    """It was kept whole, hundreds of megabytes of it; no key was needed."""
    caller.sendall(begun)
    answer = told(caller, sending=b"x" * (MAX_UNREAD_BYTES // 2))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("begun", [b"1;", b"0\r\nx: "])
def test_trailers_and_extensions_without_end_are_not_kept(
    caller: socket.socket, begun: bytes
) -> None:
    caller.sendall(POST % b"read" + begun)
    assert told(caller, sending=b"x" * (MAX_UNREAD_BYTES // 2)) == b""


def test_an_upload_may_take_its_time(caller: socket.socket) -> None:
    caller.sendall(POST % b"read")
    for _ in range(6):
        time.sleep(LIMIT_S / 3)
        caller.sendall(b"1\r\nx\r\n")
    caller.sendall(b"0\r\n\r\n")
    assert caller.recv(65_536).endswith(b"6 bytes")


def test_a_connection_serves_one_request_after_another(caller: socket.socket) -> None:
    for _ in range(3):
        caller.sendall(POST % b"read" + b"1\r\nx\r\n0\r\n\r\n")
        assert caller.recv(65_536).endswith(b"1 bytes")
