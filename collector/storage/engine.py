"""Handles on the store: a chDB directory or a ClickHouse server, behind one class.

chDB's rules, kept here: one directory a process, one process a directory, a handle is
used by one thread at a time, nothing forks once the engine is loaded, and running
queries are killed before the last handle closes (else the interpreter crashes at exit).
"""

import contextlib
import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StorageError, StoreFull, UnreadableRequest
from collector.storage.cluster import LOCAL, Cluster
from collector.storage.driver import load_engine, spare_frames
from collector.storage.location import DirectoryLock, StoreUrl, parse_store_url

Purpose = Literal["read", "write", "sql", "confined sql"]
Handle = Client
"""What `Store.handle` lends."""

UNREADABLE_CODES = frozenset({32, 33, 117, 131, 261, 432, 433, 434, 435, 436, 444})
"""The engine's words for bytes that it cannot read; no repeat will help."""

NOT_ENOUGH_SPACE = 243
"""The engine's word for a full disk; else it hands on the system's."""

MOST_DAYS = 400
"""Days that the items of one insert may be of: each makes some twenty files of its own,
and a few requests of all days of fifty years would end all storing."""

READ_TIME_LIMIT_S = 30
"""A read that takes longer is ended by the engine."""

READS: dict[str, int | str] = {
    "max_memory_usage": 1024**3,
    "max_bytes_before_external_group_by": 512 * 1024**2,
    "max_bytes_before_external_sort": 512 * 1024**2,
    "max_result_bytes": 512 * 1024**2,
}
"""Limits of our own reads; what groups or sorts more than half of it goes to disk."""

USERS_SQL: dict[str, int | str] = {
    "max_memory_usage": 1024**3,
    "max_rows_to_read": 2_000_000_000,
    "max_bytes_to_read": 200 * 1024**3,
    "max_result_bytes": 64 * 1024**2,
    "limit": 10_001,
    "date_time_output_format": "iso",
    "output_format_json_validate_utf8": 1,
    "join_use_nulls": 1,
    "optimize_empty_string_comparisons": 0,
    # a function is not interrupted within a block: bound what one block can ask for
    "function_range_max_elements_in_block": 10_000_000,
    # nothing goes to the disk instead: what needs more memory is ended
    "max_bytes_ratio_before_external_group_by": 0,
    "max_bytes_ratio_before_external_sort": 0,
    "readonly": 1,
}
"""Limits of users' statements; the last one ends all setting."""

CONFINED_SQL: dict[str, int | str] = {
    # the project's own condition stays below those of the statement, which are then
    # never tried on another project's row: an error would tell what is in it
    # (seen with engines 26.7 and 26.9: merged, moved to PREWHERE, or in the search for
    # a projection, they were)
    "query_plan_merge_filters": 0,
    "optimize_move_to_prewhere": 0,
    "optimize_use_projections": 0,
    "optimize_use_implicit_projections": 0,
    **USERS_SQL,
}
"""The same for statements that may see one project only."""


ON_A_CLUSTER: dict[str, int | str] = {
    "distributed_product_mode": "global",
    "distributed_foreground_insert": 1,
    "load_balancing": "in_order",
    "allow_nondeterministic_mutations": 1,
}
"""Subqueries see all shards, an insert returns once its rows lie on their shards, reads
go where writes went, so that each sees those before it, and replicas may reckon prices
each by its own dictionary."""


def _settings(purpose: Purpose, url: StoreUrl) -> dict[str, int | str]:
    given: dict[str, int | str] = dict(url.options.settings)
    return (ON_A_CLUSTER if url.options.cluster else {}) | _own(purpose) | given


def _own(purpose: Purpose) -> dict[str, int | str]:
    common: dict[str, int | str] = {"log_queries": 0}
    if purpose != "write":
        threads = max(1, (os.cpu_count() or 1) - 1)
        common |= {"max_threads": threads, "max_execution_time": READ_TIME_LIMIT_S}
        more = {"sql": USERS_SQL, "confined sql": CONFINED_SQL}
        return common | more.get(purpose, READS)
    return common | {
        "max_threads": 1,
        "max_insert_threads": 1,
        "max_partitions_per_insert_block": MOST_DAYS,
    }


@contextlib.contextmanager
def engine_errors() -> Iterator[None]:
    """Put the engine's errors in the collector's words.

    Raises:
        UnreadableRequest: the bytes of a request cannot be read.
        StoreFull: the disk has no room.
        StorageError: anything else that the engine or its server says.
    """
    try:
        yield
    except ClickHouseError as error:
        cause = str(error).strip().partition("\n")[0][:300]
        if getattr(error, "code", None) in UNREADABLE_CODES:
            raise UnreadableRequest(f"no OTLP protobuf: {cause}") from error
        if getattr(error, "code", None) == NOT_ENOUGH_SPACE or _says_full(str(error)):
            raise StoreFull(f"the store's disk is full: {cause}") from error
        raise StorageError(f"the store failed: {cause}") from error


def _says_full(text: str) -> bool:
    """Return whether the disk is full, by a mutation's reason or the system's word."""
    return "NOT_ENOUGH_SPACE" in text or "No space left" in text


_Kind = tuple[Purpose, str]
"""What a handle is for, and the host that it speaks to if it is not the URL's."""


class Store:
    """A pool of client handles, newest used first; safe to share between threads."""

    def __init__(
        self, url: StoreUrl, lock: DirectoryLock | None, sql_url: StoreUrl | None = None
    ) -> None:
        self._url = url
        self._sql_url = sql_url or url
        self._lock = lock
        self._guard = threading.Lock()
        self._idle: defaultdict[_Kind, list[Client]] = defaultdict(list)
        self._lent: set[Client] = set()
        self._closed = False
        self.text_indexed = False
        """Whether inputs and outputs are searched by their text index."""

    @property
    def is_embedded(self) -> bool:
        """Whether the engine lives in this process, so that nobody else writes."""
        return self._url.is_embedded

    @property
    def url(self) -> StoreUrl:
        """Where the store is; the password stays out of its text."""
        return self._url

    @property
    def cluster(self) -> Cluster | None:
        """The cluster that the tables are spread over; None for one engine."""
        options = self._url.options
        if not options.cluster:
            return None
        return Cluster(options.cluster, self._url.database, options.replicated)

    def holder(self, table: str) -> str:
        """Return the name of the table that holds the rows, to change or drop them."""
        return f"{table}{LOCAL}" if self._url.options.cluster else table

    @contextlib.contextmanager
    def handle(self, purpose: Purpose, *, host: str = "") -> Iterator[Client]:
        """Lend a client handle; never hold one across an `await`.

        A handle whose use raised is closed, not reused: it may hold an open stream.

        Args:
            purpose: what it is for.
            host: the server of the cluster that it speaks to; empty for the URL's.

        Raises:
            StorageError: the store is closed or cannot be reached.
        """
        kind = (purpose, host)
        client = self._take(kind)
        try:
            yield client
        except BaseException:
            self._give_back(kind, client, reusable=False)
            raise
        self._give_back(kind, client, reusable=True)

    def describe(self) -> dict[str, str]:
        """Return ``engine``, ``engine_version`` and ``store`` for people."""
        with self.handle("read") as client:
            version = str(client.server_version)
        engine = "chdb" if self.is_embedded else "clickhouse"
        return {"engine": engine, "engine_version": version, "store": str(self._url)}

    def close(self) -> None:
        """End running queries, close every handle, let the directory go."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            lent = bool(self._lent)
        if lent and self.is_embedded:
            self._kill_queries()
        with self._guard:
            idle = [client for pool in self._idle.values() for client in pool]
            self._idle = defaultdict(list)
        for client in idle:
            client.close()
        if self._lock is not None:
            self._lock.release()

    def _kill_queries(self) -> None:
        client = self._connect(("read", ""))
        try:
            client.command("KILL QUERY WHERE query_id != queryID() ASYNC")
        finally:
            client.close()

    def _take(self, kind: _Kind) -> Client:
        with self._guard:
            if self._closed:
                raise StorageError(f"the store {self._url} is closed")
            client = self._idle[kind].pop() if self._idle[kind] else None
            if client is not None:
                self._lent.add(client)
                return client
        client = self._connect(kind)
        with self._guard:
            self._lent.add(client)
        return client

    def _give_back(self, kind: _Kind, client: Client, *, reusable: bool) -> None:
        with self._guard:
            self._lent.discard(client)
            if reusable and not self._closed:
                self._idle[kind].append(client)
                return
        client.close()

    def _connect(self, kind: _Kind) -> Client:
        purpose, host = kind
        url = self._sql_url if purpose == "sql" else self._url
        if host:
            url = replace(url, host=host)
        return connect(url, _settings(purpose, url))


def connect(
    url: StoreUrl,
    settings: dict[str, int | str] | None = None,
    *,
    named: StoreUrl | None = None,
) -> Client:
    """Return a new client.

    Args:
        url: where it speaks to.
        settings: the engine's, for every statement.
        named: what errors call the store, if it is not `url`.

    Raises:
        StorageError: the engine cannot be opened, or does not answer.
    """
    spare_frames()
    try:
        if url.is_embedded:
            load_engine()
        arguments = url.client_arguments()
        return clickhouse_connect.get_client(**arguments, settings=settings or {})
    except (ClickHouseError, OSError) as error:
        raise StorageError((named or url).explain(error)) from error


def open_store(url: str, *, sql_url: str = "") -> Store:
    """Open the store and make sure that it answers.

    Args:
        url: ``chdb:///directory`` (made if missing) or
            ``http(s)://user:password@host:8123/database`` (also ``clickhouse://``).
        sql_url: the same server and database by another user, for users' SQL.

    Raises:
        StorageError: the directory is held by another process or cannot be written,
            the server cannot be reached, or the URL is of no known form.
    """
    from collector.storage.nodes import make_database  # it speaks through stores

    where = parse_store_url(url)
    by_sql = parse_store_url(sql_url) if sql_url else None
    if by_sql is not None and (by_sql.is_embedded or where.is_embedded):
        raise StorageError("users' SQL has an address of its own only on a server")
    lock = DirectoryLock(where.path) if where.is_embedded else None
    store = Store(where, lock, by_sql)
    try:
        if not where.is_embedded:
            make_database(where, store.cluster)
        with store.handle("write") as client:
            client.command("SELECT 1")
    except StorageError:
        store.close()
        raise
    except (ClickHouseError, OSError) as error:
        store.close()
        raise StorageError(where.explain(error)) from error
    return store
