"""The Null tables that OTLP is inserted into, and the views that fill tables from them.

They hold no rows, so they are not migrations: every start compares their text with the
one in use and puts the new in its place.
"""

import hashlib
from importlib import resources
from string import Template

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StorageError
from collector.storage.engine import Store
from collector.storage.intake.expressions import placeholders, text
from collector.storage.intake.values import OTLP_COLUMNS
from collector.storage.location import StoreUrl

_PARTS = ("attribute_types", "previews", "sums")
"""Expressions of the normalising SELECT that stand in files of their own."""


def read_file(name: str) -> str:
    """Return a file of this folder."""
    folder = resources.files("collector.storage.intake")
    return (folder / name).read_text(encoding="utf-8")


def insert_settings() -> dict[str, str]:
    """Return the settings with which the engine reads OTLP bytes."""
    return {
        "format_schema_source": "string",
        "format_schema_message_name": "ResourceSpans",
        "format_schema": read_file("otlp.proto"),
        # the views read no table, so that planning has nothing to gain (-15 % a call)
        "query_plan_enable_optimizations": "0",
        # looks at each AND for comparisons that follow from others, through all that
        # aliases stand for, again and again: a third of what planning costs
        "optimize_and_compare_chain": "0",
    }


def normalising_select() -> str:
    """Return the SELECT from `otlp_traces` to the columns of `spans` and a verdict."""
    parts = {name: read_file(f"parts/{name}.sql") for name in _PARTS}
    whole = Template(read_file("spans_from_otlp.sql")).safe_substitute(parts)
    return Template(whole).substitute(placeholders())


def _definitions(where: StoreUrl) -> dict[str, str]:
    """Return name → statement, each after those that it needs."""
    user = f"USER {text(where.user)} PASSWORD {text(where.password)}"
    prices = Template(read_file("prices_by_day.sql")).substitute(
        credentials=user if where.user else "", database=where.database
    )
    return {
        "DICTIONARY prices_by_day": prices,
        "TABLE otlp_traces": f"CREATE TABLE otlp_traces ({OTLP_COLUMNS}) ENGINE = Null",
        "TABLE otlp_spans": (
            "CREATE TABLE otlp_spans ENGINE = Null AS " + normalising_select()
        ),
        "TABLE request_facts": read_file("request_facts.sql"),
        "TABLE spans_view": read_file("spans_view.sql"),
        "TABLE request_facts_view": read_file("request_facts_view.sql"),
        # last: until it is there no facts are kept, and an insert without is refused
        "TABLE otlp_spans_view": (
            "CREATE MATERIALIZED VIEW otlp_spans_view TO otlp_spans AS "
            + normalising_select()
        ),
    }


def install_views(store: Store) -> None:
    """Make the views of this version, unless the store has exactly them.

    Raises:
        StorageError: the engine refuses one of them.
    """
    definitions = _definitions(store.url)
    version = hashlib.blake2b("".join(definitions.values()).encode(), digest_size=8)
    with store.handle("write") as client:
        try:
            if _installed_version(client) == version.hexdigest():
                return
            # first the table that others insert into, so that they fail, not vanish
            for name in ("TABLE otlp_traces", *reversed(definitions)):
                kind, _, table = name.partition(" ")
                client.command(f"DROP {kind} IF EXISTS {table}")
            for statement in definitions.values():
                client.command(statement)
            comment = f"ALTER TABLE otlp_traces MODIFY COMMENT '{version.hexdigest()}'"
            client.command(comment)
        except ClickHouseError as error:
            cause = str(error).strip().splitlines()[0]
            raise StorageError(f"the intake's views cannot be made: {cause}") from error


def _installed_version(client: Client) -> str:
    rows = client.query(
        "SELECT comment FROM system.tables "
        "WHERE database = currentDatabase() AND name = 'otlp_traces'"
    ).result_rows
    return str(rows[0][0]) if rows else ""
