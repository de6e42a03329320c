"""The command `tracer online`: rules of online scoring."""

import json
import shlex
import time
from typing import Any

import click

from tracer._options import json_option, print_json, with_client
from tracer.errors import ConfigurationError

asking = with_client("The collector that keeps the rules.")


@click.group()
def online() -> None:
    """Have workers score a sample of production traffic, by rules.

    A running `tracer worker` does the work.
    """


@online.command("list")
@click.option("--project", help="Only rules of this project.  [default: all]")
@asking
@json_option
def list_rules(client: Any, *, project: str | None, as_json: bool) -> None:
    """Show the rules, and how far each is."""
    found = client.online_rules(project=project)
    if as_json:
        print_json(list(found))
        return
    for rule in found:
        click.echo(rule_text(rule))
    if not found:
        click.echo("There is no rule; `tracer online add` makes one.", err=True)


@online.command()
@click.argument("name")
@click.option("--project", required=True, help="Whose traffic is scored.")
@click.option(
    "--scorer",
    "scorers",
    multiple=True,
    required=True,
    help="A metric, the id of a stored judge, or what a worker loads with its own "
    "--scorer; may be given more than once.",
)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="'FIELD OP VALUE'",
    help="Only such traces: 'metadata.department = accounting'.",
)
@click.option(
    "--sample-rate",
    metavar="SHARE",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    show_default=True,
    help="Share of them.",
)
@click.option(
    "--max-per-day",
    metavar="N",
    type=click.IntRange(1),
    help="Most traces a UTC day.  [default: no limit]",
)
@click.option(
    "--max-cost-usd-per-day",
    metavar="USD",
    type=click.FloatRange(0),
    help="What judging may cost a UTC day.  [default: no limit]",
)
@click.option(
    "--since",
    metavar="TIME",
    help="Score what came since then, too: '7d', '2026-11-01'.  [default: now]",
)
@asking
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
    """Add the rule NAME, or change it; it goes on from where it is.

    tracer online add polite --project support-bot --scorer polite
    """
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
@asking
def pause(client: Any, *, name: str, project: str) -> None:
    """Let the rule NAME rest."""
    _set_state(client, name, project=project, state="paused")


@online.command()
@click.argument("name")
@click.option("--project", required=True, help="Project of the rule.")
@asking
def resume(client: Any, *, name: str, project: str) -> None:
    """Let the rule NAME go on, with what came while it rested."""
    _set_state(client, name, project=project, state="active")


def _set_state(client: Any, name: str, *, project: str, state: str) -> None:
    find_rule(client, name, project=project)
    rule = {"id": name, "project": project, "state": state, "message": None}
    click.echo(rule_text(client.save_online_rule(rule)))


@online.command()
@click.argument("name")
@click.option("--project", required=True, help="Project of the rule.")
@asking
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

    from tracer._client.api import moment

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
