"""A store of the first schema, filled then, is read whole by the collector of today."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import urllib3
from processes import CollectorProcess, start_collector

from collector.storage.migrate import known_migrations
from tracer.client import Client

THEN = Path(__file__).parents[1] / "first_schema"
ANSWERS: dict[str, Any] = json.loads((THEN / "answers.json").read_text("utf-8"))
SENT = json.loads((THEN / "sent.json").read_text("utf-8"))

LAY = """
import sys
from pathlib import Path
from collector.storage.engine import open_store
from collector.storage.migrate import known_migrations, migrate

store = open_store(sys.argv[1])
migrate(store, known_migrations()[:9])
with store.handle("write") as client:
    for file in Path(sys.argv[2]).iterdir():
        client.raw_insert(file.stem, insert_block=file.read_bytes(), fmt="Native")
store.close()
"""


@pytest.fixture(scope="module")
def url_of_then(store_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the tables of the first schema and the rows of its users."""
    if store_url.startswith("chdb:"):
        url = f"chdb://{tmp_path_factory.mktemp('first-schema')}"
    else:
        url = urlunsplit(urlsplit(store_url)._replace(path="/tracer_first_schema"))
    laid = [sys.executable, "-c", LAY, url, str(THEN / "tables")]
    subprocess.run(laid, check=True)
    return url


@pytest.fixture(scope="module")
def upgraded(
    url_of_then: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CollectorProcess]:
    """Today's collector, over that store."""
    folder = tmp_path_factory.mktemp("upgraded")
    with start_collector(folder, store_url=url_of_then) as running:
        yield running


def get(url: str, path: str) -> Any:
    answer = urllib3.request("GET", f"{url}/api/v1/{path}", timeout=60)
    assert answer.status == 200, (path, answer.data)
    return answer.json()


def lacking(then: Any, now: Any, place: str) -> Iterator[str]:
    """Yield what was told then and is told otherwise today; more may be told."""
    if then is None:
        return
    if isinstance(then, dict) and isinstance(now, dict):
        for key, value in then.items():
            yield from lacking(value, now.get(key), f"{place}.{key}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from lacking(one, other, f"{place}[{number}]")
    elif isinstance(then, float) and isinstance(now, float):
        if not math.isclose(then, now):
            yield f"{place}: {then} -> {now}"
    elif then != now:
        yield f"{place}: {then!r} -> {now!r}"


def test_the_store_is_brought_to_the_schema_of_today(
    upgraded: CollectorProcess,
) -> None:
    health = get(upgraded.url, "health")
    assert health["schema_version"] == len(known_migrations())


def test_all_that_was_answered_then_is_answered_today(
    upgraded: CollectorProcess,
) -> None:
    changed = [
        difference
        for path, then in ANSWERS.items()
        for difference in lacking(then, get(upgraded.url, path), path)
    ]
    assert changed == []


def test_users_sql_reads_what_was_stored_then(upgraded: CollectorProcess) -> None:
    stats = "stats?project=first&since=2026-01-01&origin=all"
    cost = ANSWERS[stats]["rows"][0]["cost_usd"]
    found = Client(upgraded.url).sql(
        "SELECT count() AS n, sum(cost_usd) AS cost FROM spans WHERE usage_counts"
    )
    assert (found[0]["n"] > 0, found[0]["cost"]) == (True, pytest.approx(cost))


def test_a_request_of_then_that_comes_again_is_not_stored_twice(
    upgraded: CollectorProcess,
) -> None:
    for signal, request in SENT.items():
        answered = urllib3.request(
            "POST",
            f"{upgraded.url}/v1/{signal}",
            body=json.dumps(request).encode(),
            headers={"content-type": "application/json"},
        )
        assert answered.status == 200
    path = "traces/0af7651916cd43dd8448eb211c80319c?project=first"
    assert list(lacking(ANSWERS[path], get(upgraded.url, path), path)) == []
    client = Client(upgraded.url)
    counted = "SELECT count() AS n FROM spans WHERE name = 'chat mine'"
    assert client.sql(counted)[0]["n"] == 1


def test_what_was_stored_then_is_edited_removed_and_counted_on(
    upgraded: CollectorProcess,
) -> None:
    """Last of this file: the store is another afterwards."""
    client, since = Client(upgraded.url), "2026-01-01"
    (checked,) = client.scores(
        project="first", since=since, where=[("name", "=", "checked")]
    )
    target = {"project": "first", "trace_id": checked["trace_id"]}
    client.add_score("checked", 3, **target)
    again = client.scores(
        project="first", since=since, where=[("name", "=", "checked")]
    )
    assert [row["value"] for row in again] == [3]
    client.save_dataset("faq", [{"inputs": "q"}], project="first", append=True)
    assert len(client.dataset("faq", project="first").rows) == 3
    calls = client.stats(project="first", since=since)[0]["n_calls"]
    delete = f"{upgraded.url}/api/v1/traces/{checked['trace_id']}?project=first"
    assert urllib3.request("DELETE", delete).status == 200
    assert client.stats(project="first", since=since)[0]["n_calls"] == calls - 1
