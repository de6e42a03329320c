"""Copies one store into another, empty one; the source stays as it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from collector.errors import StorageError
from collector.storage.copying import target
from collector.storage.copying.backup import Progress
from collector.storage.copying.chunks import (
    Chunk,
    check_same,
    chunks_of,
    rows_of,
    schema_version,
    sum_of,
    tables_of,
)
from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.migrate import known_migrations


@dataclass(frozen=True)
class Moved:
    """What was copied."""

    rows: Mapping[str, int]
    """Table → rows, equal on both sides."""

    n_chunks: int
    """Partitions of tables that were compared."""


@engine_errors()
def move(source: Store, to: Store, *, progress: Progress) -> Moved:
    """Copy every row; go on with a copy that was cut off.

    Nobody may write to either store: the source is compared as it is now.

    Raises:
        StorageError: the target is not empty, the source is of a newer schema or no
            store of ours, or what arrived is not what was read.
    """
    target.check_single(source)
    rows: Counter[str] = Counter()
    with source.handle("write") as reading:
        target.check_complete(reading)
        _check_schema(reading)
        target.begin(to, str(source.url))
        tables = tables_of(reading)
        chunks = [chunk for table in tables for chunk in chunks_of(reading, table)]
        total, done = sum(chunk.n_bytes for chunk in chunks), 0
        with to.handle("write") as writing:
            target.check_columns(tables, tables_of(writing))
            for chunk in chunks:
                rows[chunk.table.name] += _copy(reading, to, writing, chunk)
                done += chunk.n_bytes
                progress(done, total, chunk.name)
    target.end(to)
    return Moved(dict(rows), len(chunks))


def _check_schema(client: Handle) -> None:
    newest = known_migrations()[-1].number
    if not client.command("EXISTS TABLE migrations"):
        raise StorageError("the source is no store of tracer: it has no migrations")
    if (found := schema_version(client)) > newest:
        raise StorageError(
            f"the source has schema version {found}; this tracer knows {newest}: "
            "upgrade it"
        )


def _copy(reading: Handle, to: Store, writing: Handle, chunk: Chunk) -> int:
    """Copy a chunk unless the target has it; return its rows."""
    wanted = sum_of(reading, chunk)
    if wanted.n_rows and target.make_way(to, writing, chunk, wanted):
        with rows_of(reading, chunk) as stream:
            target.fill_from_stream(to, writing, chunk, stream)
        check_same(chunk, wanted, sum_of(writing, chunk))
    return wanted.n_rows
