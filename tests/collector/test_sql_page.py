"""docs/sql.md: its queries find rows in a real store, and it names every column."""

import re
from pathlib import Path

import pytest
from processes import CollectorProcess

import tracer
from collector.storage.engine import Store
from collector.storage.reads.sql import run_jailed
from collector.storage.sql.jail import SCHEMA, jail
from collector.storage.sql.vocabulary import VIEWS
from tracer.client import Client

PAGE = (Path(__file__).parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"\n([^\n]+)\n\n```sql\n(.*?)```", PAGE, flags=re.DOTALL)
MODEL = {
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 10,
    "gen_ai.usage.cache_read.input_tokens": 40,
    "gen_ai.response.time_to_first_chunk": 0.2,
    "gen_ai.prompt.name": "support",
    "gen_ai.prompt.version": "2",
}


def test_the_page_is_a_cookbook() -> None:
    assert len(QUERIES) >= 20


def test_every_query_of_the_page_runs_over_all_projects(store: Store) -> None:
    for _, query in QUERIES:
        jailed = jail(query, {"run": "r", "name": "helpful"}, project=None)
        run_jailed(store, jailed, mark="page")


def ask(question: str, *, fails: bool = False) -> None:
    """One call of a bot, with all that the page asks about."""
    about = {"user_id": "u1", "session_id": "s1", "tags": ["beta"]}
    with tracer.using(**about, metadata={"department": "accounting"}):
        with tracer.span("answer", kind="chain", input=question) as call:
            call.output = "14일 안에 됩니다."
            with tracer.span("chat", kind="llm") as chat:
                for name, value in MODEL.items():
                    chat.set_attribute(name, value)
            for source, value in (("user", False), ("model", True), ("human", False)):
                tracer.score("helpful", value, source=source, comment="too short")
            if fails:
                with tracer.span("lookup", kind="tool"):
                    raise TimeoutError("too slow")


def measure() -> str:
    """A run in which an example flips, and one fails; its id."""
    with tracer.EvaluationLogger("faq", "gpt-4o-mini") as log:
        for trial in range(3):
            with log.log_prediction({"q": 1}) as prediction:
                prediction.output = "x"
                prediction.log_score("helpful", trial == 0)
        with pytest.raises(KeyError), log.log_prediction({"q": 2}):
            raise KeyError("no such order")
    return log.id


@pytest.fixture
def stored(collector: CollectorProcess, project: str) -> str:
    """What the page asks about is stored; the id of a run among it."""
    tracer.configure(endpoint=collector.url, project=project, release="7")
    ask("환불은 언제 되나요?")
    for _ in range(10):
        with pytest.raises(TimeoutError):
            ask("환불은 언제 되나요?", fails=True)
    run = measure()
    assert tracer.flush().pending == 0
    tracer.shutdown()
    return run


def test_every_query_of_the_page_finds_what_it_asks_for(
    collector: CollectorProcess, project: str, stored: str
) -> None:
    client = Client(collector.url)
    for title, query in QUERIES:
        values = {"run": stored, "name": "helpful"}
        wanted = {name: one for name, one in values.items() if f"{{{name}:" in query}
        assert client.sql(query, wanted, project=project), title


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_names_the_columns_of_every_view(store: Store, view: str) -> None:
    with store.handle("read") as client:
        rows = client.query(f"DESCRIBE TABLE {SCHEMA}_{view}").result_rows
    columns = " ".join(row[0] for row in rows)
    assert re.search(rf"`{view}` \| .* \| `{columns}`", PAGE)
