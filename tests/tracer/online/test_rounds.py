"""What came is scored once each, within its limits, whoever does it."""

import time
from collections.abc import Callable
from typing import Any

import pytest

import tracer
from tracer.client import Client
from tracer.online import rounds
from tracer.online.rules import is_sampled
from tracer.online.scorers import register

Ask = Callable[..., list[str]]
AddRule = Callable[..., dict[str, Any]]
Work = Callable[..., None]


def shouted(output: str, question: str) -> bool:
    return output == question.upper()


async def long(output: str) -> dict[str, float]:
    return {"letters": len(output), "words": len(output.split())}


def strict(output: str) -> bool:
    raise LookupError(f"no opinion on {output}")


def scores_of(client: Client, project: str) -> dict[str, list[Any]]:
    """Every version of every score by name, as (trace id, value)."""
    found: dict[str, list[Any]] = {}
    for row in client.scores(project=project, limit=None, versions=True):
        found.setdefault(row["name"], []).append((row["trace_id"], row["value"]))
    return found


def rule_of(client: Client, project: str) -> dict[str, Any]:
    (rule,) = client.online_rules(project=project)
    return rule


def test_what_came_since_is_scored_once_each_and_the_rule_says_how_many(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    ask("before the rule")
    time.sleep(0.01)
    add_rule(register(shouted), register(long))
    ids = ask("하나", "two words")
    work()
    work()
    scores = scores_of(client, project)
    assert sorted(scores) == ["long.letters", "long.words", "shouted"]
    assert sorted(scores["shouted"]) == sorted((id, 1.0) for id in ids)
    assert sorted(value for _, value in scores["long.words"]) == [1.0, 2.0]
    progress = rule_of(client, project)["progress"]
    assert (progress["scored"], progress["today"], progress["failed"]) == (2, 2, 0)


def test_a_score_says_who_gave_it_and_by_which_rule(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(shouted))
    ask("hello")
    work()
    (score,) = client.scores(project=project)
    assert (score["source"], score["author"]) == ("code", "shouted")
    assert score["metadata"] == {"online_rule": "rule"}


def test_only_traces_that_meet_the_conditions_are_scored(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(shouted), where=[["metadata.team", "=", "a"]])
    wanted = ask("one", team="a")
    ask("two", team="b")
    work()
    assert [id for id, _ in scores_of(client, project)["shouted"]] == wanted


def test_a_sample_is_the_same_for_every_worker(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(shouted), sample_rate=0.5)
    ids = ask(*(f"question {number}" for number in range(30)))
    work("one")
    expected = {id for id in ids if is_sampled(id, 0.5)}
    assert 0 < len(expected) < 30
    assert {id for id, _ in scores_of(client, project)["shouted"]} == expected


def test_judging_is_no_production_traffic(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(shouted))
    ids = ask("hello")
    work()
    work()
    assert [row["trace_id"] for row in client.traces(project=project)] == ids
    spans = client.spans(project=project, origin="evaluation")
    assert [(row["kind"], row["evaluation_id"]) for row in spans] == [
        ("evaluator", "online:rule")
    ]


def test_a_scorer_that_fails_leaves_an_error_and_the_others_go_on(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(strict), register(shouted), "exact_match")
    ask("hello")
    work()
    work()
    rows = {row["name"]: row for row in client.scores(project=project, versions=True)}
    assert len(rows) == 3
    assert rows["strict"]["error"] == "LookupError"
    assert "wants 'expected'" in rows["exact_match"]["explanation"]
    assert rows["shouted"]["value"] == 1.0
    assert rule_of(client, project)["progress"]["failed"] == 2


def unsure(output: str) -> None:
    return None


def empty(output: str) -> dict[str, float]:
    return {}


def test_a_scorer_that_says_nothing_is_not_asked_again(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(unsure), register(empty))
    ask("hello")
    work()
    work()
    rows = client.scores(project=project, versions=True)
    assert sorted(row["name"] for row in rows) == ["empty", "unsure"]
    assert [(row["value"], row["error"]) for row in rows] == [(None, None)] * 2
    assert rule_of(client, project)["progress"]["failed"] == 0


def test_a_day_has_its_limit_and_the_rule_says_so(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(shouted), max_per_day=3)
    ask(*(f"question {number}" for number in range(5)))
    work()
    assert len(scores_of(client, project)["shouted"]) == 3
    rule = rule_of(client, project)
    assert rule["message"] == "3 scored today, the limit of the day; goes on tomorrow"
    yesterday = rule["progress"] | {"day": "2020-01-01"}
    client.save_online_rule(rule | {"progress": yesterday})
    work()
    assert len(scores_of(client, project)["shouted"]) == 5


def test_a_paused_rule_rests_and_goes_on_with_what_came_meanwhile(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    rule = add_rule(register(shouted), state="paused")
    ask("hello")
    work()
    assert scores_of(client, project) == {}
    client.save_online_rule(rule | {"state": "active"})
    work()
    assert len(scores_of(client, project)["shouted"]) == 1


def test_a_rule_that_another_worker_has_is_left_to_it_until_it_falls_silent(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    far = time.time_ns() + 60 * 10**9
    rule = add_rule(register(shouted), worker="other", lease_until_ns=far)
    ask("hello")
    work("me")
    assert scores_of(client, project) == {}
    client.save_online_rule(rule | {"lease_until_ns": time.time_ns()})
    work("me")
    assert len(scores_of(client, project)["shouted"]) == 1
    assert rule_of(client, project)["worker"] == "me"


def test_of_two_workers_at_once_only_one_takes_a_rule(
    client: Client, project: str, ask: Ask, add_rule: AddRule
) -> None:
    from threading import Event

    rule = add_rule(register(shouted))
    first, second = (
        rounds.OnlineRounds(client, name, Event(), settle_s=0) for name in "ab"
    )
    first._write(rule)
    with pytest.raises(tracer.errors.ConflictError):
        second._write(rule)


def test_an_unknown_scorer_holds_the_rule_up_and_it_says_which_are_known(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule("charm")
    ask("hello")
    work()
    work()
    rule = rule_of(client, project)
    assert "['charm'] are unknown here; this worker knows" in rule["message"]
    assert rule["version"] == 2  # said once


def test_a_rule_that_cannot_be_worked_at_says_why_and_ends_no_worker(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(shouted), progress={"scored": "many"})
    ask("hello")
    work()
    assert "Error" in rule_of(client, project)["message"]


def test_a_quiet_rule_does_not_write_all_the_time(
    client: Client, project: str, add_rule: AddRule, work: Work
) -> None:
    add_rule(register(shouted))
    for _ in range(3):
        work()
    assert rule_of(client, project)["version"] == 1


def test_old_traffic_is_gone_through_an_hour_of_arrivals_at_a_time(
    client: Client, project: str, ask: Ask, add_rule: AddRule, work: Work
) -> None:
    day_ns = 86_400 * 10**9
    add_rule(register(shouted), position_ns=time.time_ns() - day_ns)
    ask("hello")
    work()
    assert len(scores_of(client, project)["shouted"]) == 1
    assert rule_of(client, project)["position_ns"] > time.time_ns() - 3600 * 10**9
