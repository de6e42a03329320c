"""TLS in front of a plain server, as a proxy at its door ends it."""

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit


def make_certificate(directory: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate that signs itself; give it and its key."""
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    ask = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    ask += ["-keyout", str(key), "-out", str(certificate), "-subj", f"/CN={name}"]
    ask += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(ask, check=True, capture_output=True)
    return certificate, key


@contextlib.contextmanager
def tls_door(
    server_url: str, certificate: tuple[Path, Path], *, asks_for: Path | None = None
) -> Iterator[int]:
    """Pass on what comes by TLS to a plain server; give the port.

    Args:
        server_url: where it is passed on to.
        certificate: the door's certificate and key.
        asks_for: certificates of whom it lets in; of everybody if None.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    if asks_for is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(asks_for)
    listener = socket.create_server(("127.0.0.1", 0))
    target = (str(urlsplit(server_url).hostname), int(urlsplit(server_url).port or 0))
    threading.Thread(
        target=_let_in, args=(listener, context, target), daemon=True
    ).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def _let_in(
    listener: socket.socket, context: ssl.SSLContext, target: tuple[str, int]
) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:  # closed
            return
        threading.Thread(
            target=_pass_on, args=(plain, context, target), daemon=True
        ).start()


def _pass_on(
    plain: socket.socket, context: ssl.SSLContext, target: tuple[str, int]
) -> None:
    try:
        inside = context.wrap_socket(plain, server_side=True)
    except (ssl.SSLError, OSError):
        plain.close()
        return
    with inside, socket.create_connection(target) as outside:
        back = threading.Thread(target=_copy, args=(outside, inside), daemon=True)
        back.start()
        _copy(inside, outside)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
