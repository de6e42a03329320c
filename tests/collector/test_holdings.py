"""What the store holds of each project, and by which lists it is priced."""

import datetime

import pytest
from otlp_requests import span, trace_request
from processes import CollectorProcess
from reading import of, read
from urllib3 import request

from collector.storage.engine import Store
from collector.storage.prices.table import insert_prices
from collector.storage.reads.holdings import read_price_lists
from tracer.client import Client
from tracer.errors import CollectorError, NotFoundError


def send(client: Client, project: str, n: int) -> None:
    now_ns = int(datetime.datetime.now(datetime.UTC).timestamp() * 1e9)
    usage = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "house",
        "gen_ai.request.model": f"{project}-model",
        "gen_ai.usage.input_tokens": 10,
    }
    calls = [span(usage, start_time_unix_nano=now_ns + i) for i in range(n)]
    answer = request(
        "POST",
        f"{client.endpoint}/v1/traces",
        body=trace_request(*calls, project=project),
        headers={"Content-Type": "application/x-protobuf"},
    )
    assert answer.status == 200


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


def test_disk_is_estimated_by_rows_and_their_mean_size(
    client: Client, project: str
) -> None:
    send(client, project, 20)
    send(client, f"{project}-small", 10)
    [large] = client.disk(project=project)
    [small] = client.disk(project=f"{project}-small")
    assert (large["n_spans"], small["n_spans"]) == (20, 10)
    assert large["bytes_estimated"] > 0
    assert large["bytes_estimated"] == pytest.approx(
        2 * small["bytes_estimated"], abs=2
    )
    every = {row["project"]: row for row in client.disk()}
    assert every[project] == large


def test_models_without_a_price_are_named_with_what_they_took(
    client: Client, project: str
) -> None:
    send(client, project, 3)
    [unpriced] = client.price_lists(project=project)["unpriced"]
    assert (unpriced["model"], unpriced["n_spans"]) == (f"{project}-model", 3)
    assert (unpriced["input_tokens"], unpriced["output_tokens"]) == (30, None)
    assert isinstance(unpriced["last"], datetime.datetime)


def test_the_users_own_prices_are_told_apart(store: Store, project: str) -> None:
    price = {
        **{"provider": "house", "model": project, "first_day": "2026-01-01"},
        **{"last_day": "2149-06-06", "input": 1.5, "output": 2.5, "cache_read": None},
    }
    insert_prices(store, [price], source=f"own {project}", rank=1)
    found = read(store, read_price_lists, of(project))
    [own] = [row for row in found["own"] if row["model"] == project]
    assert (own["input_usd_per_mtok"], own["first_day"]) == (1.5, "2026-01-01")
    [listed] = [row for row in found["lists"] if row["source"] == f"own {project}"]
    assert (listed["is_own"], listed["n_models"]) == (True, 1)


def test_retention_of_a_project_is_set_and_cleared(
    client: Client, project: str
) -> None:
    client.save_retention(project, days=30, author="ann")
    [row] = client.retention(project=project)["rows"]
    assert (row["days"], row["evaluation_days"], row["author"]) == (30, 0, "ann")
    client.clear_retention(project)
    assert client.retention(project=project)["rows"] == []
    with pytest.raises(NotFoundError):
        client.clear_retention(project)
    with pytest.raises(CollectorError, match="no number of days"):
        client.save_retention(project, days=-1)


def test_keys_are_made_listed_and_revoked(client: Client, project: str) -> None:
    made = client.create_key("bot", ["ingest"], project=project, expires="90d")
    assert made["key"].startswith(f"trk_{made['id']}_")
    [listed] = [key for key in client.keys() if key["id"] == made["id"]]
    assert (listed["state"], listed["scopes"]) == ("active", ["ingest"])
    assert client.revoke_key(made["id"])["state"] == "revoked"


def test_health_says_whether_it_can_store_and_how_much_room_there_is(
    client: Client,
) -> None:
    health = client.health()
    assert health["not_ready"] == ""
    assert health["disk_free_bytes"] > 0
