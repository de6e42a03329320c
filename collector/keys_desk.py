"""Where the command line makes keys: at a collector's door, or in the store itself."""

import logging
import os
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import quote

from click import ClickException

from collector.access.keys import StoredKey, new_key
from collector.admin_client import Collector
from collector.api.refusals import Refusal, not_found
from collector.audit import audit
from collector.errors import CollectorServiceError, StorageError, StoreInUse
from collector.storage.engine import Store, open_store
from collector.storage.keys import add_key, read_keys, revoke_key
from collector.storage.migrate import migrate

Row = dict[str, Any]


class Desk(Protocol):
    """Makes, lists and revokes keys; the rows are those of ``/api/v1/keys``."""

    def create(self, wanted: Row) -> Row:
        """Return a new key with its text."""

    def list(self) -> list[Row]:
        """Return every key, newest first."""

    def revoke(self, key_id: str) -> Row:
        """Take a key back and return it."""


class HttpDesk:
    """Asks a running collector."""

    def __init__(self, url: str, api_key: str | None) -> None:
        self._collector = Collector(url, api_key)

    def create(self, wanted: Row) -> Row:
        """Return a new key with its text."""
        made: Row = self._collector.ask("POST", "/keys", body=wanted)
        return made

    def list(self) -> list[Row]:
        """Return every key, newest first."""
        rows: list[Row] = self._collector.ask("GET", "/keys")["rows"]
        return rows

    def revoke(self, key_id: str) -> Row:
        """Take a key back and return it."""
        gone: Row = self._collector.ask("DELETE", f"/keys/{quote(key_id, safe='')}")
        return gone


class StoreDesk:
    """Works on a store that it opens; leave the block to close it."""

    def __init__(self, url: str, *, author: str) -> None:
        self._author = author
        self._url = url
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        # the driver logs what it also raises; one clear line is enough
        logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)
        try:
            self._store: Store = open_store(self._url)
            if self._store.is_embedded:  # it writes `__cache__` to wherever it runs
                os.chdir(self._store.url.path)
            self._stack.callback(self._store.close)
            migrate(self._store)
        except CollectorServiceError as error:
            self._stack.close()
            hint = "; where a collector runs, leave out --store"
            is_held = isinstance(error, StoreInUse)
            raise ClickException(f"{error}{hint if is_held else ''}") from None
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        if isinstance(exc, Refusal):
            raise ClickException(f"{exc}; {exc.hint}") from None
        if isinstance(exc, StorageError):
            raise ClickException(str(exc)) from None

    def create(self, wanted: Row) -> Row:
        """Return a new key with its text."""
        now = datetime.now(UTC)
        new = new_key(wanted, now)
        stored, text = add_key(self._store, new, author=self._author)
        audit("key_created", key=stored.id, name=stored.name, by=self._author)
        return stored.shown(now) | {"key": text}

    def list(self) -> list[Row]:
        """Return every key, newest first."""
        now = datetime.now(UTC)
        return [key.shown(now) for key in read_keys(self._store)]

    def revoke(self, key_id: str) -> Row:
        """Take a key back and return it."""
        if self._find(key_id).revoked is None:
            revoke_key(self._store, key_id, author=self._author)
            audit("key_revoked", key=key_id, by=self._author)
        return self._find(key_id).shown(datetime.now(UTC))

    def _find(self, key_id: str) -> StoredKey:
        for key in read_keys(self._store):
            if key.id == key_id:
                return key
        raise not_found("key", key_id, hint="'tracer keys list' shows them")
