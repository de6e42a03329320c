"""The servers behind a store: one, or a cluster's shards and their replicas.

What changes stored rows runs on one server of each shard, what makes tables on all: a
Distributed table passes on neither deletes nor definitions. Servers are spoken to at
the port and with the user of the store's address, by the names of the cluster.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from collector.errors import StorageError
from collector.storage.cluster import Cluster
from collector.storage.engine import Store, connect
from collector.storage.location import StoreUrl
from collector.storage.statements import sql

T = TypeVar("T")


def on_shards(store: Store, work: Callable[[Client], T]) -> list[T]:
    """Do something on one server of each shard: the first replica that answers.

    Raises:
        StorageError: no replica of a shard answers.
    """
    if store.cluster is None:
        with store.handle("write") as client:
            return [work(client)]
    with store.handle("write") as client:
        shards = _shards(client, store.cluster.name)
    return [_on_one(store, hosts, work) for hosts in shards]


def change_rows(
    store: Store,
    statement: str,
    table: str,
    parameters: Mapping[str, Any],
    **names: str,
) -> None:
    """Run a statement that changes a table's rows, where they lie.

    Args:
        store: what holds them.
        statement: says ``{table}`` for the table's name.
        table: its name for those who read.
        parameters: values of the statement.
        names: what else stands in its braces.
    """
    text = statement.format(table=store.holder(table), **names)
    on_shards(store, lambda client: client.command(text, parameters=dict(parameters)))


def define(store: Store, statement: str, *, travels: bool = True) -> None:
    """Run a statement that makes or drops something on every server.

    Args:
        store: where.
        statement: what to run.
        travels: whether it says ``ON CLUSTER`` if the cluster's tables are Replicated.
    """
    cluster = store.cluster
    if cluster is None or (cluster.replicated and travels):
        with store.handle("write") as client:
            client.command(statement)
        return
    for host in hosts_of(store):
        with store.handle("write", host=host) as client:
            client.command(statement)


def hosts_of(store: Store) -> list[str]:
    """Return every server of the store; the empty name means the URL's."""
    if store.cluster is None:
        return [""]
    with store.handle("write") as client:
        shards = _shards(client, store.cluster.name)
    return [host for replicas in shards for host in replicas]


def make_database(where: StoreUrl, cluster: Cluster | None) -> None:
    """Make the database on every server.

    Raises:
        StorageError: a server does not answer, or there is no such cluster.
    """
    anywhere = replace(where, database="default")
    client = connect(anywhere, named=where)
    name = f"`{where.database.replace('`', '')}`"
    try:
        if cluster is None or cluster.replicated:
            place = cluster.on_cluster if cluster else ""
            if cluster is not None:
                _shards(client, cluster.name)
            client.command(f"CREATE DATABASE IF NOT EXISTS {name}{place}")
            return
        for host in (host for shard in _shards(client, cluster.name) for host in shard):
            host = host or where.host
            named = replace(where, host=host)
            node = connect(replace(anywhere, host=host), named=named)
            node.command(f"CREATE DATABASE IF NOT EXISTS {name}")
            node.close()
    except ClickHouseError as error:
        raise StorageError(where.explain(error)) from error
    finally:
        client.close()


def _shards(client: Client, cluster: str) -> list[list[str]]:
    """Return the hosts of each shard; the server that was asked has no name."""
    rows = client.query(sql("cluster_hosts"), parameters={"cluster": cluster})
    shards = [[str(host) for host in hosts] for (hosts,) in rows.result_rows]
    if not shards:
        known = client.query(sql("clusters")).result_rows
        names = ", ".join(sorted(str(name) for (name,) in known)) or "none"
        raise StorageError(
            f"the server has no cluster {cluster!r}; system.clusters has {names}"
        )
    return shards


def _on_one(store: Store, hosts: list[str], work: Callable[[Client], T]) -> T:
    said: Exception | None = None
    for host in hosts:
        try:
            with store.handle("write", host=host) as client:
                return work(client)
        except (StorageError, OperationalError) as error:
            said = error
    raise StorageError(f"no server of {', '.join(hosts)} answers: {said}")
