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
)


@engine_errors()
def known_sources(client: Handle) -> set[str]:
    """Return which price lists have been stored."""
    return {str(row[0]) for row in client.query(sql("known_sources")).result_rows}


@engine_errors()
def insert_prices(
    store: Store, found: Iterable[Mapping[str, Any]], *, source: str
) -> None:
    """Store prices; for a model and day that has one, the new one holds."""
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
        ]
        for price in found
    ]
    with store.handle("write") as client:
        client.insert("prices", rows, column_names=_COLUMNS)
    define(store, "SYSTEM RELOAD DICTIONARY prices_by_day", travels=False)


@engine_errors()
def unpriced_models(client: Handle) -> set[tuple[str, str]]:
    """Return (provider, model) of lately stored spans that have no price."""
    rows = client.query(sql("unpriced_models")).result_rows
    return {(str(provider), str(model)) for provider, model in rows}


@engine_errors()
def price_spans(store: Store, models: Iterable[tuple[str, str]]) -> None:
    """Price the spans of these models that have no price yet."""
    pairs = sorted(models)
    values = {
        "providers": [provider for provider, _ in pairs],
        "models": [model for _, model in pairs],
    }
    change_rows(store, sql("price_spans"), "spans", values)
