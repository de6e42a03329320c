"""The dashboard as a process of its own: how it starts, refuses and ends."""

import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from processes import first_line, start_module, stop
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.headers import QuietProbes
from dashboard.server import streamlit_options
from dashboard.settings import DashboardSettings
from dashboard.wrong_paths import WrongPaths
from tracer.errors import ConfigurationError

AWAY = "http://127.0.0.1:9"


@contextmanager
def running(*arguments: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = start_module(
        "dashboard", "--collector", AWAY, "--port", "0", *arguments, **env
    )
    try:
        yield (
            process,
            first_line(process).removeprefix("dashboard listening on ").strip(),
        )
    finally:
        stop(process)


def test_it_says_where_it_listens_answers_and_ends_with_status_0() -> None:
    with running() as (process, url):
        with urllib.request.urlopen(url, timeout=30) as answer:
            policy = answer.headers["content-security-policy"]
        process.send_signal(signal.SIGTERM)

        assert "default-src 'self'" in policy
        assert process.wait(timeout=30) == 0


def test_it_leaves_when_its_parent_has_gone() -> None:
    with running("--lifeline") as (process, _):
        assert process.stdin is not None
        process.stdin.close()

        assert process.wait(timeout=30) == 0
        process.stdin = None


def test_a_port_in_use_is_one_line_and_status_2() -> None:
    with running() as (_, url):
        port = url.rpartition(":")[2]
        other = start_module("dashboard", "--port", port)
        said = other.communicate(timeout=60)[1]

    assert other.returncode == 2
    assert said.strip().count("\n") == 0
    assert f"127.0.0.1:{port}" in said


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/overview?range=7d", "/?range=7d"),
        ("/overview", "/"),
        ("/trases?lang=ko", "/?lang=ko&no_page=trases"),
        ("/a/b", "/?no_page=a%2Fb"),
        ("/traces", None),
        ("/traces/", None),
        ("/", None),
        ("/login", None),
        ("/_stcore/health", None),
        ("/favicon.png", None),
    ],
)
def test_an_address_of_no_page_leads_to_the_start_page(
    path: str, to: str | None
) -> None:
    with TestClient(WrongPaths(Starlette()), follow_redirects=False) as client:
        answer = client.get(path, headers={"accept": "text/html,*/*"})
        assert answer.headers.get("location") == to
        assert "location" not in client.get(path, headers={"accept": "*/*"}).headers


def test_another_host_without_a_key_is_refused_before_anything_listens() -> None:
    with pytest.raises(ConfigurationError, match="TRACER_API_KEY"):
        DashboardSettings(host="0.0.0.0")

    assert DashboardSettings(host="0.0.0.0", api_key="k").login_kind == "key"
    assert DashboardSettings(host="localhost").login_kind == "none"


def test_off_loopback_the_first_page_is_the_login() -> None:
    with running("--host", "0.0.0.0", TRACER_API_KEY="k") as (_, url):
        port = url.rpartition(":")[2]
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/", headers={"Accept": "text/html"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.url.endswith("/login")


def test_streamlit_is_told_to_send_nothing_anywhere() -> None:
    options = streamlit_options(DashboardSettings(), port=1)

    assert options["browser.gatherUsageStats"] is False
    assert options["client.showErrorLinks"] is False
    assert not [value for value in options.values() if "http" in str(value)]


def test_on_loopback_pages_of_other_names_cannot_reach_it() -> None:
    known = DashboardSettings()
    everywhere = DashboardSettings(host="0.0.0.0", api_key="k")

    assert "127.0.0.1" in streamlit_options(known, port=1)["server.allowedHosts"]
    assert streamlit_options(everywhere, port=1)["server.allowedHosts"] == []


def test_a_page_that_looks_for_its_server_leaves_no_error_in_the_console() -> None:
    client = TestClient(QuietProbes(Starlette()), follow_redirects=False)

    for name in ("health", "host-config"):
        assert client.get(f"/traces/_stcore/{name}").status_code == 300
        assert client.get(f"/_stcore/{name}").status_code == 404


def test_both_modes_define_the_same_colours() -> None:
    options = streamlit_options(DashboardSettings(), port=1)
    names = {
        mode: {
            key.removeprefix(f"theme.{mode}.")
            for key in options
            if key.startswith(f"theme.{mode}.")
        }
        for mode in ("light", "dark")
    }

    assert names["light"] == names["dark"]
