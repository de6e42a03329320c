"""The command `tracer alerts`, over a real collector."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from processes import wait_until
from webhook_receiver import receiving

from tracer.alerts.command import alerts
from tracer.alerts.rounds import AlertRounds
from tracer.client import Client
from tracer.errors import ConfigurationError

AddRule = Callable[..., dict[str, Any]]


def run(client: Client, *arguments: str) -> Result:
    return CliRunner().invoke(alerts, [*arguments, "--collector", client.endpoint])


def test_rules_are_listed_and_previewed(
    client: Client,
    project: str,
    call: Callable[..., None],
    add_rule: AddRule,
    tmp_path: Path,
) -> None:
    add_rule(name="errors", window_s=900)
    call(10, failed=3, ago_s=1800)
    listed = run(client, "list", "--project", project)
    assert listed.exit_code == 0, listed.output
    assert listed.output == (
        f"rule ({project}) “errors”: not looked at yet · error rate, limit: above "
        "10.0%, last 15 minutes · tells nobody\n"
    )
    (shown,) = json.loads(run(client, "list", "--project", project, "--json").stdout)
    assert (shown["name"], shown["measure"]) == ("errors", "error_rate")
    asked = ("preview", "errors", "--project", project, "--days", "1")
    (firing,) = json.loads(run(client, *asked, "--json").stdout)["firings"]
    assert (firing["reading"]["value"], firing["reading"]["n"]) == (0.3, 10)
    said = run(client, *asked)
    assert "it would have fired once in a day" in said.output
    assert "30.0%, n 10" in said.output
    rule = {"project": project, "threshold": 0.5, "window_s": 900, "min_n": 5}
    (tmp_path / "rule.json").write_text(json.dumps(rule))
    said = run(client, "preview", "--file", str(tmp_path / "rule.json"))
    assert "it would have fired 0 times in 30 days" in said.output


def test_a_test_waits_for_what_became_of_it_and_leads_to_the_dashboard(
    client: Client, project: str, add_rule: AddRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_DASHBOARD_URL", "https://host/ui/")
    looks = AlertRounds(
        client, "worker", threading.Event(), hosts=frozenset({"127.0.0.1"})
    )
    with receiving() as receiver, ThreadPoolExecutor(1) as threads:
        add_rule(webhook_url=receiver.url)
        asked = threads.submit(run, client, "test", "rule", "--project", project)
        wait_until(lambda: client.alert_rules(project=project)[0]["pending"])
        looks.look()
        told = asked.result()
    assert (told.exit_code, told.output.splitlines()[-1]) == (0, "delivered")
    [body] = receiver.bodies
    assert body["url"].startswith(f"https://host/ui/alerts?project={project}")


def test_a_rule_that_is_not_there_is_said_so(client: Client, project: str) -> None:
    said = run(client, "test", "nowhere", "--project", project)
    assert isinstance(said.exception, ConfigurationError)
    assert "tracer alerts list" in str(said.exception)


@pytest.mark.parametrize(
    ("arguments", "text", "says"),
    [
        ([], "", "give the NAME of a stored rule, or --file, not both"),
        (["errors", "--file", "-"], "{}", "not both"),
        (["--file", "-"], "{", "the rule is no JSON: "),
        (["--file", "-"], "[]", "a JSON object that names its project"),
        (["--file", "-"], '{"threshold": 1}', "names its project"),
        (["--file", "-"], '{"project": "p", "measure": "mood"}', "measure 'mood'"),
    ],
)
def test_what_cannot_be_previewed_is_refused_with_the_reason(
    client: Client, arguments: list[str], text: str, says: str
) -> None:
    asked = ["preview", *arguments, "--collector", client.endpoint]
    said = CliRunner().invoke(alerts, asked, input=text)
    assert isinstance(said.exception, ConfigurationError)
    assert says in str(said.exception)


def test_a_name_of_several_rules_and_a_rule_that_tells_nobody_are_refused(
    client: Client, project: str, add_rule: AddRule
) -> None:
    add_rule(id="one", name="errors")
    add_rule(id="two", name="errors", webhook_url="https://host/", state="paused")
    where = ["--project", project]
    said = run(client, "test", "errors", *where)
    assert "2 alert rules are called 'errors' in project" in str(said.exception)
    for rule in ("one", "two"):
        said = run(client, "test", rule, *where)
        assert "names no webhook, or is paused" in str(said.exception)


def test_a_test_that_no_worker_posts_is_said_to_wait_for_one(
    client: Client, project: str, add_rule: AddRule
) -> None:
    add_rule(webhook_url="https://host/")
    asked = run(client, "test", "rule", "--project", project, "--wait", "0")
    assert (asked.exit_code, len(asked.output.splitlines())) == (0, 1)
    said = run(client, "test", "rule", "--project", project, "--wait", "0.1")
    assert said.exit_code == 1
    assert "nothing became of it in 0.1 s: is a worker running?" in said.output


def test_the_list_says_how_rules_stand_and_what_became_of_the_last_firing(
    client: Client, project: str, call: Callable[..., None], add_rule: AddRule
) -> None:
    call(10, failed=3)
    add_rule(id="1", name="errors")
    add_rule(id="2", measure="calls", test="below", threshold=1)
    add_rule(id="3", where=[["no.such.field", "=", 1]])
    add_rule(id="4", state="paused", webhook_url="https://host/")
    AlertRounds(client, "worker", threading.Event()).look()
    listed = run(client, "list", "--project", project).output.splitlines()
    by_id = {line.partition(" ")[0]: line for line in listed}
    assert "“errors”: firing · error rate" in by_id["1"]
    assert "seen 30.0%, n 10 · last fired" in by_id["1"]
    assert "tells nobody" in by_id["1"]
    assert ": quiet · calls" in by_id["2"]
    assert "cannot be judged: " in by_id["3"]
    assert ": paused · " in by_id["4"]
    assert by_id["4"].endswith("tells a webhook")
