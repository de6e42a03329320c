"""A backup: a directory with a compressed file a chunk and a manifest."""

import contextlib
import hashlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from collector.errors import StorageError
from collector.storage.copying.chunks import (
    Chunk,
    Sum,
    Table,
    chunks_of,
    rows_of,
    schema_version,
    sum_of,
    tables_of,
)
from collector.storage.copying.target import (
    check_complete,
    check_single,
    compressed,
)
from collector.storage.engine import Handle, Store, engine_errors
from tracer._build import version

MANIFEST, JOURNAL = "manifest.json", "chunks.jsonl"
FORMAT = 1
ATTEMPTS = 3
"""A chunk that changes while it is read, by a delete, is read again so often."""

Progress = Callable[[int, int, str], None]
"""Told after each chunk: bytes done, bytes in all, what was done."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    id: str
    """Unlike any other backup's."""

    schema_version: int
    """The last step of the schema that the store had."""

    source: str
    """The store's address, without its password."""

    cut_ms: int = 0
    """What came later is not in it, milliseconds since 1970; 0 if nobody wrote."""

    begun_ms: int = 0
    """When it was begun."""

    finished_ms: int = 0
    """When it was finished; 0 if it was not."""

    version: str = ""
    """The version of tracer that made it."""

    format: int = FORMAT
    """The layout of the directory."""


@dataclass(frozen=True)
class Saved:
    """A chunk that a backup holds."""

    table: str
    """Its table."""

    partition: str
    """The engine's id of its partition."""

    columns: tuple[str, ...]
    """Its columns, in the order in which the checksum takes them."""

    is_replacing: bool
    """See `Table`."""

    n_rows: int
    """How many rows."""

    checksum: str
    """Sum of the rows' hashes."""

    sha256: str
    """Of the file."""

    n_bytes: int
    """Of the file."""

    @property
    def chunk(self) -> Chunk:
        """Return the chunk as it is in a store."""
        table = Table(self.table, tuple(self.columns), self.is_replacing)
        return Chunk(table, self.partition, self.n_bytes)

    @property
    def sum(self) -> Sum:
        """Return count and checksum."""
        return Sum(self.n_rows, self.checksum)

    @property
    def file_name(self) -> str:
        """Return the name of its file."""
        return f"{self.table}-{self.partition}.native.zst"


def read_manifest(directory: Path) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        StorageError: there is none, or one that this version cannot read.
    """
    try:
        found = json.loads((directory / MANIFEST).read_bytes())
        manifest = Manifest(**found)
    except (OSError, ValueError, TypeError) as error:
        raise StorageError(f"'{directory}' holds no backup ({error})") from None
    if manifest.format != FORMAT:
        raise StorageError(
            f"the backup '{directory}' was made by tracer {manifest.version}; upgrade"
        )
    return manifest


def read_saved(directory: Path) -> dict[str, Saved]:
    """Return the chunks that a backup holds, by name; a last line cut off is none."""
    saved: dict[str, Saved] = {}
    path = directory / JOURNAL
    if not path.exists():
        return saved
    for line in path.read_bytes().splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        found: dict[str, Any] = json.loads(line)
        item = Saved(**found | {"columns": tuple(found["columns"])})
        saved[item.chunk.name] = item
    return saved


@engine_errors()
def back_up(
    store: Store, directory: Path, *, cut_ms: int = 0, progress: Progress
) -> Manifest:
    """Write a store's rows into a directory; go on with one that was cut off.

    Args:
        store: what is saved; its rows stay as they are.
        directory: made if missing.
        cut_ms: only rows of requests that came before, for a store that is written to.
        progress: told after each chunk.

    Raises:
        StorageError: the directory cannot be written, holds a finished backup or
            something else, or the store changes too fast.
    """
    check_single(store)
    with _disk_errors(directory), store.handle("write") as client:
        check_complete(client)
        manifest = _begun(store, client, directory, cut_ms)
        saved = read_saved(directory)
        _cut_torn_line(directory)
        chunks = [
            chunk
            for table in tables_of(client)
            for chunk in chunks_of(client, table, cut_ms=manifest.cut_ms)
        ]
        total, done = sum(chunk.n_bytes for chunk in chunks), 0
        for chunk in chunks:
            _save(client, directory, chunk, saved.get(chunk.name))
            done += chunk.n_bytes
            progress(done, total, chunk.name)
        _forget_all_but(directory, {chunk.name for chunk in chunks})
        finished = replace(manifest, finished_ms=_now_ms())
        _write_manifest(directory, finished)
        return finished


@contextlib.contextmanager
def _disk_errors(directory: Path) -> Iterator[None]:
    """Say in one line what the system has against a directory."""
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise
    except OSError as error:
        raise StorageError(
            f"the backup cannot be written to '{directory}' ({error.strerror}); name "
            "a directory that this user may write to, on a disk with room, and run it "
            "again"
        ) from error


def _begun(store: Store, client: Handle, directory: Path, cut_ms: int) -> Manifest:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (directory / MANIFEST).exists():
        manifest = read_manifest(directory)
        if manifest.finished_ms:
            raise StorageError(
                f"'{directory}' holds a finished backup; name another directory"
            )
        if manifest.source == str(store.url):
            return manifest
        raise StorageError(
            f"'{directory}' holds a part of a backup of {manifest.source}; "
            "name another directory"
        )
    if any(directory.iterdir()):
        raise StorageError(f"'{directory}' is not empty; name another directory")
    manifest = Manifest(
        id=uuid.uuid4().hex,
        schema_version=schema_version(client),
        source=str(store.url),
        cut_ms=cut_ms,
        begun_ms=_now_ms(),
        version=version(),
    )
    _write_manifest(directory, manifest)
    return manifest


def _save(client: Handle, directory: Path, chunk: Chunk, saved: Saved | None) -> None:
    """Write a chunk's file, then its line in the journal."""
    before = sum_of(client, chunk)
    if saved is not None and saved.sum == before:
        return
    for _ in range(ATTEMPTS):
        path = directory / f"{chunk.name}.native.zst"
        sha256, n_bytes = _write_file(client, chunk, path)
        after = sum_of(client, chunk)
        if after == before:
            break
        before = after
    else:
        raise StorageError(f"{chunk.name} changes faster than it can be read")
    item = Saved(
        table=chunk.table.name,
        partition=chunk.partition,
        columns=chunk.table.columns,
        is_replacing=chunk.table.is_replacing,
        n_rows=before.n_rows,
        checksum=before.checksum,
        sha256=sha256,
        n_bytes=n_bytes,
    )
    _append(directory / JOURNAL, _line(item))


def _write_file(client: Handle, chunk: Chunk, path: Path) -> tuple[str, int]:
    digest, n_bytes = hashlib.sha256(), 0
    with rows_of(client, chunk) as stream, path.open("wb") as file:
        for piece in compressed(stream):
            digest.update(piece)
            n_bytes += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), n_bytes


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _forget_all_but(directory: Path, names: set[str]) -> None:
    """Take out chunks that were dropped from the store since they were saved."""
    saved = read_saved(directory)
    gone = [item for name, item in saved.items() if name not in names]
    if not gone:
        return
    lines = [_line(item) for name, item in saved.items() if name in names]
    _replace(directory / JOURNAL, b"".join(lines))
    for item in gone:
        (directory / item.file_name).unlink(missing_ok=True)


def _line(saved: Saved) -> bytes:
    return json.dumps(asdict(saved)).encode() + b"\n"


def _cut_torn_line(directory: Path) -> None:
    path = directory / JOURNAL
    if path.exists():
        whole = path.read_bytes().rpartition(b"\n")
        os.truncate(path, len(whole[0]) + len(whole[1]))


def _write_manifest(directory: Path, manifest: Manifest) -> None:
    _replace(directory / MANIFEST, json.dumps(asdict(manifest), indent=1).encode())


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
