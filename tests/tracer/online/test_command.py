"""`tracer online`, as a person types it."""

import json
import time

import pytest
from click.testing import CliRunner, Result

from tracer.client import Client
from tracer.errors import ConfigurationError
from tracer.online.command import condition_of, online, time_ns_of


def run(client: Client, *arguments: str) -> Result:
    return CliRunner().invoke(online, [*arguments, "--collector", client.endpoint])


def test_a_rule_is_added_listed_paused_and_removed(
    client: Client, project: str
) -> None:
    at = ("--project", project)
    added = run(
        client,
        *("add", "polite", *at, "--scorer", "cer", "--where", "metadata.n > 3"),
        *("--sample-rate", "0.1", "--max-cost-usd-per-day", "2"),
    )
    assert added.exit_code == 0, added.output
    line = f"polite ({project}): active · 0.1 of traces by cer · 0 scored, 0 today\n"
    assert added.output == line
    (rule,) = client.online_rules(project=project)
    assert rule["where"] == [["metadata.n", ">", 3]]
    assert abs(rule["position_ns"] - time.time_ns()) < 60 * 10**9
    run(client, "pause", "polite", *at)
    (shown,) = json.loads(run(client, "list", *at, "--json").stdout)
    assert (shown["id"], shown["state"]) == ("polite", "paused")
    run(client, "resume", "polite", *at)
    assert "active" in run(client, "list", *at).output
    assert run(client, "remove", "polite", *at).output == "polite is removed\n"
    listed = run(client, "list", *at)
    assert (listed.stdout, listed.stderr) == (
        "",
        "There is no rule; `tracer online add` makes one.\n",
    )


def test_adding_again_changes_the_rule_and_leaves_it_where_it_is(
    client: Client, project: str
) -> None:
    at = ("--project", project, "--scorer", "cer")
    run(client, "add", "r", *at)
    (before,) = client.online_rules(project=project)
    run(client, "add", "r", *at, "--max-per-day", "7")
    (after,) = client.online_rules(project=project)
    assert (after["max_per_day"], after["version"]) == (7, 2)
    assert after["position_ns"] == before["position_ns"]
    run(client, "add", "r", *at, "--since", "7d")
    (behind,) = client.online_rules(project=project)
    assert before["position_ns"] - behind["position_ns"] > 6 * 86_400 * 10**9
    run(client, "remove", "r", "--project", project)


def test_a_rule_that_is_not_there_is_not_paused(client: Client, project: str) -> None:
    result = run(client, "pause", "none", "--project", project)
    assert isinstance(result.exception, ConfigurationError)
    assert "no online rule 'none'" in str(result.exception)


def test_conditions_keep_the_types_of_their_values() -> None:
    assert condition_of("a = b") == ["a", "=", "b"]
    assert condition_of("name contains 'two words'") == [
        "name",
        "contains",
        "two words",
    ]
    assert condition_of("tags exists") == ["tags", "exists"]
    assert condition_of("flag = true") == ["flag", "=", True]
    for text in ("a", "a = b c", "a = 'b"):
        with pytest.raises(ConfigurationError, match="write 'FIELD OP VALUE'"):
            condition_of(text)


def test_a_time_is_an_age_or_a_moment() -> None:
    assert time_ns_of("2026-11-01T00:00:00+00:00") == 1_793_491_200 * 10**9
    assert abs(time.time_ns() - time_ns_of("1h") - 3600 * 10**9) < 60 * 10**9
    with pytest.raises(ConfigurationError, match="'soon' is not understood"):
        time_ns_of("soon")
