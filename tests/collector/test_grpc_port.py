"""Whether there is gRPC, where, by which key and under which certificate."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from guarded import ADMIN, guarded_collector
from otlp_requests import span, trace_request
from processes import start_collector
from starlette.datastructures import State

from collector.config import Settings
from collector.errors import SettingsError
from collector.grpc import port as grpc_port
from collector.grpc.listener import SERVICES, GrpcListener
from collector.grpc.port import decided_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    holder = socket.create_server(("127.0.0.1", 0))
    with holder:
        yield int(holder.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        return int(holder.getsockname()[1])


def test_auto_takes_the_default_port_if_it_is_free(
    free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grpc_port, "DEFAULT_PORT", free_port)
    assert decided_port(Settings(port=1)) == str(free_port)
    assert decided_port(Settings(port=0)) == "off"
    assert decided_port(Settings(port=0, grpc_port="0")) == "0"
    assert decided_port(Settings(port=1, grpc_port="off")) == "off"


def test_auto_goes_on_without_a_port_that_is_taken_and_says_so_in_one_line(
    taken_port: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(grpc_port, "DEFAULT_PORT", taken_port)
    assert decided_port(Settings(port=1)) == "off"
    (line,) = capsys.readouterr().err.splitlines()
    assert "received over HTTP, not over gRPC" in line  # nobody asked for it
    assert f"127.0.0.1:{taken_port} is in use" in line
    assert "TRACER_GRPC_PORT=off" in line
    with pytest.raises(SettingsError, match="--grpc-port"):
        decided_port(Settings(port=1, grpc_port=str(taken_port)))


async def test_a_default_port_that_is_taken_as_it_starts_costs_grpc_alone(
    taken_port: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It was free when it was decided; the whole collector failed to start."""
    state = State({"settings": Settings(port=1, grpc_port=str(taken_port))})
    with pytest.raises(RuntimeError):
        await GrpcListener(state).start()
    monkeypatch.setattr(grpc_port, "DEFAULT_PORT", taken_port)
    listener = GrpcListener(state)
    await listener.start()
    await listener.close()
    assert "received over HTTP, not over gRPC" in capsys.readouterr().err


def test_without_grpcio_the_collector_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(grpc_port.importlib.util, "find_spec", lambda _: None)
    assert decided_port(Settings(port=1)) == "off"
    (line,) = capsys.readouterr().err.splitlines()
    assert "pip install 'tracer-evals[grpc]'" in line
    with pytest.raises(SettingsError, match="grpcio is not installed"):
        decided_port(Settings(port=1, grpc_port="0"))


def test_a_certificate_that_is_no_file_is_named() -> None:
    settings = Settings(grpc_port="0", grpc_certificate="no.pem", grpc_key="no.pem")
    with pytest.raises(SettingsError, match="'no.pem'"):
        decided_port(settings)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for localhost, signed by itself, and its key."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("openssl is missing: it makes a certificate for the test")
    files = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-out", str(files[0]), "-keyout", str(files[1])]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(command, check=True, capture_output=True)
    return files


def test_with_a_certificate_it_speaks_tls(
    tmp_path: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_GRPC_CERTIFICATE", str(certificate[0]))
    monkeypatch.setenv("TRACER_GRPC_KEY", str(certificate[1]))
    with start_collector(tmp_path / "store", grpc_port=0) as running:
        assert running.process.stderr is not None
        port = running.process.stderr.readline().strip().rpartition(":")[2]
        trusted = grpc.ssl_channel_credentials(certificate[0].read_bytes())
        with grpc.secure_channel(f"localhost:{port}", trusted) as channel:
            call = channel.unary_unary(f"/{SERVICES['traces']}/Export")
            assert call(trace_request(span()), timeout=60) == b""


def test_a_certificate_that_does_not_work_is_named(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    """The start ended in a stack of calls; on 4317 the port was said to be taken."""
    no_pem = tmp_path / "no.pem"
    no_pem.write_text("no certificate")
    other = certificate[0].with_name("other.pem")
    command = ["openssl", "genrsa", "-passout", "pass:word", "-aes128", "-out"]
    subprocess.run([*command, str(other)], check=True, capture_output=True)
    for files in ((no_pem, certificate[1]), (certificate[0], other)):
        given = {"grpc_certificate": str(files[0]), "grpc_key": str(files[1])}
        with pytest.raises(SettingsError, match=f"{files[0]}.*{files[1]}"):
            decided_port(Settings(grpc_port="0", **given))


def test_a_key_is_judged_as_it_is_over_http(tmp_path: Path) -> None:
    with guarded_collector(tmp_path, "--grpc-port", "0") as running:
        address = running.log.read_text().strip().rpartition(" ")[2]
        body = trace_request(span(), project="")
        with grpc.insecure_channel(address) as channel:
            export = channel.unary_unary(f"/{SERVICES['traces']}/Export")

            def send(key: str) -> bytes:
                metadata = (("authorization", f"Bearer {key}"),)
                return bytes(export(body, metadata=metadata, timeout=60))

            assert send(running.make("ingest", project="p")) == b""
            with pytest.raises(grpc.RpcError, match="no scope 'ingest'") as reader:
                send(running.make("read"))
            with pytest.raises(grpc.RpcError, match="TRACER_API_KEY") as stranger:
                send("wrong")
        found = running.call(ADMIN, "GET", "/api/v1/projects").data.decode()
    assert reader.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert stranger.value.code() == grpc.StatusCode.UNAUTHENTICATED
    assert '"p"' in found
