"""`tracer doctor` before the failures themselves; docs/troubleshooting.md has all."""

import ast
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from guarded import ADMIN, Guarded, guarded_collector
from otlp_sink import OtlpSink, Reply
from processes import CollectorProcess, start_collector
from small_server import Silent, serving
from tls_door import make_certificate, tls_door

import tracer
from tracer.client import Client
from tracer.doctor import command, doctor, installation, sending, store

HOUSE = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:1"


def told(endpoint: str = NOBODY, **env: str) -> str:
    """Return what the command prints, without the line breaks before advice."""
    environment = {"TRACER_ENDPOINT": endpoint, "TRACER_STORE": "http://away"} | env
    result = CliRunner().invoke(doctor, ["--dashboard-url", NOBODY], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return re.sub(r"\n {17}", " → ", result.output)


@contextmanager
def proxy(status: int, **headers: str) -> Iterator[str]:
    """What stands in front, and answers everything alike."""

    class Handler(Silent):
        def do_GET(self) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"<html>")

    with serving(Handler) as url:
        yield url


def test_a_name_that_nobody_knows_is_told() -> None:
    said = told("http://no-such-collector.invalid:4318")
    assert "nobody knows the name 'no-such-collector.invalid' (DNS)" in said


def test_a_port_that_swallows_what_comes_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(command, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = told(f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert "in time → a firewall, a VPN or a proxy swallows it" in said


def test_the_port_of_grpc_is_told() -> None:
    grpc = pytest.importorskip("grpc")
    from concurrent.futures import ThreadPoolExecutor

    server = grpc.server(ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    said = told(f"http://127.0.0.1:{port}")
    server.stop(None)
    assert "does not speak HTTP → 4317 is the port of gRPC" in said


def test_tls_that_cannot_be_trusted_is_told_and_trusted_by_its_authority(
    collector: CollectorProcess, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path, "door")
    with tls_door(collector.url, certificate) as port:
        url = f"https://localhost:{port}"
        assert "TRACER_CERTIFICATE names the authority" in told(url)
        said = told(url, TRACER_CERTIFICATE=str(certificate[0]))
        assert f"ok  endpoint     {url} answers and can store" in said
        assert "does not speak HTTP" in told(f"http://localhost:{port}")
    assert f"no TLS with https{collector.url[4:]}" in told(f"https{collector.url[4:]}")


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (302, {"location": "https://login.example"}, "sends on to https://login"),
        (502, {}, "a proxy answers at {} (status 502), no collector behind it"),
        (200, {"content-type": "text/html"}, "(status 200, with a web page)"),
    ],
)
def test_whoever_answers_in_its_place_is_told(
    status: int, headers: dict[str, str], said: str
) -> None:
    """A page of HTML with status 200 was taken for a collector that can store."""
    with proxy(status, **headers) as url:
        assert said.format(url) in told(url)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A collector that asks for keys."""
    with guarded_collector(tmp_path_factory.mktemp("guarded")) as guarded:
        yield guarded


def test_keys_that_are_refused_are_told_with_the_reason(house: Guarded) -> None:
    client = Client(house.url, ADMIN)
    revoked = client.create_key("old", ["read"])
    client.revoke_key(revoked["id"])
    brief = client.create_key("brief", ["read"], expires="90d")
    for key, reason in (
        ("", "requests without a key: the request carries no key"),
        ("trk_aaaaaaaaaaaa_wrong", "this key: the key is not known here → it was mist"),
        (revoked["key"], "this key: the key is revoked → ask who revoked it"),
    ):
        assert f"the collector refuses {reason}" in told(house.url, TRACER_API_KEY=key)
    assert "ok  storage" in told(house.url, TRACER_API_KEY=brief["key"])
    sends = client.create_key("app", ["ingest"])
    assert "the key may not read" in told(house.url, TRACER_API_KEY=sends["key"])
    for _ in range(12):
        said = told(house.url, TRACER_API_KEY="trk_aaaaaaaaaaaa_wrong")
    assert "too many wrong keys came from" in said


def test_jobs_that_nobody_does_are_told_until_a_worker_lives(house: Guarded) -> None:
    client = Client(house.url, ADMIN)
    assert "  work  " not in told(house.url, TRACER_API_KEY=ADMIN)
    rule = {"id": "r", "project": "p", "scorers": ["polite"]}
    client.save_online_rule(rule)
    said = told(house.url, TRACER_API_KEY=ADMIN)
    assert "--  work         no worker runs for 1 rule of online scoring" in said
    params = {"dataset": "faq", "metrics": ["exact_match"]}
    client.save_online_rule(rule | {"id": "r2"})
    for _ in range(2):
        client.start_job("score_dataset", params, project="p")
    said = told(house.url, TRACER_API_KEY=ADMIN)
    assert "there wait: 2 jobs, 2 rules of online scoring → start one with" in said
    client.report_worker("w", {})
    assert "ok  work         1 worker alive" in told(house.url, TRACER_API_KEY=ADMIN)


def test_a_store_that_another_process_has_open_is_told(
    collector: CollectorProcess,
) -> None:
    said = told(TRACER_STORE=f"chdb://{collector.data_dir}")
    holder = collector.process.pid
    assert f"is open in process {holder}, which answers elsewhere" in said
    assert "set TRACER_ENDPOINT to the address that it printed" in said


NEWER = """
import sys
from collector.storage.engine import open_store
from collector.storage.migrate import JOURNAL
store = open_store(sys.argv[1])
with store.handle("write") as client:
    client.command(JOURNAL)
    client.insert("migrations", [[9999, "x", "y"]], ["number", "name", "checksum"])
store.close()
"""


def test_a_store_of_a_newer_version_is_told_after_the_start_that_it_refused(
    tmp_path: Path,
) -> None:
    url = f"chdb://{tmp_path / 'data'}"
    subprocess.run([sys.executable, "-c", NEWER, url], check=True, cwd=HOUSE)
    with pytest.raises(RuntimeError, match="schema version 9999"):
        with start_collector(tmp_path / "data"):
            pass
    said = told(TRACER_STORE=url)
    assert "!!  store        the last start ended: the store has schema version" in said
    assert "upgrade this one or open another store" in said


def test_a_directory_that_cannot_be_written_is_told() -> None:
    said = told(TRACER_STORE="chdb:///dev/null/store", TRACER_SPOOL_DIR="/dev/null/s")
    assert "/dev/null/store cannot be written by this user" in said
    assert "/dev/null/s cannot be written: what the collector does not take" in said


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sending, "LEAST_FREE_BYTES", 1 << 62)
    monkeypatch.setattr(store, "LEAST_FREE_BYTES", 1 << 62)
    said = told(TRACER_SPOOL_DIR=str(tmp_path / "s"), TRACER_STORE=f"chdb://{tmp_path}")
    assert f"the disk of {tmp_path / 's'} is full" in said
    assert f"the disk of {tmp_path} is full → free some of it" in said


def test_what_waits_on_disk_and_what_was_refused_is_counted(tmp_path: Path) -> None:
    sink = OtlpSink()
    sink.reply = lambda _: Reply(400)
    sink.start()
    for endpoint, spooled in ((sink.url, 0), (NOBODY, 2)):
        tracer.configure(endpoint=endpoint, project="p", spool_dir=tmp_path)
        for _ in range(2):
            with tracer.span("call"):
                pass
        report = tracer.shutdown()
        assert report.spooled == spooled
    sink.stop()
    spool = next(path for path in tmp_path.iterdir() if path.is_dir())
    (spool / "notes.txt").write_text("of somebody else")
    said = told(TRACER_SPOOL_DIR=str(tmp_path))
    assert f"items that wait to be sent: 2, in {tmp_path}" in said
    assert f"items that a collector refused, set aside: 2, in {tmp_path}" in said
    assert "nothing is kept on disk" in told(TRACER_SPOOL_DIR="off")


def test_settings_that_keep_something_back_are_told() -> None:
    assert "tracing is switched off" in told(OTEL_SDK_DISABLED="true")
    assert "0.1 of all traces are recorded" in told(TRACER_SAMPLE_RATE="0.1")
    assert "outputs and messages are not recorded" in told(
        TRACER_CAPTURE_CONTENT="false"
    )
    said = told("http://collector.invalid:4318", HTTPS_PROXY="http://proxy:3128")
    assert "HTTPS_PROXY is set, and not used: collector.invalid" in said


def test_an_openai_that_is_too_old_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "openai-1.50.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: openai\nVersion: 1.50.0\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    said = told()
    assert "openai 1.50.0 is too old: 1.66 is the oldest that is recorded" in said
    assert "pip install --upgrade 'openai>=1.66'" in said


def test_the_oldest_versions_are_those_of_the_project() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["all"]]
    for name, oldest in installation.OLDEST.items():
        assert any(one.startswith(f"{name}>={oldest}") for one in needed), name


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(installation.LIBRARIES, "no-such-library", "evals")
    said = told()
    assert "--  libraries    not installed: no-such-library →" in said
    assert "does pip install 'tracer-evals[evals]'" in said


def literals(*folders: str) -> str:
    """Return every text of the program, where f-strings have their values as ``…``."""
    found = []
    for folder in folders:
        for source in (HOUSE / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(source.read_text("utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = [
                        str(one.value) if isinstance(one, ast.Constant) else "…"
                        for one in node.values
                    ]
                    found.append("".join(parts))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
    return "\n".join(found)


def test_what_the_page_quotes_is_what_the_program_says() -> None:
    """Of each quoted line some three words in a row stand in the program."""
    page = (HOUSE / "docs" / "troubleshooting.md").read_text("utf-8")
    page, _, _ = page.partition("\n## Which version")
    said = literals("tracer/doctor", "collector")
    for quoted in re.findall(r"^\| `([^`]+)`", page, re.MULTILINE):
        if quoted.startswith(("tracer ", "GET ", "… this key")):
            continue  # what people type; what comes from the collector
        words = quoted.split()
        runs = [" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))]
        assert any(run in said for run in runs), quoted
