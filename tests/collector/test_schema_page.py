"""The page about the schema names every table and every column of `spans`."""

import re
from pathlib import Path

from collector.storage.migrate import known_migrations

PAGE = (Path(__file__).parents[2] / "docs" / "schema.md").read_text(encoding="utf-8")


def test_every_table_is_on_the_page() -> None:
    for step in known_migrations():
        for table in re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", step.statement):
            assert f"`{table}`" in PAGE, table


def test_every_column_of_spans_is_on_the_page() -> None:
    (statement,) = [s.statement for s in known_migrations() if s.name == "spans"]
    columns = re.findall(r"^    ([a-z_]+) +[A-Z]", statement, flags=re.MULTILINE)
    assert len(columns) > 40
    for column in columns:
        assert f"`{column}`" in PAGE, column
