"""The table of keys: read whole, appended to; no view and no users' SQL reaches it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from collector.access.keys import (
    NewKey,
    StoredKey,
    digest_of,
    key_text,
    new_id,
    new_secret,
)
from collector.storage.engine import Store, engine_errors
from collector.storage.reads.reader import Reader, Row

MAX_KEYS = 100_000
_COLUMNS = [
    *("id", "event", "at", "author", "name", "secret_digest", "scopes"),
    *("project", "expires"),
]
_NO_DIGEST = bytes(32)


def read_keys(store: Store) -> list[StoredKey]:
    """Return every key, newest first; revoked and expired ones too.

    Raises:
        StorageError: the store does not answer.
    """
    with engine_errors(), store.handle("read") as client:
        reader = Reader(client, Reader.new_mark())
        return [_key(row) for row in reader.rows("access_keys", {"limit": MAX_KEYS})]


def add_key(store: Store, new: NewKey, *, author: str) -> tuple[StoredKey, str]:
    """Store a new key; return it, and its text, which is kept nowhere.

    Raises:
        StorageError: the store did not take it.
    """
    key_id, secret, now = new_id(), new_secret(), datetime.now(UTC)
    digest = digest_of(secret.encode())
    content = [new.name, digest, list(new.scopes), new.project or "", new.expires]
    _insert(store, [[key_id, "created", now, author, *content]])
    stored = StoredKey(
        id=key_id,
        name=new.name,
        secret_digest=digest,
        scopes=new.scopes,
        project=new.project,
        created=now,
        created_by=author,
        expires=new.expires,
    )
    return stored, key_text(key_id, secret)


def revoke_key(store: Store, key_id: str, *, author: str) -> None:
    """Take a key back, for ever.

    Raises:
        StorageError: the store did not take it.
    """
    _insert(store, [_event(key_id, "revoked", author)])


def note_used(store: Store, key_ids: Iterable[str]) -> None:
    """Store that these keys were used just now.

    Raises:
        StorageError: the store did not take it.
    """
    _insert(store, [_event(key_id, "used", "") for key_id in key_ids])


def _event(key_id: str, event: str, author: str) -> list[Any]:
    nothing: list[Any] = ["", _NO_DIGEST, [], "", None]
    return [key_id, event, datetime.now(UTC), author, *nothing]


def _insert(store: Store, rows: list[list[Any]]) -> None:
    if rows:
        with engine_errors(), store.handle("write") as client:
            client.insert("access_keys", rows, _COLUMNS)


def _key(row: Row) -> StoredKey:
    moments = ("created", "expires", "revoked", "last_used")
    times = {name: _moment(row[name]) for name in moments}
    return StoredKey(
        id=row["id"],
        name=row["name"],
        secret_digest=bytes.fromhex(row["secret_digest"]),
        scopes=tuple(row["scopes"]),
        project=row["project"] or None,
        created_by=row["created_by"],
        **times,  # type: ignore[arg-type]
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
