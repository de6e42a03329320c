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
