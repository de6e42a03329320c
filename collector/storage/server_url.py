"""The part of a server's address behind the question mark: TLS, cluster, settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from collector.errors import StorageError

SETTING = "setting."
_FILES = ("ca_cert", "client_cert", "client_key")
_FLAGS = ("secure", "verify", "replicated")
KNOWN = ("cluster", *_FLAGS, *_FILES, f"{SETTING}NAME")
_YES_AND_NO = {"yes": True, "true": True, "1": True} | dict.fromkeys(
    ("no", "false", "0"), False
)
_CLUSTER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SETTING = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class ServerOptions:
    """How a server is spoken to, and how it keeps the tables."""

    cluster: str = ""
    """Name of the cluster that the tables are spread over; empty for one server."""

    replicated: bool = True
    """Whether a cluster's tables are Replicated, and made by ``ON CLUSTER``."""

    secure: bool | None = None
    """Whether TLS is spoken; None goes by the scheme."""

    verify: bool = True
    """Whether the server's certificate must be good."""

    ca_cert: str = ""
    """File of certificates that the server's must descend from."""

    client_cert: str = ""
    """File of our own certificate."""

    client_key: str = ""
    """File of its key."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """The engine's settings for every statement."""

    def client_arguments(self) -> dict[str, Any]:
        """Return what ``clickhouse_connect.get_client`` is told of TLS."""
        files = {
            "ca_cert": self.ca_cert,
            "client_cert": self.client_cert,
            "client_cert_key": self.client_key,
        }
        given = {name: value for name, value in files.items() if value}
        return given | ({} if self.verify else {"verify": False})


def parse_options(query: str) -> ServerOptions:
    """Read ``cluster=name&verify=no&setting.max_memory_usage=1000000000``.

    Raises:
        StorageError: a parameter is unknown, there twice, or cannot have its value.
    """
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in given:
            raise _unfit(f"names {name!r} twice", "give it once")
        given[name] = value
    settings = {
        name.removeprefix(SETTING): value
        for name, value in given.items()
        if name.startswith(SETTING)
    }
    found = {name: given[name] for name in given if not name.startswith(SETTING)}
    for name in settings:
        if not _SETTING.fullmatch(name):
            raise _unfit(f"has setting {name[:80]!r}", "name one of the engine's")
    for name in found:
        if name not in KNOWN:
            raise _unfit(f"has parameter {name[:80]!r}", f"use {', '.join(KNOWN)}")
    flags = {name: _flag(name, found.pop(name)) for name in _FLAGS if name in found}
    _check_cluster(found, flags)
    _check_files(found)
    return ServerOptions(settings=settings, **found, **flags)  # type: ignore[arg-type]


def _flag(name: str, value: str) -> bool:
    if value.lower() not in _YES_AND_NO:
        raise _unfit(f"says {name}={value[:80]!r}", "say yes or no")
    return _YES_AND_NO[value.lower()]


def _check_cluster(found: Mapping[str, str], flags: Mapping[str, bool]) -> None:
    name = found.get("cluster")
    if name is not None and not _CLUSTER.fullmatch(name):
        hint = "name one of system.clusters: letters, digits, _ and -"
        raise _unfit(f"says cluster={name[:80]!r}", hint)
    if "replicated" in flags and name is None:
        raise _unfit("says replicated, and no cluster", "add cluster=NAME")


def _check_files(found: Mapping[str, str]) -> None:
    for name in _FILES:
        path = found.get(name)
        if path is not None and not Path(path).is_file():
            raise _unfit(f"says {name}={path!r}", "name a file that is there")
    if "client_key" in found and "client_cert" not in found:
        raise _unfit("says client_key, and no client_cert", "give both")


def _unfit(what: str, hint: str) -> StorageError:
    return StorageError(f"the store's address {what}; {hint}")
