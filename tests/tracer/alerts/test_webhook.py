"""Where a webhook may lead, and that no other side can hold up who posts."""

import socket
import threading
import time

import pytest
from webhook_receiver import receiving

from tracer.alerts.webhook import WebhookError, destination, is_public, post

LOCAL = frozenset({"127.0.0.1"})


def test_json_is_posted_to_a_host_that_the_operator_names() -> None:
    with receiving() as receiver:
        post(receiver.url, {"text": "안녕"}, hosts=LOCAL)
    assert receiver.bodies == [{"text": "안녕"}]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:4318/api/v1/sql",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.7/",
        "http://192.168.1.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://[::ffff:10.0.0.7]/",
        "http://[64:ff9b::a00:7]/",
        "http://[fd00::1]/",
    ],
)
def test_an_address_that_is_not_public_is_not_posted_to(url: str) -> None:
    with pytest.raises(WebhookError, match="is not public.*--webhook-host"):
        destination(url, hosts=frozenset())


@pytest.mark.parametrize(
    "url",
    ["ftp://a.b/", "file:///etc/passwd", "http://user:x@a.b/", "nonsense", "http:///x"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(WebhookError, match="address"):
        destination(url, hosts=frozenset())


def test_a_public_address_is_the_one_that_is_connected_to() -> None:
    found = destination("https://8.8.8.8/hook?x=1", hosts=frozenset())
    assert (found.ip, found.port, found.path) == ("8.8.8.8", 443, "/hook?x=1")
    assert is_public("2606:4700::1111")
    assert not is_public("2002:a00:7::1")  # wraps 10.0.0.7


def test_a_named_port_allows_that_port_alone() -> None:
    allowed = frozenset({"127.0.0.1:9000"})
    assert destination("http://127.0.0.1:9000/", hosts=allowed).port == 9000
    with pytest.raises(WebhookError):
        destination("http://127.0.0.1:9001/", hosts=allowed)


def test_a_redirect_is_not_followed() -> None:
    with receiving() as inner, receiving(307, Location=inner.url) as receiver:
        with pytest.raises(WebhookError, match="307; redirects are not followed"):
            post(receiver.url, {}, hosts=LOCAL)
    assert (len(receiver.bodies), inner.bodies) == (1, [])


def test_a_refusal_tells_its_status_and_nothing_else() -> None:
    with receiving(500, Secret="inside") as receiver:
        with pytest.raises(WebhookError, match="^it answered 500$"):
            post(receiver.url, {}, hosts=LOCAL)


def test_a_server_that_answers_byte_by_byte_holds_nobody() -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listening.accept()
        try:
            for _ in range(100):
                connection.sendall(b"H")
                time.sleep(0.1)
        except OSError:
            pass  # the other side has gone
        connection.close()

    threading.Thread(target=drip, daemon=True).start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    with pytest.raises(WebhookError):
        post(url, {}, hosts=LOCAL, limit_s=0.5)
    listening.close()


def test_nobody_listening_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(WebhookError, match="could not be reached"):
        post(f"http://127.0.0.1:{port}/", {}, hosts=LOCAL)
