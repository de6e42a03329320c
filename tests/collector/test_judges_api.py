"""Judges are documents with versions; prices are asked by model and provider."""

from typing import Any

import pytest
from otlp_requests import START_NS
from processes import CollectorProcess
from reading import read

from collector.storage.engine import Store
from collector.storage.prices.table import insert_prices
from collector.storage.reads.prices import read_price
from tracer.client import Client
from tracer.errors import (
    CollectorError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
)

DEFINITION: dict[str, Any] = {
    "kind": "rubric",
    "model": {"model": "gpt-4o-mini", "spending_limit_usd": 1.5},
    "rubric": "style",
    "language": "ko",
}


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


def test_a_judge_comes_back_as_it_was_saved(client: Client, project: str) -> None:
    saved = client.save_judge("tone", DEFINITION, project=project, author="영희")
    assert (saved["version"], saved["author"]) == (1, "영희")
    assert client.judge("tone", project=project)["definition"] == DEFINITION
    assert [one["id"] for one in client.judges(project=project)] == ["tone"]


def test_the_loser_of_two_writes_is_told(client: Client, project: str) -> None:
    client.save_judge("tone", DEFINITION, project=project)
    client.save_judge("tone", DEFINITION, project=project, replaces=1)
    with pytest.raises(ConflictError):
        client.save_judge("tone", DEFINITION, project=project, replaces=1)


def test_a_deleted_judge_is_gone(client: Client, project: str) -> None:
    client.save_judge("tone", DEFINITION, project=project)
    client.delete_judge("tone", project=project)
    assert client.judges(project=project) == []
    with pytest.raises(NotFoundError):
        client.judge("tone", project=project)
    with pytest.raises(NotFoundError):
        client.delete_judge("other", project=project)


def test_what_is_no_judge_is_not_stored(client: Client, project: str) -> None:
    with pytest.raises(ConfigurationError, match="no judges of kind 'charm'"):
        client.save_judge("x", {"kind": "charm"}, project=project)
    api = client._api
    with pytest.raises(CollectorError) as refused:
        api.send("PUT", "judges/x", {"project": project, "definition": "charm"})
    assert (refused.value.status, refused.value.code) == (422, "bad_judge")
    assert client.judges(project=project) == []


def test_the_price_of_a_model_is_the_one_that_spans_are_priced_by(
    store: Store, project: str
) -> None:
    price = {"provider": project, "model": "judge-x", "cache_read": None}
    early = {"first_day": "2020-01-01", "last_day": "2025-12-31", "input": 9.0}
    late = {"first_day": "2026-01-01", "last_day": "2149-06-06", "input": 1.5}
    listed = [price | each | {"output": 6.0} for each in (early, late)]
    insert_prices(store, listed, source="ours 1")
    at_ns = START_NS
    found = read(store, read_price, project, "judge-x", at_ns)
    assert found == {
        "provider": project,
        "model": "judge-x",
        "input_usd_per_mtok": 1.5,
        "output_usd_per_mtok": 6.0,
        "cache_read_usd_per_mtok": None,
        "source": "ours 1",
    }
    before = read(store, read_price, project, "judge-x", 1_600_000_000 * 10**9)
    assert before is not None and before["input_usd_per_mtok"] == 9.0
    assert read(store, read_price, project, "judge-y", at_ns) is None


def test_a_model_without_a_price_is_not_found_with_what_to_do(client: Client) -> None:
    with pytest.raises(NotFoundError, match="TRACER_PRICES_FILE"):
        client.price("no-such-model")
    with pytest.raises(CollectorError, match="model=gpt-4o-mini"):
        client._api.get("prices")
