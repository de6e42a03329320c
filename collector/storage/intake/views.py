"""The Null tables that OTLP is inserted into, and the views that fill tables from them.

They hold no rows, so they are not migrations: every start compares their text with the
one in use and puts the new in its place.
"""

import functools
import hashlib
import random
import time
from importlib import resources
from string import Template

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StorageError
from collector.otlp.nested import JSON_VALUE_FIELD
from collector.storage.engine import Store
from collector.storage.intake.expressions import placeholders, text
from collector.storage.intake.values import ATTRIBUTES, OTLP_COLUMNS, SCOPE_SPANS
from collector.storage.location import StoreUrl
from collector.storage.nodes import hosts_of

OF_EXPORTER = ("TABLE otel_traces", "TABLE otel_traces_view")
FIRST_DROPPED = (*OF_EXPORTER, "TABLE otlp_traces")

TRIES = 4
"""Two collectors that start together may stand in each other's way."""

_PLANNING = {
    # the views read no table, so that planning has nothing to gain (-15 % a call)
    "query_plan_enable_optimizations": "0",
    # looks at each AND for comparisons that follow from others, through all that
    # aliases stand for, again and again: a third of what planning costs
    "optimize_and_compare_chain": "0",
}
"""With what the normalising SELECT is planned."""

_PARTS = ("attribute_types", "previews", "sums")
"""Expressions of the normalising SELECT that stand in files of their own."""


def read_file(name: str) -> str:
    """Return a file of this folder."""
    folder = resources.files("collector.storage.intake")
    return (folder / name).read_text(encoding="utf-8")


@functools.cache
def _schema(*, is_rewritten: bool) -> str:
    """Return how OTLP bytes are read: a text of few, as servers keep each for ever."""
    ours = f"string json_value = {JSON_VALUE_FIELD};" if is_rewritten else ""
    return Template(read_file("otlp.proto")).substitute(json_value=ours)


def insert_settings(*, is_rewritten: bool) -> dict[str, str]:
    """Return the settings with which the engine reads OTLP bytes.

    Args:
        is_rewritten: whether they are ours, with JSON text for nested values.
    """
    return {
        "format_schema_source": "string",
        "format_schema_message_name": "ResourceSpans",
        "format_schema": _schema(is_rewritten=is_rewritten),
        # rows are whole ResourceSpans: blocks of more than a few of them cost memory
        # and are slower (measured: 4 to 16 is the flat bottom)
        "max_block_size": "8",
        **_PLANNING,
    }


def normalising_select() -> str:
    """Return the SELECT from `otlp_traces` to the columns of `spans` and a verdict."""
    parts = {name: read_file(f"parts/{name}.sql") for name in _PARTS}
    whole = Template(read_file("spans_from_otlp.sql")).safe_substitute(parts)
    return Template(whole).substitute(placeholders())


def _definitions(where: StoreUrl, *, otel_exporter: bool) -> dict[str, str]:
    """Return name → statement, each after those that it needs."""
    found = _of_otlp(where)
    if otel_exporter:
        types = {"attributes_type": ATTRIBUTES, "scope_spans_type": SCOPE_SPANS}
        view = Template(read_file("otel_traces_view.sql")).substitute(types)
        found |= dict(
            zip(OF_EXPORTER, (read_file("otel_traces.sql"), view), strict=True)
        )
    return found


def _of_otlp(where: StoreUrl) -> dict[str, str]:
    user = f"USER {text(where.user)} PASSWORD {text(where.password)}"
    prices = Template(read_file("prices_by_day.sql")).substitute(
        credentials=user if where.user else "", database=where.database
    )
    return {
        "DICTIONARY prices_by_day": prices,
        "TABLE otlp_traces": f"CREATE TABLE otlp_traces ({OTLP_COLUMNS}) ENGINE = Null",
        "TABLE otlp_spans": (
            # empty: else the engine plans the SELECT once more, to insert its no rows
            "CREATE TABLE otlp_spans ENGINE = Null EMPTY AS " + normalising_select()
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


def install_views(store: Store, *, otel_exporter: bool = False) -> None:
    """Make the views of this version on every server that has not exactly them.

    Args:
        store: where.
        otel_exporter: whether there is a table for the rows of OpenTelemetry
            Collector's ClickHouse exporter.

    Raises:
        StorageError: an engine refuses one of them.
    """
    definitions = _definitions(store.url, otel_exporter=otel_exporter)
    content = "".join(definitions.values()).encode()
    version = hashlib.blake2b(content, digest_size=8).hexdigest()
    for host in hosts_of(store):
        with store.handle("write", host=host) as client:
            _install(client, definitions, version)


def _install(client: Client, definitions: dict[str, str], version: str) -> None:
    for left in reversed(range(TRIES)):
        if _installed_version(client) == version:
            return
        try:
            # first the table that others insert into, so that they fail, not vanish
            for name in (*FIRST_DROPPED, *reversed(definitions)):
                kind, _, table = name.partition(" ")
                client.command(f"DROP {kind} IF EXISTS {table}")
            for statement in definitions.values():
                client.command(statement, settings=_PLANNING)
            client.command(f"ALTER TABLE otlp_traces MODIFY COMMENT '{version}'")
        except ClickHouseError as error:
            if not left:
                cause = str(error).strip().splitlines()[0]
                said = f"the intake's views cannot be made: {cause}"
                raise StorageError(said) from error
            time.sleep(random.uniform(0.2, 2.0))  # another collector makes them too


def _installed_version(client: Client) -> str:
    rows = client.query(
        "SELECT comment FROM system.tables "
        "WHERE database = currentDatabase() AND name = 'otlp_traces'"
    ).result_rows
    return str(rows[0][0]) if rows else ""
