"""The price table, its dictionary, and spans that were stored before their price."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.nodes import change_rows, define
from collector.storage.statements import sql

_COLUMNS = (
    "provider",
    "model",
    "first_day",
    "last_day",
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "cache_read_usd_per_mtok",
    "source",
    "at",
    "rank",
)

LIMIT_S = 600
"""A partition that takes longer to price is left to the engine, which goes on."""


@engine_errors()
def known_sources(client: Handle) -> set[str]:
    """Return which price lists have been stored."""
    return {str(row[0]) for row in client.query(sql("known_sources")).result_rows}


@engine_errors()
def insert_prices(
    store: Store, found: Iterable[Mapping[str, Any]], *, source: str, rank: int = 0
) -> None:
    """Store prices; for a model and day that has one, the new one holds.

    Args:
        store: receives them.
        found: the prices, as `collector.housekeeping.price_list` gives them.
        source: name and version of the list that they are from.
        rank: 1 for a user's own, which go before all others of their model.
    """
    now = datetime.datetime.now(datetime.UTC)
    rows = [
        [
            price["provider"],
            price["model"],
            datetime.date.fromisoformat(price["first_day"]),
            datetime.date.fromisoformat(price["last_day"]),
            price["input"],
            price["output"],
            price["cache_read"],
            source,
            now,
            rank,
        ]
        for price in found
    ]
    if rows:
        with store.handle("write") as client:
            client.insert("prices", rows, column_names=_COLUMNS)
    reload_prices(store)


def reload_prices(store: Store) -> None:
    """Have spans priced by what the table holds now, on every server."""
    define(store, "SYSTEM RELOAD DICTIONARY prices_by_day", travels=False)


@engine_errors()
def keep_only(store: Store, source: str) -> None:
    """Forget a user's prices that are of another file; of all if it is empty."""
    known = {"source": source}
    change_rows(store, sql("delete_other_prices"), "prices", known)
    reload_prices(store)


@engine_errors()
def user_sources(client: Handle) -> set[str]:
    """Return which files of the user the prices are from."""
    return {str(row[0]) for row in client.query(sql("user_sources")).result_rows}


@engine_errors()
def known_models(client: Handle) -> set[tuple[str, str]]:
    """Return (provider, model) of all prices and of all spans with usage."""
    rows = client.query(sql("known_models")).result_rows
    return {(str(provider), str(model)) for provider, model in rows}


@engine_errors()
def unpriced_models(client: Handle) -> dict[tuple[str, str], bool]:
    """Return (provider, model) of lately unpriced spans → whether there is a price."""
    rows = client.query(sql("unpriced_models")).result_rows
    return {(str(provider), str(model)): bool(has) for provider, model, has in rows}


_UNPRICED = (
    "received_at >= now() - INTERVAL 1 HOUR AND isNull(cost_usd) AND has("
    "arrayZip({providers:Array(String)}, {models:Array(String)}), (provider, model))"
)


@engine_errors()
def price_spans(store: Store, models: Iterable[tuple[str, str]]) -> None:
    """Price the spans of these models that have no price yet."""
    pairs = sorted(models)
    values = {
        "providers": [provider for provider, _ in pairs],
        "models": [model for _, model in pairs],
    }
    rewrite_costs(store, _UNPRICED, values)


def rewrite_costs(
    store: Store, condition: str, values: Mapping[str, Any], *, partition: str = ""
) -> None:
    """Price the spans that meet a condition by what the table of prices holds now.

    Args:
        store: holds them.
        condition: text of ours; values stand in the next argument.
        values: what the condition names.
        partition: only in the partition of this id.
    """
    change_rows(
        store,
        sql("price_spans"),
        "spans",
        values,
        within=f"IN PARTITION ID '{partition}'" if partition else "",
        condition=condition,
        limit_s=str(LIMIT_S),
    )
