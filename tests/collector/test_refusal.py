"""A collector that cannot store now says so, and stores again when it can."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
from otlp_requests import otlp_request, rows, span, trace_request
from processes import start_collector, wait_until

from collector.config import Settings
from collector.storage.engine import Store
from collector.writer import Writer

PROTOBUF = {"content-type": "application/x-protobuf"}


def post(url: str, body: bytes) -> urllib3.BaseHTTPResponse:
    http = urllib3.PoolManager(retries=False)
    return http.request("POST", f"{url}/v1/traces", body=body, headers=PROTOBUF)


def refused(url: str) -> int:
    text = urllib3.request("GET", f"{url}/metrics").data.decode()
    found = re.search(r"^tracer_requests_refused_total (\d+)$", text, re.MULTILINE)
    assert found is not None
    return int(found[1])


@contextlib.contextmanager
def half_sent(url: str, path: str, n_bytes: int) -> Iterator[socket.socket]:
    """A request whose body is all there but for its last byte."""
    parts = urlsplit(url)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {n_bytes}\r\n"
        "Content-Type: application/x-protobuf\r\n\r\n"
    )
    with socket.create_connection((str(parts.hostname), parts.port or 0)) as sender:
        sender.sendall(head.encode() + b"x" * (n_bytes - 1))
        yield sender


@pytest.mark.parametrize("path", ["/v1/traces", "/api/v1/scores"])
def test_bodies_that_are_held_leave_no_room_and_the_rest_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Bodies of the read API were not bounded, and refusals by bytes not counted."""
    body = trace_request(span({"tracer.input": "x" * 590}))
    monkeypatch.setenv("TRACER_MAX_PENDING_BYTES", "1000")
    with start_collector(tmp_path) as running:
        with half_sent(running.url, path, 400):
            wait_until(lambda: post(running.url, body).status == 503)
            answer = post(running.url, body)
            scores = urllib3.request(
                "POST",
                f"{running.url}/api/v1/scores",
                body=json.dumps({"comment": "x" * 700}),
                headers={"content-type": "application/json"},
            )
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert (scores.status, scores.json()["error"]["code"]) == (503, "busy")
        assert refused(running.url) >= 2
        wait_until(lambda: post(running.url, body).status == 200)


def test_an_upload_that_stands_still_makes_room_for_smaller_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five of them, near the largest size, kept everybody else out."""
    monkeypatch.setenv("TRACER_MAX_PENDING_BYTES", "1000")
    body = trace_request(span({"tracer.input": "x" * 200}))
    with (
        start_collector(tmp_path) as running,
        half_sent(running.url, "/v1/traces", 500) as smaller,
        half_sent(running.url, "/v1/traces", 499),
    ):
        assert post(running.url, body).status == 200
        assert smaller.recv(100).startswith(b"HTTP/1.1 503")


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/traces", 503), ("/api/v1/scores", 408)]
)
def test_an_upload_of_which_nothing_comes_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, status: int
) -> None:
    """With 408 on both, which makes OTLP's senders drop what they have."""
    monkeypatch.setenv("TRACER_UPLOAD_TIMEOUT_S", "1")
    with (
        start_collector(tmp_path) as running,
        half_sent(running.url, path, 900) as sender,
        sender.makefile("rb") as answer,
    ):
        assert answer.read().startswith(b"HTTP/1.1 %d" % status)


def test_a_body_that_can_never_be_held_is_refused_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was told to come back, for ever."""
    monkeypatch.setenv("TRACER_MAX_PENDING_BYTES", "1000")
    with start_collector(tmp_path) as running:
        answer = post(running.url, trace_request(span({"tracer.input": "x" * 2000})))
    assert answer.status == 413
    assert b"TRACER_MAX_PENDING_BYTES" in answer.data


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    running = Writer(store, Settings(writers=1, linger_ms=0))
    running.start()
    yield running
    running.close()


@contextlib.contextmanager
def receipts_that_fail(store: Store) -> Iterator[None]:
    """Receipts can be read but not written: rows are stored, then the store fails."""
    with store.handle("write") as client:
        client.command("ALTER TABLE receipts RENAME COLUMN batch TO batch_away")
        yield
        client.command("ALTER TABLE receipts RENAME COLUMN batch_away TO batch")


@pytest.mark.usefixtures("few_rows")
def test_a_store_that_fails_answers_503_and_the_repeat_is_stored_once(
    store: Store, writer: Writer, project: str
) -> None:
    body = trace_request(span(), span(), project=project)
    with receipts_that_fail(store):
        first = writer.offer(otlp_request(body)).outcome.result(timeout=60)
        assert len(rows(store, project)) == 2
    second = writer.offer(otlp_request(body)).outcome.result(timeout=60)
    assert (first.status, second.status) == (503, 200)
    assert len(rows(store, project)) == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 160 MiB; making one is root's right."""
    command = ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(tmp_path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system is not allowed here")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_full_disk_is_said_at_once_and_storing_begins_again_with_room(
    small_disk: Path,
) -> None:
    """The engine waited for room to delete in, and with it every sender."""
    body = trace_request(span({"tracer.input": "x" * 500_000}))
    ballast = small_disk / "ballast"
    with start_collector(small_disk / "store") as running:
        assert post(running.url, trace_request(span())).status == 200
        fill_up(small_disk, ballast, left=500_000)
        answers = [post(running.url, body) for _ in range(4)]
        assert [answer.status for answer in answers] == [503] * 4
        assert b"disk is full" in answers[-1].data
        ready = urllib3.request("GET", f"{running.url}/readyz")
        assert (ready.status, "disk is full" in ready.json()["message"]) == (503, True)
        ballast.unlink()
        assert post(running.url, body).status == 200
        assert urllib3.request("GET", f"{running.url}/readyz").status == 200


@pytest.fixture
def locked(small_disk: Path) -> Iterator[Callable[[], None]]:
    """Makes `store` on the small disk read-only; what is open stays so."""
    place = small_disk / "store"

    def lock() -> None:
        for way in (["--bind", str(place)], ["-o", "remount,ro,bind"]):
            subprocess.run(["mount", *way, str(place)], check=True)

    yield lock
    if place.is_mount():
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_directory_that_becomes_read_only_is_told_until_it_is_no_more(
    small_disk: Path, locked: Callable[[], None]
) -> None:
    """Nothing was stored, and the service called itself ready."""
    body = trace_request(span())
    with start_collector(small_disk / "store") as running:
        ready = f"{running.url}/readyz"
        assert post(running.url, trace_request(span())).status == 200
        locked()
        assert post(running.url, body).status == 503
        told = urllib3.request("GET", ready, retries=False)
        assert (told.status, "Read-only" in told.json()["message"]) == (503, True)
        subprocess.run(["umount", "-l", str(small_disk / "store")], check=True)
        assert urllib3.request("GET", ready, retries=False).status == 200
        assert post(running.url, body).status == 200


def test_a_delete_needs_little_room_and_says_so_where_there_is_none(
    small_disk: Path,
) -> None:
    """It waited for room, for ten minutes at most, and was not answered meanwhile."""
    ballast = small_disk / "ballast"
    with start_collector(small_disk / "store") as running:
        for _ in range(4):
            one = span({"tracer.input": os.urandom(200_000).hex()})
            assert post(running.url, trace_request(one, project="p")).status == 200
        url = f"{running.url}/api/v1/projects/p"
        fill_up(small_disk, ballast, left=0)
        refused = urllib3.request("DELETE", url, retries=False)
        assert (refused.status, refused.json()["error"]["code"]) == (507, "disk_full")
        ballast.unlink()
        fill_up(small_disk, ballast, left=3_000_000)
        assert urllib3.request("DELETE", url, retries=False).status == 200
        found = urllib3.request("GET", f"{running.url}/api/v1/projects").json()
    assert found["rows"] == []


def fill_up(disk: Path, ballast: Path, *, left: int) -> None:
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - left)
