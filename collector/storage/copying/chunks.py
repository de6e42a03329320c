"""What a copy is made of: a chunk is one partition of one table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from collector.errors import StorageError
from collector.storage.engine import Handle
from collector.storage.statements import sql

RECEIVED_TABLES = frozenset(
    {"spans", "scores", "evaluation_events", "events", "receipts"}
)
"""Tables whose rows tell when their request came."""


@dataclass(frozen=True)
class Table:
    """A table as it is copied."""

    name: str
    """Its name, the same on both sides."""

    columns: tuple[str, ...]
    """Its stored columns, sorted."""

    is_replacing: bool
    """Whether merges drop rows, so that only what `FINAL` shows can be compared."""


@dataclass(frozen=True)
class Chunk:
    """One partition of one table."""

    table: Table
    """Where it lies."""

    partition: str
    """The engine's id of the partition."""

    n_bytes: int = 0
    """About how much it takes on disk."""

    cut_ms: int = 0
    """Only what came before, milliseconds since 1970; 0 takes everything."""

    @property
    def name(self) -> str:
        """Return how it is told from others, for people and for files."""
        return f"{self.table.name}-{self.partition}"

    def filled_in(self, statement: str) -> str:
        """Return a statement about it; its values stand in `parameters`."""
        cut = "received_at < fromUnixTimestamp64Milli({cut_ms:Int64}, 'UTC')"
        is_cut = self.cut_ms and self.table.name in RECEIVED_TABLES
        return sql(statement).format(
            table=self.table.name,
            columns=", ".join(f"`{name}`" for name in self.table.columns),
            final="FINAL" if self.table.is_replacing else "",
            taken=cut if is_cut else "1",
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the values of statements about it."""
        return {"partition": self.partition, "cut_ms": self.cut_ms}


@dataclass(frozen=True)
class Sum:
    """What two sides of a copy are compared by."""

    n_rows: int
    """How many rows."""

    checksum: str
    """Sum of their hashes, a decimal number."""


def schema_version(client: Handle) -> int:
    """Return the last step of the schema that a store has."""
    return int(client.query(sql("schema_version")).result_rows[0][0])


def tables_of(client: Handle) -> list[Table]:
    """Return the tables of a store in the order in which they are copied.

    Rows of datasets come after their versions, which are stored after them. Receipts
    come last: one that is there stands for rows that are there.
    """
    found = client.query(sql("copied_tables")).result_rows
    return [
        Table(str(name), _columns(client, str(name)), "Replacing" in str(engine))
        for name, engine in found
    ]


def _columns(client: Handle, table: str) -> tuple[str, ...]:
    rows = client.query(sql("copied_columns"), parameters={"table": table}).result_rows
    return tuple(str(row[0]) for row in rows)


def chunks_of(client: Handle, table: Table, *, cut_ms: int = 0) -> list[Chunk]:
    """Return the chunks of a table, oldest partition first."""
    known = {"table": table.name}
    found = client.query(sql("all_partitions"), parameters=known).result_rows
    return [
        Chunk(table, str(partition), int(n_bytes), cut_ms)
        for partition, _, n_bytes in found
    ]


def sum_of(client: Handle, chunk: Chunk) -> Sum:
    """Return count and checksum of a chunk; zeros if it is not there."""
    statement = chunk.filled_in("chunk_sum")
    rows = client.query(statement, parameters=chunk.parameters).result_rows
    return Sum(int(rows[0][0]), str(rows[0][1]))


@contextmanager
def rows_of(client: Handle, chunk: Chunk) -> Iterator[BinaryIO]:
    """Give the rows of a chunk as a stream in the engine's own format, `Native`."""
    statement = chunk.filled_in("read_chunk")
    stream = cast(
        BinaryIO,
        client.raw_stream(statement, parameters=chunk.parameters, fmt="Native"),
    )
    try:
        yield stream
    finally:
        stream.close()


def check_same(chunk: Chunk, wanted: Sum, found: Sum) -> None:
    """Do nothing if two sides hold the same.

    Raises:
        StorageError: they do not; the message says where and by how much.
    """
    if wanted != found:
        raise StorageError(
            f"{chunk.name} was not copied whole: {found.n_rows} rows of "
            f"{wanted.n_rows} (checksum {found.checksum}, not {wanted.checksum}); "
            "run the command again"
        )
