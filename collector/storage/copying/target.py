"""The store that a copy fills: empty at first, marked until it is complete."""

import os
import tempfile
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import BinaryIO

from backports import zstd

from collector.errors import StorageError
from collector.storage.copying.chunks import Chunk, Sum, Table, sum_of, tables_of
from collector.storage.deleting.removals import drop_partition
from collector.storage.engine import Handle, Store
from collector.storage.intake.expressions import text
from collector.storage.migrate import migrate

PIECE_BYTES = 1 << 20

FILLED_BY_ITSELF = frozenset({"prices", "watermarks", "removals", "receipts"})
"""Tables that a collector which was only started may have rows in."""

MARK = """
CREATE TABLE unfinished_copy
(
    source String
)
ENGINE = MergeTree
ORDER BY source
COMMENT {source}
"""
"""One statement: a row written after it would leave a moment without a mark."""

MARKED = """
SELECT comment
FROM system.tables
WHERE database = currentDatabase() AND name = 'unfinished_copy'
"""


def check_complete(client: Handle) -> None:
    """Do nothing unless a copy into this store was begun and not finished.

    Raises:
        StorageError: it was.
    """
    if source := _marked(client):
        raise StorageError(
            f"a copy of {source} into this store was not finished; run the same "
            "`tracer restore` or `tracer move` again, it goes on where it was"
        )


def check_single(store: Store) -> None:
    """Do nothing unless a store is a cluster, whose rows lie on several servers.

    Raises:
        StorageError: it is; the message says what copies those.
    """
    if store.cluster is not None:
        raise StorageError(
            f"{store.url} is a cluster, which tracer neither copies nor fills; have "
            f"its servers do it: BACKUP DATABASE {store.url.database} ON CLUSTER "
            f"'{store.cluster.name}' TO …, and RESTORE … ON CLUSTER"
        )


def begin(store: Store, source: str) -> None:
    """Bring a store's tables up to date and mark it as being filled.

    Raises:
        StorageError: it holds rows, and not of an earlier attempt at the same copy.
    """
    check_single(store)
    migrate(store)
    with store.handle("write") as client:
        marked = _marked(client)
        if marked and marked != source:
            raise StorageError(
                f"a copy of {marked} into {store.url} was not finished; run that "
                "again, or name another store"
            )
        if not marked:
            _check_empty(client, store)
            client.command(MARK.format(source=text(source)))


def end(store: Store) -> None:
    """Take the mark away: the store is complete."""
    with store.handle("write") as client:
        client.command("DROP TABLE IF EXISTS unfinished_copy SYNC")


def _marked(client: Handle) -> str:
    rows = client.query(MARKED).result_rows
    return str(rows[0][0]) if rows else ""


def _check_empty(client: Handle, store: Store) -> None:
    for table in tables_of(client):
        if table.name in FILLED_BY_ITSELF:
            continue
        n_rows = client.query(f"SELECT count() FROM `{table.name}`").result_rows[0][0]
        if n_rows:
            raise StorageError(
                f"{store.url} is not empty: {table.name} has {n_rows} rows; "
                "name a new store"
            )


def check_columns(tables: Iterable[Table], known: Iterable[Table]) -> None:
    """Do nothing if a store has a place for every column of a copy.

    Raises:
        StorageError: it has not.
    """
    places = {table.name: set(table.columns) for table in known}
    for table in tables:
        lacking = set(table.columns) - places.get(table.name, set())
        if lacking:
            raise StorageError(
                f"this version knows no {table.name}.{min(lacking)}; upgrade tracer"
            )


def make_way(store: Store, client: Handle, chunk: Chunk, wanted: Sum) -> bool:
    """Return whether a chunk has to be filled; what an earlier attempt left goes."""
    found = sum_of(client, chunk)
    if found == wanted:
        return False
    if found.n_rows:
        drop_partition(store, chunk.table.name, chunk.partition)
    return True


def fill_from_file(store: Store, client: Handle, chunk: Chunk, path: Path) -> None:
    """Store the rows of a compressed file."""
    if store.is_embedded:
        statement = chunk.filled_in("insert_file")
        client.command(statement, parameters={"path": str(path.absolute())})
        return
    with path.open("rb") as file:
        _send(client, chunk, _pieces(file))


def fill_from_stream(
    store: Store, client: Handle, chunk: Chunk, stream: BinaryIO
) -> None:
    """Store the rows that a stream gives, with bounded memory."""
    if not store.is_embedded:
        _send(client, chunk, compressed(stream))
        return
    handle, name = tempfile.mkstemp(suffix=".native.zst", dir=store.url.path)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in compressed(stream):
                file.write(piece)
        fill_from_file(store, client, chunk, Path(name))
    finally:
        os.unlink(name)


def compressed(stream: BinaryIO) -> Generator[bytes, None, None]:
    """Yield what a stream gives as one zstd frame."""
    compressor = zstd.ZstdCompressor(level=1)
    for piece in _pieces(stream):
        if packed := compressor.compress(piece):
            yield packed
    yield compressor.flush()


def _pieces(stream: BinaryIO) -> Generator[bytes, None, None]:
    while piece := stream.read(PIECE_BYTES):
        yield piece


def _send(client: Handle, chunk: Chunk, pieces: Generator[bytes, None, None]) -> None:
    client.raw_insert(
        f"`{chunk.table.name}`",
        column_names=list(chunk.table.columns),
        insert_block=pieces,
        fmt="Native",
        compression="zstd",
        settings={
            "min_insert_block_size_bytes": 64 << 20,
            "insert_deduplicate": 0,
        },
    )
