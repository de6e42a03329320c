"""The table in which the collectors of a store say that they live."""

from importlib import resources

from collector.storage.engine import Store, engine_errors
from collector.storage.migrate import make
from collector.storage.statements import sql


@engine_errors()
def make_table(store: Store) -> None:
    """Make it; it holds nothing worth a migration."""
    folder = resources.files("collector.storage")
    make(store, (folder / "collectors.sql").read_text(encoding="utf-8"))


@engine_errors()
def speak(store: Store, collector_id: int) -> None:
    """Say that a collector lives."""
    with store.handle("write") as client:
        client.insert("collectors", [[collector_id]], column_names=["id"])


@engine_errors()
def living(store: Store, *, within_s: int) -> set[int]:
    """Return the collectors that spoke lately."""
    with store.handle("write") as client:
        asked = {"dead_after_s": within_s}
        rows = client.query(sql("living_collectors"), parameters=asked).result_rows
    return {int(row[0]) for row in rows}
