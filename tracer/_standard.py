"""What OpenTelemetry's own variables say about where to send, and how."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

OF_ADDRESS: Final = (
    "traces_endpoint",
    "logs_endpoint",
    "headers",
    "traces_headers",
    "logs_headers",
)
"""Settings that belong to one address: they hold keys, and never follow to another."""

FROM_MILLISECONDS: Final = 1000
"""The specification counts a timeout in milliseconds, the Python SDK in seconds."""


def read_headers(text: str) -> dict[str, str]:
    """Read ``key=value,key2=value2``, URL-encoded as OpenTelemetry has it.

    Raises:
        ValueError: A part is no such pair; its value is not shown, it may be a key.
    """
    found = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            raise ValueError("write name=value,name2=value2")
        found[unquote(name.strip()).lower()] = unquote(value.strip())
    return found


def read_timeout_s(text: str) -> float:
    """Read seconds; what can only be meant as milliseconds is taken so."""
    number = float(text)
    return number / 1000 if number >= FROM_MILLISECONDS else number


def read_compression(text: str) -> str:
    """Read ``none``; every receiver takes gzip, so other words mean that."""
    return "none" if text.lower() in ("none", "identity") else "gzip"


READERS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("endpoint", str),
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": ("traces_endpoint", str),
    "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": ("logs_endpoint", str),
    "OTEL_EXPORTER_OTLP_HEADERS": ("headers", read_headers),
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS": ("traces_headers", read_headers),
    "OTEL_EXPORTER_OTLP_LOGS_HEADERS": ("logs_headers", read_headers),
    "OTEL_EXPORTER_OTLP_CERTIFICATE": ("certificate", Path),
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": ("client_certificate", Path),
    "OTEL_EXPORTER_OTLP_CLIENT_KEY": ("client_key", Path),
    "OTEL_EXPORTER_OTLP_COMPRESSION": ("compression", read_compression),
    "OTEL_EXPORTER_OTLP_TIMEOUT": ("timeout_s", read_timeout_s),
}
"""Variable → the setting that it gives, and how its text is read."""
