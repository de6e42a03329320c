"""A request once in a store that several collectors write to, whichever has it.

Before it is stored, rows of it without a receipt are looked at: those of a collector
that no longer lives are deleted; those of one that lives mean that it is storing the
request now. Two that begin at the same moment see nothing of each other then, but do
afterwards: receipts come after rows, so that whoever sees two receipts sees all rows of
both. Both would keep the same copy, and never is the last whole one deleted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from collector.identity import COLLECTOR_ID, collector_of
from collector.records import OtlpRequest
from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.nodes import change_rows
from collector.storage.statements import sql
from collector.storage.writes import REPEAT_DAYS, ROW_TABLES, SIGNALS_OF_TABLE

Pair = tuple[bytes, int]
"""A digest and a number: a repeat has the same digest, and another number."""

Copies = dict[bytes, dict[int, int]]
"""Digest → number of the request → how many rows it brought."""


@engine_errors()
def clear_way(
    store: Store,
    client: Handle,
    requests: Iterable[OtlpRequest],
    living: Callable[[], set[int]],
) -> set[bytes]:
    """Delete what dead collectors left of requests; return those that one stores now.

    Args:
        store: holds the rows.
        client: a handle on it.
        requests: they have no receipt.
        living: asks which other collectors live.
    """
    left = _left(client, requests)
    if not left:
        return set()
    others = living() - {COLLECTOR_ID}
    busy = set()
    for table, pairs in left.items():
        alive = {pair for pair in pairs if collector_of(pair[1]) in others}
        busy |= {digest for digest, _ in alive}
        delete_requests(store, pairs - alive, [table])
    return busy


@engine_errors()
def settle(store: Store, client: Handle, digests: Iterable[bytes]) -> int:
    """Delete all copies but one of requests that have several receipts.

    The one with the most rows stays, of equals the lowest number. Returns how many
    were deleted.
    """
    wanted = {"digests": [digest.hex() for digest in digests]}
    doubled = client.query(sql("copies"), parameters=wanted).result_rows
    if not doubled:
        return 0
    copies: Copies = defaultdict(lambda: defaultdict(int))
    brought: dict[str, set[Pair]] = {}
    asked = {"digests": [bytes(digest).hex() for digest, _ in doubled]}
    for table in _tables(signal for _, signal in doubled):
        statement = sql("rows_of_copies").format(table=table)
        found = client.query(statement, parameters=asked).result_rows
        brought[table] = {(bytes(digest), int(number)) for digest, number, _ in found}
        for digest, number, count in found:
            copies[bytes(digest)][int(number)] += int(count)
    surplus = {
        (digest, number)
        for digest, rows_of in copies.items()
        for number in rows_of.keys() - {kept(rows_of)}
    }
    for table, pairs in brought.items():
        delete_requests(store, surplus & pairs, [table])
    return len(surplus)


def kept(rows_of: dict[int, int]) -> int:
    """Return the number of the copy that stays."""
    return min(rows_of, key=lambda number: (-rows_of[number], number))


@engine_errors()
def delete_requests(
    store: Store,
    pairs: Iterable[Pair],
    tables: Sequence[str] = ("receipts", *ROW_TABLES),
) -> None:
    """Delete what requests brought; their receipts first, so that none is without rows.

    Args:
        store: holds the rows.
        pairs: the requests.
        tables: where they may have rows.
    """
    found = sorted(pairs)
    if not found:
        return
    wanted = {
        "digests": [digest.hex() for digest, _ in found],
        "numbers": [number for _, number in found],
    }
    for table in tables:
        change_rows(store, sql("delete_requests"), table, wanted)


def _left(client: Handle, requests: Iterable[OtlpRequest]) -> dict[str, set[Pair]]:
    """Return table → whose rows it has already, of requests without a receipt."""
    digests = defaultdict(list)
    for request in requests:
        digests[request.signal].append(request.digest.hex())
    found: dict[str, set[Pair]] = defaultdict(set)
    for signal, wanted in digests.items():
        for table in _tables([signal]):
            rows = client.query(
                sql("left_requests").format(table=table),
                parameters={"digests": wanted, "days": REPEAT_DAYS},
            ).result_rows
            if rows:
                found[table] |= {(bytes(name), int(number)) for name, number in rows}
    return found


def _tables(signals: Iterable[str]) -> list[str]:
    """Return the tables that requests of these signals bring rows to."""
    found = set(signals)
    return [t for t in ROW_TABLES if found.intersection(SIGNALS_OF_TABLE[t])]
