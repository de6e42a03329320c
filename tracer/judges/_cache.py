"""Replies kept on disk: the same question to the same judge is not paid twice.

A file of SQLite, safe among threads and processes; a connection is opened for each use,
which a fork cannot harm and nobody need close.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson

from tracer._guard import guarded
from tracer.errors import ConfigurationError
from tracer.evaluation._identity import canonical_json
from tracer.judges._asking import Reply

FORMAT: Final = 1
"""Part of every key: raised when what is kept changes its meaning."""

MOST_REPLIES: Final = 200_000
"""Replies that a file keeps; the oldest go first."""

BUSY_S: Final = 30.0

_READING = guarded("read a kept judgement")
_KEEPING = guarded("keep a judgement")

_CREATE: Final = (
    "CREATE TABLE IF NOT EXISTS replies "
    "(id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB UNIQUE NOT NULL, reply BLOB)"
)
_FIND: Final = "SELECT reply FROM replies WHERE key = ?"
_PUT: Final = "INSERT OR REPLACE INTO replies (key, reply) VALUES (?, ?)"
_TRIM: Final = "DELETE FROM replies WHERE id <= (SELECT max(id) FROM replies) - ?"


def key_of(asked: Mapping[str, Any]) -> bytes:
    """Return 32 bytes that name a question: a digest of all that shapes the reply."""
    return hashlib.sha256(canonical_json({**asked, "format": FORMAT})).digest()


class ReplyCache:
    """Replies of judge models, by what was asked.

    Args:
        path: The file; made if need be, readable by its owner alone.
        most_replies: How many it keeps.

    Raises:
        ConfigurationError: It cannot be opened, or is something else.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, most_replies: int = MOST_REPLIES
    ) -> None:
        self.path = Path(path)
        self._most_replies = most_replies
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with self._open() as database:
                database.execute(_CREATE)
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(
                f"the cache {self.path} cannot be opened: {error}; name another file"
            ) from None

    def find(self, key: bytes) -> Reply | None:
        """Return the reply that is kept; None if there is none."""
        with _READING, self._open() as database:
            row = database.execute(_FIND, (key,)).fetchone()
            return None if row is None else Reply(**orjson.loads(row[0]))
        return None

    def keep(self, replies: Sequence[tuple[bytes, Reply]]) -> None:
        """Keep replies, and let the oldest go if there are too many."""
        rows = [(key, orjson.dumps(asdict(reply))) for key, reply in replies]
        with _KEEPING, self._open() as database:
            database.executemany(_PUT, rows)
            database.execute(_TRIM, (self._most_replies,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=BUSY_S)
        with closing(connection), connection:  # the inner block commits
            yield connection
