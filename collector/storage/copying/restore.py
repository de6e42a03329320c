"""Fills an empty store from a backup."""

import hashlib
from pathlib import Path

from collector.errors import StorageError
from collector.storage.copying import target
from collector.storage.copying.backup import (
    Progress,
    Saved,
    read_manifest,
    read_saved,
)
from collector.storage.copying.chunks import check_same, sum_of, tables_of
from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.migrate import known_migrations


@engine_errors()
def restore(store: Store, directory: Path, *, progress: Progress) -> list[Saved]:
    """Fill a store from a backup; go on with one that was cut off.

    Returns the chunks, in the order in which they were stored.

    Raises:
        StorageError: the backup is not finished, damaged or of a newer schema, the
            store is not empty, or what arrived is not what was saved.
    """
    manifest = read_manifest(directory)
    newest = known_migrations()[-1].number
    if not manifest.finished_ms:
        raise StorageError(
            f"the backup '{directory}' was not finished; run `tracer backup` again"
        )
    if manifest.schema_version > newest:
        raise StorageError(
            f"the backup has schema version {manifest.schema_version}, made by tracer "
            f"{manifest.version}; this one knows {newest}: upgrade it"
        )
    chunks = list(read_saved(directory).values())
    target.begin(store, f"backup {manifest.id}")
    total, done = sum(saved.n_bytes for saved in chunks), 0
    with store.handle("write") as client:
        tables = [saved.chunk.table for saved in chunks]
        target.check_columns(tables, tables_of(client))
        for saved in chunks:
            _fill(store, client, directory, saved)
            done += saved.n_bytes
            progress(done, total, saved.chunk.name)
    target.end(store)
    return chunks


def _fill(store: Store, client: Handle, directory: Path, saved: Saved) -> None:
    path = directory / saved.file_name
    _check_file(path, saved)
    if not saved.n_rows or not target.make_way(store, client, saved.chunk, saved.sum):
        return
    target.fill_from_file(store, client, saved.chunk, path)
    check_same(saved.chunk, saved.sum, sum_of(client, saved.chunk))


def _check_file(path: Path, saved: Saved) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"the backup lacks {path.name} ({error.strerror})") from None
    if found != saved.sha256:
        raise StorageError(
            f"{path.name} is damaged: its digest is not the one that was saved; "
            "use another copy of the backup"
        )
