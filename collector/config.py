"""The collector's settings, and the only place that reads its environment."""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import SplitResult, urlsplit

from collector.errors import SettingsError

MIB = 1024 * 1024

YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
"""What a yes and a no may be written as, here and in the API's parameters."""


def is_loopback(host: str) -> bool:
    """Return whether a name or address always means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origins_in(text: str) -> frozenset[str]:
    """Return the origins that a list separated by commas names."""
    return frozenset(filter(None, (one.strip().lower() for one in text.split(","))))


MOST_DAYS = 36_500
"""Of ages; 0 keeps for ever."""

_RANGES = {
    "port": (0, 65_535),
    "max_body_bytes": (1, 1 << 31),
    "max_pending_bytes": (1, 1 << 40),
    "max_pending_requests": (1, 1 << 20),
    "writers": (1, 256),
    "linger_ms": (0, 60_000),
    "upload_timeout_s": (1, 3600),
    "retention_days": (0, MOST_DAYS),
    "retention_evaluation_days": (0, MOST_DAYS),
}
"""Setting → the least and the greatest that can work."""


@dataclass(frozen=True)
class Settings:
    """Everything that can be set; from the environment as ``TRACER_`` and the name."""

    store: str = "chdb://./tracer-data"
    """Where rows go: ``chdb:///directory`` or ``http(s)://user:pw@host:8123/database``."""

    sql_store: str = field(default="", repr=False)
    """The same server and database by a user who may only read, for users' SQL."""

    otel_exporter: bool = False
    """Whether OpenTelemetry Collector's ClickHouse exporter gets a table to fill."""

    host: str = "127.0.0.1"
    """Address to listen on; anything but loopback needs keys."""

    port: int = 4318
    """Port to listen on; 0 takes a free one."""

    api_key: str = field(default="", repr=False)
    """An admin key of all projects, beside those of ``tracer keys``; empty for none."""

    require_key: bool = False
    """Whether loopback needs keys too, as behind a proxy on the same machine."""

    max_body_bytes: int = 64 * MIB
    """Largest request body, as sent and again after decompression."""

    max_pending_bytes: int = 256 * MIB
    """Bodies held in memory until they are stored; more are told to come back."""

    max_pending_requests: int = 2048
    """Requests waiting to be stored; more are told to come back."""

    writers: int = max(1, min(os.cpu_count() or 1, 8))
    """Threads that store requests, each with its own engine handle."""

    linger_ms: int = 30
    """How long a writer waits for more requests before it stores what it has."""

    upload_timeout_s: int = 10
    """How long an upload may stand still before it is ended with 408."""

    retention_days: int = 0
    """Days for which spans, events and scores are kept; 0 keeps them for ever."""

    text_index: str = "off"
    """``on`` keeps an index for searching in inputs and outputs; ``off`` scans them."""

    retention_evaluation_days: int = 0
    """The same for the rows of evaluations, which `retention_days` leaves alone."""

    disk_budget: int = 0
    """Bytes that the store may hold; beyond, the oldest day goes. 0 sets no limit."""

    prices: bool = True
    """Whether spans are priced from the genai-prices package."""

    cors_origins: frozenset[str] = frozenset()
    """Origins whose pages may post OTLP, ``*`` for any; none by default."""

    grpc_port: str = "auto"
    """Port for OTLP over gRPC; 0 takes a free one, ``off`` none; ``auto`` is 4317 if it
    is free, and none where `port` is 0."""

    grpc_certificate: str = ""
    """File of the certificates that gRPC shows; empty speaks without TLS."""

    grpc_key: str = field(default="", repr=False)
    """File of the private key that belongs to `grpc_certificate`."""

    prices_file: str = ""
    """A file of the user's own prices, which go before all others."""

    dashboard_url: str = ""
    """Where people find the dashboard; links that programs print begin with it."""

    backup_dir: str = ""
    """Where backups through the API go; empty: beside an embedded store."""

    audit_file: str = ""
    """File at whose end the audit log goes on; empty: standard error."""

    lifeline: bool = False
    """Whether to stop when standard input closes."""

    def __post_init__(self) -> None:
        """Refuse what cannot work.

        Raises:
            SettingsError: one is too small or too large, or a word that says nothing;
                it is named.
        """
        if self.text_index not in ("on", "off"):
            raise SettingsError(
                f"text_index (TRACER_TEXT_INDEX) is {self.text_index!r}; give on or off"
            )
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise SettingsError(
                    f"{name} (TRACER_{name.upper()}) is {value}; "
                    f"give a whole number from {least} to {most}"
                )
        _check_dashboard(self.dashboard_url)
        _check_origins(self.cors_origins)
        _check_grpc(self)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can connect."""
        return is_loopback(self.host)

    @property
    def needs_key(self) -> bool:
        """Whether a request without a key is refused."""
        return bool(self.api_key) or self.require_key or not self.is_loopback


def _parts_of(url: str) -> SplitResult:
    """Return the parts of an address, empty ones if it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _check_dashboard(url: str) -> None:
    parts = _parts_of(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise SettingsError(
            f"TRACER_DASHBOARD_URL (--dashboard-url) is {url!r}; "
            "write it as 'https://tracer.example'"
        )


def _check_origins(origins: frozenset[str]) -> None:
    for origin in origins - {"*"}:
        parts = _parts_of(origin)
        if f"{parts.scheme}://{parts.netloc}" != origin or not parts.netloc:
            raise SettingsError(
                f"TRACER_CORS_ORIGINS names {origin!r}, which is no origin; "
                "write 'https://app.example' or 'http://localhost:3000', or '*'"
            )


def _check_grpc(settings: Settings) -> None:
    text = settings.grpc_port
    is_port = text.isascii() and text.isdigit() and int(text) <= _RANGES["port"][1]
    if text not in ("auto", "off") and not is_port:
        raise SettingsError(
            f"TRACER_GRPC_PORT (--grpc-port) is {text!r}; "
            "give a port, 0 for a free one, 'auto' or 'off'"
        )
    if bool(settings.grpc_certificate) != bool(settings.grpc_key):
        raise SettingsError(
            "TRACER_GRPC_CERTIFICATE and TRACER_GRPC_KEY belong together; set both"
        )


def _flag(text: str) -> bool:
    """Read a yes or a no.

    Raises:
        ValueError: it is neither.
    """
    word = text.strip().lower()
    if word not in (*YES, *NO):
        raise ValueError("it must be yes or no")
    return word in YES


def read_bytes(text: str) -> int:
    """Return a number of bytes, of a text such as ``50GB``, ``800 MiB`` or ``1e9``.

    Raises:
        ValueError: it is none; the message says how to write one.
    """
    found = re.fullmatch(r"\s*([0-9.]+(?:e[0-9]+)?)\s*([KMGTP]?i?)B?\s*", text, re.I)
    try:
        number, unit = float(found[1]), found[2].upper()  # type: ignore[index]
        step = 1024 if unit.endswith("I") else 1000
        return int(number * step ** " KMGTP".index(unit[:1] or " "))
    except (TypeError, ValueError, OverflowError):
        raise ValueError("write bytes as 50GB, 800MiB or 1000000") from None


_FROM_ENVIRONMENT: Mapping[str, Callable[[str], Any]] = {
    "store": str,
    "sql_store": str,
    "otel_exporter": _flag,
    "host": str,
    "port": int,
    "api_key": str.strip,  # a secret in a file mostly ends with a line break
    "require_key": _flag,
    "max_body_bytes": int,
    "max_pending_bytes": int,
    "max_pending_requests": int,
    "writers": int,
    "linger_ms": int,
    "retention_days": int,
    "text_index": str,
    "retention_evaluation_days": int,
    "disk_budget": read_bytes,
    "prices_file": str,
    "dashboard_url": str,
    "backup_dir": str,
    "audit_file": str,
    "upload_timeout_s": int,
    "cors_origins": origins_in,
    "grpc_port": str,
    "grpc_certificate": str,
    "grpc_key": str,
}

NAMES = frozenset(_FROM_ENVIRONMENT)
"""Every setting that the environment can give."""


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that ``TRACER_STORE``, ``TRACER_API_KEY`` … give.

    Raises:
        SettingsError: a number is not one, or is out of range.
    """
    values = os.environ if environ is None else environ
    found: dict[str, Any] = {}
    for name, read in _FROM_ENVIRONMENT.items():
        text = values.get(f"TRACER_{name.upper()}", "")
        if not text:
            continue
        try:
            found[name] = read(text)
        except ValueError as error:
            wanted = "it must be a whole number"
            if read in (read_bytes, _flag):
                wanted = str(error)
            raise SettingsError(
                f"TRACER_{name.upper()} is {text!r}; {wanted}"
            ) from None
    return replace(Settings(), **found)
