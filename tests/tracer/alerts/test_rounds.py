"""Workers look at rules: what happens is told once, whatever becomes of a worker."""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from processes import start_module, stop, wait_until
from webhook_receiver import receiving

from tracer.alerts import telling
from tracer.alerts.rounds import AlertRounds
from tracer.client import Client

LOCAL = frozenset({"127.0.0.1"})
Call = Callable[..., None]
AddRule = Callable[..., dict[str, Any]]


def looker(client: Client, name: str = "worker") -> AlertRounds:
    return AlertRounds(client, name, threading.Event(), hosts=LOCAL)


def rule_of(client: Client, project: str) -> dict[str, Any]:
    (rule,) = client.alert_rules(project=project)
    return rule


def test_a_firing_is_told_once_and_its_end_once(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    with receiving() as receiver:
        add_rule(webhook_url=receiver.url, name="errors")
        call(10, failed=3)
        looks = looker(client)
        looks.look()
        looks.look()
        call(90)
        looks.look()
        looks.look()
    assert [body["event"] for body in receiver.bodies] == ["fired", "recovered"]
    assert receiver.bodies[0]["text"].startswith("Alert: errors – error rate is 30.0%")
    rule = rule_of(client, project)
    (firing,) = rule["firings"]
    assert (firing["fired_outcome"], firing["recovered_outcome"]) == (
        "delivered",
        "delivered",
    )
    assert firing["reading"]["n"] == 10
    assert (rule["pending"], rule["worker"]) == ([], None)


def test_between_two_rounds_only_rules_are_looked_at_that_nobody_judged(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    looks = looker(client)
    add_rule(id="old")
    call(10, failed=0)
    looks.look()
    add_rule(id="new")
    call(10, failed=9)
    looks.look(only_new=True)
    found = {rule["id"]: rule for rule in client.alert_rules(project=project)}
    assert found["old"]["firings"] == []
    assert len(found["new"]["firings"]) == 1


def test_of_workers_that_look_at_once_one_tells(
    client: Client, call: Call, add_rule: AddRule
) -> None:
    with receiving() as receiver:
        add_rule(webhook_url=receiver.url)
        call(10, failed=9)
        workers = [looker(client, f"worker-{number}") for number in range(4)]
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda worker: worker.look(), workers))
        for worker in workers:
            worker.look()
    assert [body["event"] for body in receiver.bodies] == ["fired"]


def test_what_could_not_be_delivered_is_tried_again_and_said(
    client: Client,
    project: str,
    call: Call,
    add_rule: AddRule,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving(503) as receiver:
        add_rule(webhook_url=receiver.url)
        call(10, failed=9)
        looker(client).look()
        [waiting] = rule_of(client, project)["pending"]
        assert waiting["failure"] == "it answered 503"
        receiver.status = 200
        looker(client).look()
        assert rule_of(client, project)["firings"][0]["fired_outcome"] == "delivered"
        assert len({body["id"] for body in receiver.bodies}) == 1
        receiver.status = 500
        monkeypatch.setattr(telling, "GIVE_UP_S", 0.0)
        call(200)
        looker(client).look()
    rule = rule_of(client, project)
    outcome = rule["firings"][0]["recovered_outcome"]
    assert (outcome, rule["pending"]) == ("not delivered: it answered 500", [])


def test_a_worker_that_left_with_something_to_tell_is_replaced(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    with receiving(503) as receiver:
        add_rule(webhook_url=receiver.url)
        call(10, failed=9)
        looker(client, "first").look()
        receiver.status = 200
        told = len(receiver.bodies)
        looker(client, "second").look()  # the first may still be at it
        assert len(receiver.bodies) == told
        rule = rule_of(client, project)
        client.save_alert_rule(rule | {"lease_until_ns": time.time_ns()})
        looker(client, "second").look()
    assert len(receiver.bodies) == told + 1


def test_a_rule_that_is_edited_while_its_message_travels_keeps_the_edit(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    def edit(body: dict[str, Any]) -> None:
        client.save_alert_rule(rule_of(client, project) | {"name": "새 이름"})

    with receiving() as receiver:
        add_rule(webhook_url=receiver.url)
        call(10, failed=9)
        receiver.on_body = edit
        looker(client).look()
    rule = rule_of(client, project)
    assert (rule["name"], rule["pending"], rule["worker"]) == ("새 이름", [], None)
    assert rule["firings"][0]["fired_outcome"] == "delivered"
    assert len(receiver.bodies) == 1


def test_an_address_that_is_not_allowed_is_said_and_not_asked(
    client: Client,
    project: str,
    call: Call,
    add_rule: AddRule,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(telling, "GIVE_UP_S", 0.0)
    with receiving() as receiver:
        add_rule(webhook_url=receiver.url)
        call(10, failed=9)
        AlertRounds(client, "strict", threading.Event()).look()
    assert receiver.bodies == []
    assert "is not public" in rule_of(client, project)["firings"][0]["fired_outcome"]


def test_a_rule_without_webhook_remembers_its_firings(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    add_rule()
    call(10, failed=9)
    looker(client).look()
    rule = rule_of(client, project)
    assert rule["standing"]["firing"]
    assert [one["reading"]["value"] for one in rule["firings"]] == [0.9]
    assert rule["pending"] == []


def test_a_rule_that_cannot_be_judged_says_why_until_it_can(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    add_rule(where=[["modell", "=", "x"]])
    looker(client).look()
    assert "modell" in rule_of(client, project)["message"]
    add_rule(where=[["name", "exists"]])
    call(10)
    looker(client).look()
    assert rule_of(client, project)["message"] is None


def test_a_paused_rule_and_a_look_that_changes_nothing_write_nothing(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    add_rule(state="paused")
    call(10, failed=9)
    looker(client).look()
    assert rule_of(client, project)["version"] == 1
    add_rule(state="active", threshold=1.0)
    looker(client).look()
    looker(client).look()
    rule = rule_of(client, project)
    assert (rule["version"], rule["reading"]["value"]) == (3, 0.9)


def test_the_mean_of_a_score_is_watched(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    add_rule(measure="score", score="좋음", test="below", threshold=0.5)
    for number in range(6):
        client.add_score(
            "좋음", number == 0, project=project, trace_id=f"{number:032x}"
        )
    looker(client).look()
    (firing,) = rule_of(client, project)["firings"]
    assert firing["reading"]["value"] == pytest.approx(1 / 6)
    assert firing["reading"]["n"] == 6


def start_worker(client: Client, place: Path) -> Any:
    (place / "quick_worker.py").write_text(
        "from tracer.alerts import rounds, telling\n"
        "rounds.LOOK_EVERY_S = 0.2; telling.LEASE_S = 1.0\n"
        "from tracer.worker.command import worker\nworker()\n"
    )
    path = os.pathsep.join([str(place), str(Path(__file__).parents[3])])
    options = ["--collector", client.endpoint, "--webhook-host", "127.0.0.1"]
    return start_module("quick_worker", *options, PYTHONPATH=path)


def test_a_worker_process_tells_also_what_a_killed_one_left(
    client: Client, project: str, call: Call, add_rule: AddRule, tmp_path: Path
) -> None:
    with receiving(503) as receiver:
        add_rule(webhook_url=receiver.url)
        call(10, failed=9)
        first = start_worker(client, tmp_path)
        wait_until(lambda: receiver.bodies)
        os.kill(first.pid, signal.SIGKILL)
        stop(first)
        receiver.status = 204
        receiver.bodies.clear()
        second = start_worker(client, tmp_path)
        try:
            wait_until(lambda: receiver.bodies)
            call(200)
            wait_until(lambda: len(receiver.bodies) == 2)
        finally:
            stop(second)
    assert [body["event"] for body in receiver.bodies] == ["fired", "recovered"]
    assert second.returncode == 0


def test_a_test_message_is_posted_and_remembered_beside_the_firings(
    client: Client, project: str, call: Call, add_rule: AddRule
) -> None:
    with receiving() as receiver:
        add_rule(webhook_url=receiver.url, name="errors")
        client.test_alert_rule("rule", project=project)
        looker(client).look()
        call(10, failed=9)
        looker(client).look()
        call(200)
        looker(client).look()
    told = [body["event"] for body in receiver.bodies]
    assert told == ["test", "fired", "recovered"]
    assert receiver.bodies[0]["text"].startswith("Test: errors – alerts arrive here")
    firing, test = rule_of(client, project)["firings"]
    assert (test["is_test"], test["test_outcome"]) == (True, "delivered")
    assert firing["recovered_outcome"] == "delivered"


def test_what_is_posted_is_made_of_the_rule_whatever_was_written_to_wait(
    client: Client, project: str, add_rule: AddRule
) -> None:
    with receiving() as receiver:
        waiting = {"id": "x", "event": "test", "since_ns": 1, "fired_ns": 1}
        waiting |= {"reading": {"value": None, "n": 0}, "body": {"do": "harm"}}
        add_rule(webhook_url=receiver.url, pending=[waiting])
        looker(client).look()
    [body] = receiver.bodies
    assert "do" not in body
    assert (body["event"], body["project"]) == ("test", project)
