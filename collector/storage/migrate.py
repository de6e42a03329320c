"""Brings a store's tables to this version: numbered, checksummed, forward only.

Every file holds one statement that may run twice (``IF NOT EXISTS``): after a start
that was killed before they were put on record, the next one goes over them again.
"""

import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePath

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StorageError
from collector.storage.engine import Store, engine_errors
from collector.storage.nodes import define

JOURNAL = """
CREATE TABLE IF NOT EXISTS migrations
(
    number   UInt32,
    name     String,
    checksum String,
    at       DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""


@dataclass(frozen=True)
class Migration:
    """One step of the schema."""

    number: int
    """Place in the order, from 1, without gaps."""

    name: str
    """What it makes, from the file's name."""

    statement: str
    """Its one SQL statement."""

    @property
    def checksum(self) -> str:
        """Return a digest of the statement, so that a changed old file is noticed."""
        return hashlib.blake2b(self.statement.encode(), digest_size=16).hexdigest()


def known_migrations() -> list[Migration]:
    """Return this version's steps, first to last."""
    folder = resources.files("collector.storage") / "migrations"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    return [_read(file.name, file.read_text(encoding="utf-8")) for file in files]


def _read(file_name: str, text: str) -> Migration:
    number, _, name = PurePath(file_name).stem.partition("_")
    return Migration(number=int(number), name=name, statement=text.strip().rstrip(";"))


def migrate(store: Store, migrations: list[Migration] | None = None) -> int:
    """Apply the steps that the store lacks and return its schema version.

    Raises:
        StorageError: a newer version made the store, an applied step was changed, or
            a step fails; steps before it stay and the next start goes on from it.
    """
    steps = known_migrations() if migrations is None else migrations
    make(store, JOURNAL)
    with store.handle("write") as client:
        applied = _applied(client)
        _check(steps, applied)
        done: list[Migration] = []
        try:
            for step in steps:
                if step.number not in applied:
                    _apply(store, step)
                    done.append(step)
        finally:
            _note(client, done)
    return steps[-1].number if steps else 0


def make(store: Store, statement: str) -> None:
    """Make a table or view, or change one, on every server that the store has."""
    cluster = store.cluster
    for one in cluster.statements(statement) if cluster else [statement]:
        define(store, one)


def _applied(client: Client) -> dict[int, str]:
    rows = client.query("SELECT number, any(checksum) FROM migrations GROUP BY number")
    return {int(number): str(checksum) for number, checksum in rows.result_rows}


def _check(steps: list[Migration], applied: dict[int, str]) -> None:
    newest = max(applied, default=0)
    if newest > (steps[-1].number if steps else 0):
        raise StorageError(
            f"the store has schema version {newest}, made by a newer tracer; "
            "upgrade this one or open another store"
        )
    for step in steps:
        if applied.get(step.number, step.checksum) != step.checksum:
            raise StorageError(
                f"migration {step.number} ({step.name}) differs from the one that made "
                "this store; install the version that made it, then upgrade"
            )


def _apply(store: Store, step: Migration) -> None:
    try:
        make(store, step.statement)
    except ClickHouseError as error:
        cause = str(error).strip().splitlines()[0]
        raise StorageError(
            f"migration {step.number} ({step.name}) failed: {cause}; "
            "the store is as it was before this step"
        ) from error


def _note(client: Client, done: list[Migration]) -> None:
    """Put steps on record, in one insert: one each takes longer than all the steps.

    Raises:
        StorageError: the engine does not take it; the steps may run again.
    """
    if done:
        with engine_errors():
            client.insert(
                "migrations",
                [[step.number, step.name, step.checksum] for step in done],
                column_names=["number", "name", "checksum"],
            )
