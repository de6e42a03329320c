"""Where the command line makes keys: at a collector's door, or in the store itself."""

import json
import logging
import os
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import quote, urlsplit

from collector.access.keys import StoredKey, new_key
from collector.api.refusals import Refusal, not_found
from collector.audit import audit
from collector.errors import CollectorServiceError, StorageError
from collector.storage.engine import Store, open_store
from collector.storage.keys import add_key, read_keys, revoke_key
from collector.storage.migrate import migrate

Row = dict[str, Any]
TIMEOUT_S = 30


class Failed(Exception):
    """What was asked for could not be done; the message says what to do."""


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

    def __init__(self, endpoint: str, api_key: str | None) -> None:
        if urlsplit(endpoint).scheme not in ("http", "https"):
            raise Failed(
                f"collector {endpoint!r} is no http address; "
                "write it as 'http://host:4318'"
            )
        self._endpoint = endpoint.rstrip("/")
        self._api_key = (api_key or "").strip()

    def create(self, wanted: Row) -> Row:
        """Return a new key with its text."""
        return self._ask("POST", "keys", wanted)

    def list(self) -> list[Row]:
        """Return every key, newest first."""
        rows: list[Row] = self._ask("GET", "keys")["rows"]
        return rows

    def revoke(self, key_id: str) -> Row:
        """Take a key back and return it."""
        return self._ask("DELETE", f"keys/{quote(key_id, safe='')}")

    def _ask(self, method: str, path: str, body: Row | None = None) -> Row:
        request = urllib.request.Request(
            f"{self._endpoint}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        if self._api_key:
            request.add_header("Authorization", f"Bearer {self._api_key}")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                found: Row = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            raise Failed(self._said(error)) from None
        except (OSError, ValueError) as error:
            cause = getattr(error, "reason", error)
            raise Failed(
                f"no collector answers at {self._endpoint} ({cause}); start one with "
                "'tracer up', name another with --collector, or work on its store "
                "with --store"
            ) from None

    def _said(self, error: urllib.error.HTTPError) -> str:
        with error:
            try:
                said = json.load(error)["error"]
                return f"{said['message']}; {said['hint']}"
            except (ValueError, KeyError, TypeError):
                return f"{self._endpoint} answers {error.code}: is it a collector?"


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
            hint = "where a collector runs, leave out --store"
            raise Failed(f"{error}; {hint}") from None
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        if isinstance(exc, Refusal):
            raise Failed(f"{exc}; {exc.hint}") from None
        if isinstance(exc, StorageError):
            raise Failed(str(exc)) from None

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
