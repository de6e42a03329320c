"""What migrations become on a cluster, as text and to the engine's own parser."""

import re
from pathlib import Path

import pytest

from collector.errors import StorageError
from collector.storage.cluster import SHARDING_KEYS, Cluster
from collector.storage.engine import Store
from collector.storage.migrate import JOURNAL, known_migrations
from collector.storage.statements import sql

REPLICATED = Cluster("main", "tracer")
PLAIN = Cluster("main", "tracer", replicated=False)
TABLE = """
-- A table.
CREATE TABLE IF NOT EXISTS things
(
    id   String CODEC(ZSTD(1)),
    size UInt64,
    INDEX by_size size TYPE minmax GRANULARITY 1
)
ENGINE = {engine}
PARTITION BY toYYYYMM(now())
ORDER BY (id, size)
SETTINGS fsync_after_insert = 1
"""


def test_a_table_becomes_replicated_local_tables_and_one_over_them() -> None:
    local, over = REPLICATED.statements(TABLE.format(engine="MergeTree"))
    assert local == (
        "CREATE TABLE IF NOT EXISTS things_local ON CLUSTER `main`\n"
        "(\n"
        "    id   String CODEC(ZSTD(1)),\n"
        "    size UInt64,\n"
        "    INDEX by_size size TYPE minmax GRANULARITY 1\n"
        ")\n"
        "ENGINE = ReplicatedMergeTree("
        "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}')\n"
        "PARTITION BY toYYYYMM(now())\n"
        "ORDER BY (id, size)\n"
        "SETTINGS fsync_after_insert = 1"
    )
    assert over == (
        "CREATE TABLE IF NOT EXISTS things ON CLUSTER `main` AS things_local\n"
        "ENGINE = Distributed('main', 'tracer', 'things_local', cityHash64(id, size))"
    )


def test_an_engines_own_arguments_stay_behind_the_path() -> None:
    statement = TABLE.format(engine="ReplacingMergeTree(size)")
    assert (
        "ENGINE = ReplicatedReplacingMergeTree("
        "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}', size)"
    ) in REPLICATED.statements(statement)[0]
    assert "ENGINE = ReplacingMergeTree(size)\n" in PLAIN.statements(statement)[0]


def test_without_replication_nothing_travels_by_the_cluster() -> None:
    made = PLAIN.statements(TABLE.format(engine="MergeTree"))
    assert not any("ON CLUSTER" in one or "Replicated" in one for one in made)
    assert "ENGINE = MergeTree\n" in made[0]


def test_columns_are_changed_in_both_tables_and_indexes_in_the_local_ones() -> None:
    statement = (
        "ALTER TABLE things\n    ADD COLUMN IF NOT EXISTS a Map(String, UInt8),\n"
        "    ADD INDEX IF NOT EXISTS i a TYPE minmax GRANULARITY 1"
    )
    local, over = REPLICATED.statements(statement)
    assert local.startswith("ALTER TABLE things_local ON CLUSTER `main`\n")
    assert "ADD COLUMN" in local and "ADD INDEX" in local
    assert over == (
        "ALTER TABLE things ON CLUSTER `main`\n"
        "    ADD COLUMN IF NOT EXISTS a Map(String, UInt8)"
    )


def test_a_view_stays_a_view() -> None:
    made = REPLICATED.statements("CREATE VIEW IF NOT EXISTS v AS\nSELECT 1")
    assert made == ["CREATE VIEW IF NOT EXISTS v ON CLUSTER `main` AS\nSELECT 1"]


@pytest.mark.parametrize(
    "statement",
    ["DROP TABLE things", "CREATE TABLE IF NOT EXISTS x (a UInt8) ENGINE = Log"],
)
def test_a_form_that_a_cluster_does_not_know_is_refused(statement: str) -> None:
    with pytest.raises(StorageError, match="of no known form"):
        REPLICATED.statements(statement)


def test_every_sharding_key_is_of_a_table_that_there_is() -> None:
    made = " ".join(step.statement for step in known_migrations())
    for table in SHARDING_KEYS:
        assert f"CREATE TABLE IF NOT EXISTS {table}\n" in made


@pytest.mark.parametrize("cluster", [REPLICATED, PLAIN], ids=["replicated", "plain"])
def test_the_engine_can_read_every_statement(store: Store, cluster: Cluster) -> None:
    """Replication itself needs a keeper, which the tests' listeners do not have."""
    steps = [step.statement for step in known_migrations()]
    index = [sql(f"{what}_text_index") for what in ("add", "fill", "drop")]
    for step in [*steps, *index, JOURNAL]:
        for statement in cluster.statements(step):
            with store.handle("read") as client:
                tree = client.command(f"EXPLAIN AST {statement}")
            assert str(tree).startswith(("CreateQuery", "AlterQuery"))


def test_the_engine_can_read_the_grants_of_the_page(store: Store) -> None:
    page = (Path(__file__).parents[2] / "docs" / "scale.md").read_text("utf-8")
    blocks = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    statements = [one.strip() for block in blocks for one in block.split(";")]
    assert len([one for one in statements if one]) > 10
    for statement in filter(None, statements):
        with store.handle("read") as client:
            asked = {"statement": statement}
            formatted = "SELECT formatQuery({statement:String})"
            assert client.command(formatted, parameters=asked)
