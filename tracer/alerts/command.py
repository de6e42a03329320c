"""The command `tracer alerts`: rules, what they would have said, a test message."""

import json
import time
from datetime import datetime
from typing import Any, Final

import click

from tracer._options import json_option, print_json, with_client
from tracer.alerts.messages import limit_text, measure_text, value_text, window_text
from tracer.alerts.rules import Reading, Rule
from tracer.errors import ConfigurationError

POLL_S: Final = 1.0
"""How often the outcome of a test is looked for."""

WAIT_S: Final = 90.0
"""A worker looks once a minute: so long a test may take."""


asking = with_client("The collector that keeps the rules.")


@click.group()
def alerts() -> None:
    """See the rules of alerts, and try them and their webhooks.

    Rules are made in the dashboard, or by Client.save_alert_rule; a running `tracer
    worker` judges them.
    """


@alerts.command("list")
@click.option("--project", help="Only rules of this project.  [default: all]")
@asking
@json_option
def list_rules(client: Any, *, project: str | None, as_json: bool) -> None:
    """Show the rules, how each stands, and its last firing."""
    found = client.alert_rules(project=project)
    if as_json:
        print_json(list(found))
        return
    for document in found:
        click.echo(rule_text(document))
    if not found:
        where = f" of project {project!r}" if project else ""
        click.echo(f"There is no rule{where}; the dashboard makes one.", err=True)


@alerts.command()
@click.argument("name", required=False)
@click.option("--project", help="Project of the rule, where several have that name.")
@click.option(
    "--file",
    "file",
    type=click.File(encoding="utf-8"),
    help="A rule as JSON that need not be stored; - reads it from standard input.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 400),
    default=30,
    show_default=True,
    help="How many days back are looked at.",
)
@asking
@json_option
def preview(
    client: Any,
    *,
    name: str | None,
    project: str | None,
    file: Any,
    days: int,
    as_json: bool,
) -> None:
    """Show when a rule would have fired.

    NAME is what people call a stored rule, or its id. Nothing is saved.

    tracer alerts preview errors --project support-bot --days 7
    """
    if (name is None) == (file is None):
        raise ConfigurationError("give the NAME of a stored rule, or --file, not both")
    document = _read(file) if file else find_rule(client, str(name), project=project)
    rule = Rule.of(document)
    found = client.preview_alert_rule(document, days=days)
    if as_json:
        print_json(found)
        return
    times = "once" if len(found.firings) == 1 else f"{len(found.firings)} times"
    period = "a day" if days == 1 else f"{days} days"
    click.echo(f"{watched(rule)}: it would have fired {times} in {period}")
    for one in found.firings:
        ended = _moment(one.recovered_ns) if one.recovered_ns else "still firing"
        value = value_text(rule, one.reading.value)
        click.echo(f"  {_moment(one.fired_ns)} – {ended}  {value}, n {one.reading.n:,}")
    if found.n_too_few:
        few, n = f"{found.n_too_few:,}", f"{len(found.readings):,}"
        click.echo(f"  {few} of {n} windows hold too little to conclude anything")


@alerts.command()
@click.argument("name")
@click.option("--project", help="Project of the rule, where several have that name.")
@click.option(
    "--wait",
    "wait_s",
    metavar="SECONDS",
    type=click.FloatRange(0),
    default=WAIT_S,
    show_default=True,
    help="Seconds to wait for what becomes of it; 0 only asks.",
)
@asking
def test(client: Any, *, name: str, project: str | None, wait_s: float) -> None:
    """Have a worker post a test message of the rule NAME.

    Says what became of it. Ends with status 1 if it was not delivered in time.
    """
    document = find_rule(client, name, project=project)
    if not document["webhook_url"] or document["state"] != "active":
        raise ConfigurationError(
            f"rule {name!r} names no webhook, or is paused: nobody would be told"
        )
    place = {"project": document["project"]}
    asked = client.test_alert_rule(document["id"], **place)["pending"][-1]["id"]
    click.echo("asked; a worker posts it within a minute")
    if not wait_s:
        return
    outcome = _outcome(client, document["id"], asked, wait_s=wait_s, **place)
    click.echo(outcome or f"nothing became of it in {wait_s:g} s: is a worker running?")
    if outcome != "delivered":
        raise SystemExit(1)


def find_rule(client: Any, name: str, *, project: str | None) -> dict[str, Any]:
    """Return a rule by its id, or by what people call it.

    Raises:
        ConfigurationError: There is none, or there are several.
    """
    known = client.alert_rules(project=project)
    found = [one for one in known if one["id"] == name] or [
        one for one in known if one["name"] == name
    ]
    if len(found) == 1:
        rule: dict[str, Any] = found[0]
        return rule
    where = f" in project {project!r}" if project else ""
    if found:
        raise ConfigurationError(
            f"{len(found)} alert rules are called {name!r}{where}; give the id, or the "
            "project, as `tracer alerts list` shows them"
        )
    raise ConfigurationError(
        f"there is no alert rule {name!r}{where}; see `tracer alerts list`"
    )


def rule_text(document: dict[str, Any]) -> str:
    """Return a rule in one line: what it watches, how it stands, whom it tells."""
    rule = Rule.of(document)
    named = f" “{rule.name}”" if rule.name else ""
    parts = [f"{rule.id} ({rule.project}){named}: {_standing(document)}", watched(rule)]
    if seen := document["reading"]:
        reading = Reading(seen["value"], seen["n"])
        parts.append(f"seen {value_text(rule, reading.value)}, n {reading.n:,}")
    firings = [one for one in document["firings"] if not one.get("is_test")]
    if firings:
        parts.append(f"last fired {_moment(firings[0]['fired_ns'])}")
        told = firings[0].get("recovered_outcome") or firings[0].get("fired_outcome")
        parts += [str(told)] if told else []
    parts.append("tells a webhook" if rule.webhook_url else "tells nobody")
    return " · ".join(parts)


def watched(rule: Rule) -> str:
    """Return what a rule watches and its limit, in words."""
    return f"{measure_text(rule)}, {limit_text(rule)}, {window_text(rule)}"


def _standing(document: dict[str, Any]) -> str:
    if document["state"] == "paused":
        return "paused"
    if document["message"]:
        return f"cannot be judged: {document['message']}"
    if document["standing"].get("firing"):
        return "firing"
    return "quiet" if document["reading"] else "not looked at yet"


def _read(file: Any) -> dict[str, Any]:
    try:
        document = json.load(file)
    except ValueError as error:
        raise ConfigurationError(f"the rule is no JSON: {error}") from None
    if not isinstance(document, dict) or not document.get("project"):
        raise ConfigurationError("a rule is a JSON object that names its project")
    return {"id": "preview", **document}


def _outcome(
    client: Any, rule_id: str, asked: str, *, wait_s: float, project: str
) -> str | None:
    """Return what became of a test, None if nothing did in time."""
    until_s = time.monotonic() + wait_s
    while time.monotonic() < until_s:
        for rule in client.alert_rules(project=project):
            for one in rule["firings"] if rule["id"] == rule_id else ():
                if one["id"] == asked and one.get("test_outcome"):
                    return str(one["test_outcome"])
        time.sleep(min(POLL_S, wait_s))
    return None


def _moment(moment_ns: int) -> str:
    at = datetime.fromtimestamp(moment_ns / 1e9).astimezone()
    return at.strftime("%Y-%m-%d %H:%M %Z")
