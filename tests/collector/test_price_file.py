"""A user's own prices go before the list's, and a period can be priced anew."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from otlp_requests import (
    ON_EITHER_SHARD,
    START_NS,
    put,
    rows,
    span,
    trace_request,
)
from processes import wait_until

from collector.errors import SettingsError
from collector.housekeeping.price_file import read_price_file
from collector.housekeeping.pricing import Pricing
from collector.storage.engine import Store
from collector.storage.prices import table as prices
from collector.storage.prices.reprice import Period, reprice

pytestmark = pytest.mark.usefixtures("few_rows")

BEGUN = "[[price]]\nmodel = 'm'\ninput = 1\nfrom = "
USAGE = {
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.input_tokens": 1_000_000,
    "gen_ai.usage.output_tokens": 500_000,
}
TOML = """
[[price]]
model = "m"
input = 1.0
output = 2

[[price]]
model = "m"
input = 3.0
from = 2026-02-01
"""


def call(store: Store, project: str, model: str, **fields: Any) -> None:
    values = USAGE | {"gen_ai.provider.name": project, "gen_ai.request.model": model}
    put(store, trace_request(span(values, **fields), project=project))


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_prices_of_a_toml_file_hold_until_the_next_begins(tmp_path: Path) -> None:
    found = read_price_file(write(tmp_path / "p.toml", TOML))
    prices_of = list(found.of([("me", "m"), ("other", "x")]))
    assert [
        (p["provider"], p["first_day"], p["last_day"], p["input"], p["output"])
        for p in prices_of
    ] == [
        ("me", "1970-01-01", "2026-01-31", 1.0, 2.0),
        ("me", "2026-02-01", "2149-06-06", 3.0, None),
    ]


def test_litellms_layout_is_read_with_its_providers_names(tmp_path: Path) -> None:
    listed = {
        "sample_spec": {"input_cost_per_token": "explained"},
        "azure/gpt-4o": {
            "input_cost_per_token": 2e-6,
            "output_cost_per_token": 8e-6,
            "cache_read_input_token_cost": 1e-6,
            "litellm_provider": "azure",
            "mode": "chat",
        },
        "dall-e": {"input_cost_per_pixel": 1e-8},
    }
    found = read_price_file(write(tmp_path / "p.json", json.dumps(listed)))
    by_provider = {price["provider"]: price for price in found.of([])}
    assert "azure.ai.openai" in by_provider
    price = by_provider["azure"]
    assert price["model"] == "gpt-4o"
    costs = [price[key] for key in ("input", "output", "cache_read")]
    assert costs == pytest.approx([2, 8, 1])


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("p.json", "[]", "no object"),
        ("p.json", "{", "no price list"),
        ("p.json", '{"m": {"input_cost_per_token": "1"}}', "'m': input_cost_per_token"),
        ("p.json", '{"m": {"input_cost_per_token": NaN}}', "nan is no price"),
        ("p.toml", "[[price]]\nmodel = 'm'", "has no input"),
        ("p.toml", "[[price]]\nmodel = 'm'\ninput = -1", "-1 is no price"),
        ("p.toml", "[[price]]\nmodel = 'm'\nimput = 1", "unknown 'imput'"),
        ("p.toml", "price = 3", "list of"),
        ("p.toml", f"{BEGUN}1969-12-31", "'1969-12-31' is no day from 1970-01-01"),
        ("p.toml", f"{BEGUN}2149-06-07", "'2149-06-07' is no day"),
        ("p.toml", f"{BEGUN}2026", "'2026' is no day"),
        ("p.toml", f"[[price]]\nmodel = 'm'\ninput = 1{'0' * 400}", "too large"),
    ],
)
def test_a_file_that_is_no_price_list_is_refused_by_name(
    tmp_path: Path, name: str, text: str, named: str
) -> None:
    with pytest.raises(SettingsError, match="TRACER_PRICES_FILE") as refused:
        read_price_file(write(tmp_path / name, text))
    assert named in str(refused.value)


@given(
    data=st.binary() | st.text().map(str.encode),
    suffix=st.sampled_from([".toml", ".json"]),
)
def test_any_other_file_is_refused_too(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    try:
        read_price_file(path)
    except SettingsError as refused:
        assert "TRACER_PRICES_FILE" in str(refused)


@pytest.mark.every_store
def test_own_prices_go_first_follow_the_file_and_leave_with_it(
    store: Store, project: str, tmp_path: Path
) -> None:
    listed = flat_price(project, 9.0) | {"output": 9.0}
    prices.insert_prices(store, [listed], source="list 1")
    path = write(tmp_path / "own.toml", TOML)
    pricing = Pricing(store, own_file=path)
    pricing.take_own()
    call(store, project, "m")
    write(path, TOML.replace("3.0", "40.0"))
    pricing.take_own()
    call(store, project, "m")
    Pricing(store).take_own()
    call(store, project, "m")
    found = [(row["cost_usd"], row["cost_source"]) for row in rows(store, project)]
    costs = [cost for cost, _ in found]
    assert sorted(costs) == pytest.approx([3.0, 13.5, 40.0])
    sources = {round(cost): source for cost, source in found}
    assert sources[14] == "list 1"
    assert sources[3].startswith("own.toml ")
    assert sources[3] != sources[40]


def test_a_price_of_the_users_is_there_before_that_of_the_list(
    store: Store, tmp_path: Path
) -> None:
    """Spans of the first second were priced by the list."""
    own = TOML.replace('"m"', '"gpt-4o"')
    with store.handle("write") as client:
        client.command("TRUNCATE TABLE prices")
    pricing = Pricing(store, own_file=write(tmp_path / "own.toml", own))
    pricing.start()
    listed = "SELECT count() FROM prices WHERE rank = 0"
    with store.handle("read") as client:
        wait_until(lambda: client.query(listed).result_rows[0][0])
        pricing.close()
        first = "SELECT rank FROM prices WHERE model = 'gpt-4o' ORDER BY at LIMIT 1"
        assert client.query(first).result_rows == [(1,)]
    Pricing(store).take_own()


def test_a_file_that_breaks_while_it_is_in_use_leaves_its_prices(
    store: Store, project: str, tmp_path: Path
) -> None:
    call(store, project, "m")
    path = write(tmp_path / "own.toml", TOML)
    pricing = Pricing(store, own_file=path)
    pricing.take_own()
    write(path, "[[price")
    with pytest.raises(SettingsError):
        pricing.take_own()
    call(store, project, "m")
    assert {row["cost_usd"] for row in rows(store, project)} == {None, 3.0}
    Pricing(store).take_own()


def flat_price(provider: str, usd: float) -> dict[str, object]:
    return {
        "provider": provider,
        "model": "m",
        "first_day": "1970-01-01",
        "last_day": "2149-06-06",
        "input": usd,
        "output": 0.0,
        "cache_read": None,
    }


def rolled_up_cost(store: Store, project: str) -> float:
    statement = (
        "SELECT sum(cost) FROM (SELECT toStartOfHour(ts), sum(cost_usd) AS cost FROM "
        "spans WHERE project = {project:String} GROUP BY toStartOfHour(ts)) "
        "SETTINGS force_optimize_projection = 1"
    )
    with store.handle("read") as client:
        found = client.query(statement, parameters={"project": project})
    return float(found.result_rows[0][0])


def test_a_period_is_priced_anew_and_its_roll_up_with_it(
    store: Store, project: str
) -> None:
    day_ns = 86_400 * 10**9
    for day in range(3):
        at = {"start_time_unix_nano": START_NS + day * day_ns}
        for model, trace_id in zip(("m", "unknown"), ON_EITHER_SHARD, strict=True):
            call(store, project, model, trace_id=trace_id, **at)
    told: list[tuple[int, int]] = []
    prices.insert_prices(store, [flat_price(project, 2.0)], source="list 2")
    period = Period(START_NS + day_ns, START_NS + 9 * day_ns, project)
    for _ in range(2):
        done = reprice(store, period, progress=lambda d, t, _: told.append((d, t)))
    assert (done.n_spans, done.n_unpriced, done.cost_after_usd) == (4, 2, 4.0)
    assert told[-1] == (4, 4)
    found = [row for row in rows(store, project) if row["model"] == "m"]
    assert [row["cost_usd"] for row in found] == [None, 2.0, 2.0]
    assert [row["cost_source"] for row in found] == ["", "list 2", "list 2"]
    assert rolled_up_cost(store, project) == 4.0
