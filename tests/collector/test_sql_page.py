"""docs/sql.md: its queries run, and it names every column there is."""

import re
from pathlib import Path

import pytest

from collector.storage.engine import Store
from collector.storage.reads.sql import run_jailed
from collector.storage.sql.jail import SCHEMA, jail
from collector.storage.sql.vocabulary import VIEWS

PAGE = (Path(__file__).parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_page_has_six_queries() -> None:
    assert len(QUERIES) == 6


@pytest.mark.parametrize("project", [None, "support-bot"])
@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_page_runs(
    store: Store, query: str, project: str | None
) -> None:
    jailed = jail(query, {"run": "r", "name": "helpful"}, project=project)
    run_jailed(store, jailed, mark="page")


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_names_the_columns_of_every_view(store: Store, view: str) -> None:
    with store.handle("read") as client:
        rows = client.query(f"DESCRIBE TABLE {SCHEMA}_{view}").result_rows
    columns = " ".join(row[0] for row in rows)
    assert re.search(rf"`{view}` \| .* \| `{columns}`", PAGE)
