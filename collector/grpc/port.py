"""Where OTLP over gRPC is received, decided before anything starts."""

import errno
import importlib.util
import os
import socket
import ssl
import sys
from pathlib import Path

from collector.config import Settings
from collector.errors import SettingsError

DEFAULT_PORT = 4317
INSTALL = "pip install 'tracer-evals[grpc]'"
OFF = "or set TRACER_GRPC_PORT=off"


def decided_port(settings: Settings) -> str:
    """Return the port to listen on, or ``off``.

    A port that was asked for must be had; ``auto`` says in one line on standard error
    why there is none, and the collector starts all the same.

    Raises:
        SettingsError: the port that was asked for cannot be had, or the certificate.
    """
    wanted = settings.grpc_port
    if wanted == "off" or (wanted == "auto" and settings.port == 0):
        return "off"
    port = str(DEFAULT_PORT) if wanted == "auto" else wanted
    reason, remedy = _hindrance(settings.host, int(port))
    if not reason:
        _check_files(settings)
        return port
    told = f"{reason}; {remedy}, {OFF}"
    if wanted != "auto":
        raise SettingsError(f"no OTLP over gRPC: {told}")
    sys.stderr.write(f"collector: {http_alone(told)}\n")
    return "off"


def http_alone(reason: str) -> str:
    """Return the word for people where nobody asked for gRPC and there is none."""
    return f"OTLP is received over HTTP, not over gRPC: {reason}"


def _hindrance(host: str, port: int) -> tuple[str, str]:
    """Return why there can be no gRPC, and what to do; empty if there can."""
    if importlib.util.find_spec("grpc") is None:
        return "grpcio is not installed", INSTALL
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        cause = os.strerror(error.errno) if error.errno else str(error)
        taken = error.errno == errno.EADDRINUSE
        state = "is in use" if taken else f"cannot be had ({cause})"
        remedy = "choose another port with TRACER_GRPC_PORT (--grpc-port)"
        return f"{host}:{port} {state}", remedy
    return "", ""


def _check_files(settings: Settings) -> None:
    """Look at the certificate here: of one that does not work gRPC only says no.

    Raises:
        SettingsError: there is none in the files, or its key is another's.
    """
    for name in ("grpc_certificate", "grpc_key"):
        path = getattr(settings, name)
        if path and not Path(path).is_file():
            raise SettingsError(
                f"TRACER_{name.upper()} is {path!r}, which is no file; "
                "give the path of a PEM file"
            )
    if not settings.grpc_certificate:
        return
    files = settings.grpc_certificate, settings.grpc_key
    try:
        # gRPC asks nobody for a password, and neither may this
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*files, password="")
    except OSError as error:
        why = getattr(error, "reason", None) or error.strerror
        raise SettingsError(
            f"TRACER_GRPC_CERTIFICATE {files[0]!r} does not work with TRACER_GRPC_KEY "
            f"{files[1]!r} ({why}); give a certificate and its own key, both as PEM"
        ) from None
