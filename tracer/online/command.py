"""The command `tracer online`: rules of online scoring."""

import json
import shlex
import time
from typing import Any

import click

from tracer._collector_option import collector_option
from tracer.errors import ConfigurationError


@click.group()
@collector_option("Address of the collector that keeps the rules.")
@click.pass_context
def online(context: click.Context, *, collector_url: str) -> None:
    """Have workers score a sample of production traffic, by rules.

    The collector's key, if it asks for one, is read from TRACER_API_KEY.
    """
    from tracer.client import Client

    context.obj = Client(collector_url)


@online.command("list")
@click.option("--project", help="Only rules of this project.")
@click.pass_obj
def list_rules(client: Any, *, project: str | None) -> None:
    """Show the rules, and how far each is."""
    for rule in client.online_rules(project=project):
        click.echo(rule_text(rule))


@online.command()
@click.argument("name")
@click.option("--project", required=True, help="Whose traffic is scored.")
@click.option(
    "--scorer",
    "scorers",
    multiple=True,
    required=True,
    help="Name of a scorer that the worker knows; may be given more than once.",
)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="'FIELD OP VALUE'",
    help="Only such traces: 'metadata.department = accounting'.",
)
@click.option("--sample-rate", type=click.FloatRange(0, 1, min_open=True), default=1.0)
@click.option("--max-per-day", type=click.IntRange(1), help="Most traces a UTC day.")
@click.option(
    "--max-cost-usd-per-day",
    type=click.FloatRange(0),
    help="What judging may cost a UTC day.",
)
@click.option("--since", help="Score what came since then, too: '7d', '2026-11-01'.")
@click.pass_obj
def add(
    client: Any,
    *,
    name: str,
    project: str,
    scorers: tuple[str, ...],
    conditions: tuple[str, ...],
    sample_rate: float,
    max_per_day: int | None,
    max_cost_usd_per_day: float | None,
    since: str | None,
) -> None:
    """Add the rule NAME, or change it; it goes on from where it is."""
    rule = {
        "id": name,
        "project": project,
        "state": "active",
        "scorers": list(scorers),
        "where": [condition_of(text) for text in conditions],
        "sample_rate": sample_rate,
        "max_per_day": max_per_day,
        "max_cost_usd_per_day": max_cost_usd_per_day,
    }
    is_new = all(one["id"] != name for one in client.online_rules(project=project))
    if since is not None or is_new:
        rule["position_ns"] = time.time_ns() if since is None else time_ns_of(since)
    click.echo(rule_text(client.save_online_rule(rule)))


@online.command()
@click.argument("name")
@click.option("--project", required=True, help="Project of the rule.")
@click.option("--off", is_flag=True, help="Go on instead.")
@click.pass_obj
def pause(client: Any, *, name: str, project: str, off: bool) -> None:
    """Let the rule NAME rest; `--off` lets it go on, with what came meanwhile."""
    find_rule(client, name, project=project)
    state = "active" if off else "paused"
    rule = {"id": name, "project": project, "state": state, "message": None}
    click.echo(rule_text(client.save_online_rule(rule)))


@online.command()
@click.argument("name")
@click.option("--project", required=True, help="Project of the rule.")
@click.pass_obj
def remove(client: Any, *, name: str, project: str) -> None:
    """Take the rule NAME away; the scores that it made stay."""
    client.delete_online_rule(name, project=project)
    click.echo(f"{name} is removed")


def find_rule(client: Any, name: str, *, project: str) -> dict[str, Any]:
    """Return a rule.

    Raises:
        ConfigurationError: There is none of that name.
    """
    for rule in client.online_rules(project=project):
        if rule["id"] == name:
            found: dict[str, Any] = rule
            return found
    raise ConfigurationError(
        f"project {project!r} has no online rule {name!r}; see `tracer online list`"
    )


def condition_of(text: str) -> list[Any]:
    """Read ``field op value``; a value that is JSON keeps its type, quotes group.

    Raises:
        ConfigurationError: The text is no condition.
    """
    try:
        parts = shlex.split(text)
    except ValueError:
        parts = []
    if len(parts) == 2 and parts[1] in ("exists", "missing"):
        return parts
    if len(parts) != 3:
        raise ConfigurationError(
            f"condition {text!r} is not understood; write 'FIELD OP VALUE', as "
            "'metadata.department = accounting', with quotes around spaces"
        )
    field, op, value = parts
    try:
        return [field, op, json.loads(value)]
    except ValueError:
        return [field, op, value]


def time_ns_of(text: str) -> int:
    """Return a moment or an age (``7d``) as nanoseconds since 1970.

    Raises:
        ConfigurationError: The text is neither.
    """
    from datetime import datetime

    from tracer._api import moment

    try:
        read = datetime.fromisoformat(str(moment(text)))
    except ValueError:
        raise ConfigurationError(
            f"time {text!r} is not understood; give an age like '7d', or ISO 8601"
        ) from None
    return round(read.astimezone().timestamp() * 1e9)


def rule_text(rule: dict[str, Any]) -> str:
    """Return a rule in one line: what it does, how far it is, what holds it up."""
    done = rule["progress"]
    parts = [
        f"{rule['id']} ({rule['project']}): {rule['state']}",
        f"{rule['sample_rate']:.4g} of traces by {', '.join(rule['scorers'])}",
        f"{done.get('scored', 0)} scored, {done.get('today', 0)} today",
    ]
    if done.get("failed"):
        parts.append(f"{done['failed']} scores failed")
    if done.get("cost_usd") is not None:
        parts.append(f"{done['cost_usd']:.4f} USD today")
    parts += [rule["message"]] if rule["message"] else []
    return " · ".join(parts)
