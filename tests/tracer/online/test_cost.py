"""Judging costs what the collector says, and stops at the day's limit."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from processes import CollectorProcess, start_collector, wait_until

import tracer
from examples.openai_server import running
from tracer.client import Client
from tracer.errors import NotFoundError
from tracer.online.scorers import register

TOKENS = 40_000  # of gpt-4o, 2.50 USD a million: a tenth of a dollar


@pytest.fixture(scope="module")
def pricing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """A collector that prices what it stores, as it does for people."""
    with start_collector(tmp_path_factory.mktemp("priced"), prices=True) as running:
        wait_until(lambda: knows_a_price(Client(running.url)))
        yield running


def knows_a_price(client: Client) -> bool:
    """Whether the list is read: that takes a moment after the start."""
    try:
        return client.price("gpt-4o") is not None
    except NotFoundError:
        return False


@pytest.fixture
def client(pricing: CollectorProcess) -> Client:
    return Client(pricing.url)


def judge(output: str) -> bool:
    with tracer.span("chat", kind="llm") as span:
        span.set_attribute("gen_ai.provider.name", "openai")
        span.set_attribute("gen_ai.response.model", "gpt-4o")
        span.set_attribute("gen_ai.usage.input_tokens", TOKENS)
    return True


def test_judging_stops_once_it_has_cost_what_it_may(
    client: Client,
    project: str,
    ask: Callable[..., list[str]],
    add_rule: Callable[..., dict[str, Any]],
    work: Callable[..., None],
) -> None:
    add_rule(register(judge), max_cost_usd_per_day=0.35)
    ask(*(f"question {number}" for number in range(9)))
    work()
    assert len(client.scores(project=project)) == 4  # the fourth crosses the limit
    (rule,) = client.online_rules(project=project)
    assert rule["message"] == "0.4000 USD spent today, of 0.35 USD; goes on tomorrow"
    work()
    assert len(client.scores(project=project)) == 4
    assert client.stats(project=project)[0]["cost_usd"] is None  # not production's


def test_a_stored_judge_scores_traffic_and_its_calls_are_paid_by_the_rule(
    client: Client,
    project: str,
    ask: Callable[..., list[str]],
    add_rule: Callable[..., dict[str, Any]],
    work: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tone = {"name": "tone", "criteria": "정중한가?", "needs": ["question", "output"]}
    levels = {"1": "아니다", "2": "보통", "3": "그렇다"}
    definition = {
        "kind": "rubric",
        "model": {"model": "gpt-4o"},
        "rubric": tone | {"levels": levels, "language": "ko", "version": "1"},
    }
    client.save_judge("polite", definition, project=project)
    add_rule("polite", max_cost_usd_per_day=1)
    with running() as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        ids = ask("환불은?", "언제 오나요?")
        work()
    scores = client.scores(project=project)
    assert sorted(row["trace_id"] for row in scores) == sorted(ids)
    assert {(row["name"], row["source"], row["author"]) for row in scores} == {
        ("tone", "model", "tone@1:gpt-4o")
    }
    assert all(row["error"] is None for row in scores)
    (rule,) = client.online_rules(project=project)
    assert rule["progress"]["cost_usd"] > 0
    assert [row["cost_usd"] for row in client.traces(project=project)] == [None] * 2
