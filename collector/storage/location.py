"""Where a store is: its URL, its directory's lock, and why it cannot be opened."""

import fcntl
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from collector.errors import StorageError, StoreInUse
from collector.storage.server_url import ServerOptions, parse_options

LOCK_NAME = "tracer.lock"
_REASON = re.compile(r"\[Errno -?\d+\] ([^'\")]+)")
_REFUSED = re.compile("AUTHENTICATION_FAILED|REQUIRED_PASSWORD|WRONG_PASSWORD")
WRONG_LOGIN = frozenset({192, 193, 194, 516})
"""The engine's words for a user that it does not know, or another's password."""
_FORMS = "write 'chdb:///directory' or 'http://user:password@host:8123/database'"


@dataclass(frozen=True)
class StoreUrl:
    """A parsed store address; its text never shows the password."""

    path: Path
    """Directory of an embedded store; empty for a server."""

    host: str = ""
    """Server's host; empty for an embedded store."""

    port: int = 0
    """Server's HTTP port."""

    database: str = "default"
    """Server's database, made if missing."""

    user: str = ""
    """Server's user; empty for its default."""

    password: str = field(default="", repr=False)
    """Server's password."""

    secure: bool = False
    """Whether the server is spoken to over TLS."""

    options: ServerOptions = ServerOptions()
    """What is said behind the question mark."""

    @property
    def is_embedded(self) -> bool:
        """Whether this is a chDB directory."""
        return not self.host

    def client_arguments(self) -> dict[str, Any]:
        """Return the keyword arguments of ``clickhouse_connect.get_client``."""
        if self.is_embedded:
            return {"interface": "chdb", "path": str(self.path)}
        arguments: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "database": self.database,
            "secure": self.secure,
            "autogenerate_session_id": False,
            "connect_timeout": 5,
        }
        if self.user:
            arguments |= {"username": self.user, "password": self.password}
        arguments |= self.options.client_arguments()
        if self.options.client_cert and (self.password or not self.user):
            arguments["tls_mode"] = "strict"  # the certificate is not the log-in
        return arguments

    def explain(self, error: Exception) -> str:
        """Say what is wrong with this store and what to do, without secrets."""
        cause = str(error).strip().splitlines()[0] if str(error).strip() else "no text"
        # what the system said stands deep in urllib3's text
        if reason := _REASON.search(cause):
            cause = reason[1]
        if self.password:
            cause = cause.replace(self.password, "***")
        if self.is_embedded:
            return (
                f"the engine cannot open directory '{self.path}' ({cause}); "
                "check that it is writable and was made by this or an older version"
            )
        if getattr(error, "code", None) in WRONG_LOGIN or _REFUSED.search(cause):
            return (
                f"the ClickHouse server at {self} refuses the log-in of user "
                f"{self.user or 'default'!r}: user or password are wrong; write them "
                "into the store's address, http://user:password@host:8123/database, "
                "with signs such as @ and # as %40 and %23"
            )
        return f"no ClickHouse server answers at {self} ({cause}); is it running?"

    def __str__(self) -> str:
        if self.is_embedded:
            return f"chdb://{self.path}"
        scheme = "https" if self.secure else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        cluster = f"?cluster={self.options.cluster}" if self.options.cluster else ""
        return f"{scheme}://{host}:{self.port}/{self.database}{cluster}"


def parse_store_url(url: str) -> StoreUrl:
    """Read ``chdb:///directory`` or ``http(s)://user:password@host:port/database``.

    Behind a server's database may follow ``?cluster=name&verify=no`` and their like.

    Raises:
        StorageError: the URL has another form or a parameter that cannot be.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        cause = str(error).partition(" as ")[0]  # what follows may be of the password
        raise StorageError(
            f"the store's address cannot be read ({cause}); {_FORMS}"
        ) from None
    if parts.scheme == "chdb":
        directory = unquote(parts.netloc + parts.path)
        if behind := parts.query or parts.fragment:
            raise StorageError(
                f"a directory takes no parameters, and {behind[:80]!r} stands behind "
                "it; write '?' in its name as %3F, '#' as %23"
            )
        if directory:
            return StoreUrl(path=Path(directory).expanduser().absolute())
    elif parts.scheme in ("http", "https", "clickhouse", "clickhouses"):
        if parts.hostname:
            return _server(parts, port)
    raise StorageError(f"store {parts.scheme or url!r} is of no known form; {_FORMS}")


def _server(parts: SplitResult, port: int | None) -> StoreUrl:
    options = parse_options(parts.query)
    by_scheme = parts.scheme in ("https", "clickhouses")
    if by_scheme and options.secure is False:
        raise StorageError(
            f"the store's address says {parts.scheme} and secure=no; say one of them"
        )
    secure = by_scheme or bool(options.secure)
    return StoreUrl(
        path=Path(),
        host=parts.hostname or "",
        port=port or (8443 if secure else 8123),
        database=unquote(parts.path.strip("/")) or "default",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        secure=secure,
        options=options,
    )


class DirectoryLock:
    """Holds a directory for this process, and no longer, even if it is killed."""

    def __init__(self, directory: Path) -> None:
        self._file = _open_lock_file(directory)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise StoreInUse(
                f"directory '{directory}' is in use by process {owner or 'unknown'}; "
                "stop it, send to its collector, or name another directory"
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let another process have the directory."""
        os.close(self._file)


def _open_lock_file(directory: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        # the engine's files are readable by everybody who gets that far
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(directory / LOCK_NAME, flags, 0o600)
    except OSError as error:
        raise StorageError(
            f"directory '{directory}' cannot be written ({error.strerror}); "
            "name one that this user may write to"
        ) from error
