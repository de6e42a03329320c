"""What a call costs: known before it is stored, or soon after; unknown is unknown."""

import datetime
from collections.abc import Iterator

import pytest
from otlp_requests import put, rows, span, trace_request
from processes import wait_until

from collector.housekeeping.price_list import catalogue, seen
from collector.housekeeping.pricing import Pricing, price_list_of
from collector.storage.engine import Store
from collector.storage.prices import table as prices
from collector.storage.prices.book import PriceBook

pytestmark = [pytest.mark.every_store, pytest.mark.usefixtures("few_rows")]

USAGE = {
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.input_tokens": 1_000_000,
    "gen_ai.usage.cache_read.input_tokens": 400_000,
    "gen_ai.usage.output_tokens": 500_000,
}


@pytest.fixture
def priced(store: Store, project: str) -> Iterator[str]:
    """A provider of the test's own with one model: $2 in, $8 out, $1 from cache."""
    price = {
        "provider": project,
        "model": "m",
        "first_day": "1970-01-01",
        "last_day": "2149-06-06",
        "input": 2.0,
        "output": 8.0,
        "cache_read": 1.0,
    }
    prices.insert_prices(store, [price], source="test")
    yield project


def test_a_span_is_priced_as_it_is_stored(store: Store, priced: str) -> None:
    call = USAGE | {"gen_ai.provider.name": priced, "gen_ai.request.model": "m"}
    parent = call | {"gen_ai.operation.name": "invoke_agent"}
    put(store, trace_request(span(call, name="call"), span(parent), project=priced))
    cost = {row["name"]: row["cost_usd"] for row in rows(store, priced)}
    assert cost == {"call": pytest.approx(0.6 * 2 + 0.4 * 1 + 0.5 * 8), "work": None}


def test_an_unknown_model_costs_nobody_knows_what(store: Store, project: str) -> None:
    call = USAGE | {"gen_ai.provider.name": project, "gen_ai.request.model": "mine"}
    sent = call | {"gen_ai.usage.cost": 0.25}
    put(store, trace_request(span(sent), project=project))
    (row,) = rows(store, project)
    assert (row["cost_usd"], row["sender_cost_usd"]) == (None, 0.25)


def test_spans_stored_before_their_price_get_it(store: Store, project: str) -> None:
    call = USAGE | {
        "gen_ai.provider.name": "openai.chat",
        "gen_ai.request.model": "gpt-4o-2024-08-06",
    }
    put(store, trace_request(span(call), project=project))
    Pricing(store).look()
    (row,) = rows(store, project)
    assert row["cost_usd"] == pytest.approx(0.6 * 2.5 + 0.4 * 1.25 + 0.5 * 10)


def test_spans_whose_price_their_writer_had_not_heard_of_get_it(
    store: Store, project: str
) -> None:
    """The writer remembers for a minute that a model has none."""
    call = USAGE | {
        "gen_ai.provider.name": "azure.ai.openai",
        "gen_ai.request.model": "gpt-4o-2024-11-20",
    }
    book = PriceBook()
    pricing = Pricing(store)
    for name in ("first", "second"):
        put(
            store,
            trace_request(span(call, name=name), project=project),
            prices=book,
            few_bytes=1 << 20,
        )
        pricing.look()
    cost = pytest.approx(0.6 * 2.5 + 0.4 * 1.25 + 0.5 * 10)
    assert [row["cost_usd"] for row in rows(store, project)] == [cost, cost]


def test_the_list_names_models_of_each_providers_conventions() -> None:
    today = datetime.date(2026, 11, 1).isoformat()
    valid = [p for p in catalogue() if p["first_day"] <= today <= p["last_day"]]
    names = {(price["provider"], price["model"]) for price in valid}
    assert len(names) == len(valid)
    assert {("openai", "gpt-4o"), ("gcp.gemini", "gemini-2.5-pro")} <= names


def test_names_off_the_list_are_found_by_their_likeness() -> None:
    asked = [("azure.ai.openai", "gpt-4o"), ("openai.chat", "gpt-4o"), ("me", "mine")]
    found = [(price["provider"], price["input"]) for price in seen(asked)]
    assert found == [("azure.ai.openai", 2.5), ("openai.chat", 2.5)]


def test_pricing_goes_on_after_the_store_failed(
    store: Store,
    project: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One storage error ended it for ever."""
    monkeypatch.setattr("collector.housekeeping.pricing.LOOK_EVERY_S", 0.01)
    call = USAGE | {"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o"}
    pricing = Pricing(store)
    with store.handle("write") as client:
        client.command("ALTER TABLE prices RENAME COLUMN source TO gone")
        put(store, trace_request(span(call), project=project))
        pricing.start()
        wait_until(lambda: "not priced for now" in caplog.text)
        client.command("ALTER TABLE prices RENAME COLUMN gone TO source")
    wait_until(lambda: rows(store, project)[0]["cost_usd"] is not None)
    pricing.close()
    assert caplog.text.count("not priced for now") == 1


def test_a_price_list_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It had no limit, and `close` waited for it."""
    monkeypatch.setattr("collector.housekeeping.pricing.LIST_LIMIT_S", 0.001)
    with pytest.raises(OSError, match="price list"):
        price_list_of(set())
