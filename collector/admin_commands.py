"""The commands `tracer delete`, `tracer retention` and `tracer reprice`."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import click

from collector.admin_client import Collector
from collector.progress import Bar

Decorated = Callable[..., Any]


def with_collector(command: Decorated) -> Decorated:
    """Give a command the options that say which collector is asked."""
    url = click.option(
        "--collector",
        envvar="TRACER_ENDPOINT",
        default="http://127.0.0.1:4318",
        show_default=True,
        help="The running collector.",
    )
    key = click.option("--api-key", envvar="TRACER_API_KEY", default="", hidden=True)
    return url(key(command))


@click.group()
def delete() -> None:
    """Delete a trace, a user's traces or a project for good."""


def _delete_command(what: str, help_text: str, path: str) -> click.Command:
    @with_collector
    def run(
        name: str,
        project: str,
        datasets: bool,
        dry_run: bool,
        yes: bool,
        collector: str,
        api_key: str,
    ) -> None:
        asked = Collector(collector, api_key)
        where = f"{path}/{quote(name, safe='')}"
        query = {"project": project, "datasets": "1" if datasets else ""}
        counted = asked.ask("DELETE", where, query=query | {"dry_run": "1"})
        _say(counted)
        if dry_run:
            click.echo("nothing was deleted")
            return
        if not yes:
            click.confirm(f"delete this for good from {collector}?", abort=True)
        asked.ask("DELETE", where, query=query)
        click.echo(f"deleted {what} {name}")

    options = [
        click.Argument(["name"], metavar=what.upper()),
        click.Option(["--project"], default="", help="Only what lies in it."),
        click.Option(
            ["--datasets"], is_flag=True, help="Also rows of datasets made of it."
        ),
        click.Option(["--dry-run"], is_flag=True, help="Only count."),
        click.Option(["--yes"], is_flag=True, help="Do not ask."),
    ]
    command = click.Command(what, callback=run, params=options, help=help_text)
    command.params += getattr(run, "__click_params__", [])[::-1]
    return command


for _what, _help, _path in (
    ("trace", "Delete a trace: its spans, log records and scores.", "/traces"),
    ("user", "Delete every trace in which a user appears.", "/users"),
    ("project", "Delete everything of a project, datasets too.", "/projects"),
):
    delete.add_command(_delete_command(_what, _help, _path))


def _say(counted: dict[str, Any]) -> None:
    if "n_traces" in counted:
        click.echo(f"{'traces':<20} {counted['n_traces']:>12}")
    for table, n_rows in counted["rows"].items():
        if n_rows:
            click.echo(f"{table:<20} {n_rows:>12} rows")


@click.group()
def retention() -> None:
    """Show or set how long rows are kept."""


@retention.command()
@with_collector
def show(collector: str, api_key: str) -> None:
    """Show what is kept how long."""
    found = Collector(collector, api_key).ask("GET", "/retention")
    everywhere = found["everywhere"]
    click.echo(f"{'project':<30} {'production':>12} {'evaluations':>12}")
    for name, ages in [
        ("(all others)", everywhere),
        *((row["project"], row) for row in found["rows"]),
    ]:
        production, evaluations = ages["days"], ages["evaluation_days"]
        click.echo(f"{name:<30} {_age(production):>12} {_age(evaluations):>12}")
    if budget := everywhere["disk_budget_bytes"]:
        click.echo(f"disk budget: {budget} bytes")


def _age(days: int) -> str:
    return f"{days} days" if days else "for ever"


def _days(_: click.Context, __: click.Parameter, value: str) -> int:
    text = value.removesuffix("d")
    if value in ("forever", "for ever"):
        return 0
    if not text.isdecimal():
        raise click.BadParameter(f"{value!r} is no age; write 30d, or forever")
    return int(text)


@retention.command(name="set")
@click.argument("project")
@click.argument("age", callback=_days)
@click.option(
    "--evaluations",
    default="forever",
    show_default=True,
    callback=_days,
    help="How long what evaluations brought is kept.",
)
@with_collector
def set_(
    project: str, age: int, evaluations: int, collector: str, api_key: str
) -> None:
    """Keep a PROJECT's rows for an AGE such as 30d, or forever."""
    body = {"days": age, "evaluation_days": evaluations}
    where = f"/retention/{quote(project, safe='')}"
    Collector(collector, api_key).ask("PUT", where, body=body)
    click.echo(f"{project}: {_age(age)}, evaluations {_age(evaluations)}")


@retention.command()
@click.argument("project")
@with_collector
def clear(project: str, collector: str, api_key: str) -> None:
    """Have a PROJECT follow the settings again."""
    where = f"/retention/{quote(project, safe='')}"
    Collector(collector, api_key).ask("DELETE", where)
    click.echo(f"{project} follows the settings again")


@click.command()
@click.option("--since", required=True, help="From then on, ISO 8601: 2026-11-01.")
@click.option("--until", default="", help="Before then. [default: now]")
@click.option("--project", default="", help="Only this one.")
@with_collector
def reprice(since: str, until: str, project: str, collector: str, api_key: str) -> None:
    """Price the spans of a period anew, with today's prices."""
    with Bar("reprice") as bar:
        found = Collector(collector, api_key).work_off(
            "/reprice", bar, since=since, until=until, project=project
        )
    click.echo(
        f"priced {found['n_spans']} spans anew, {found['n_unpriced']} without a price: "
        f"{found['cost_before_usd']:.6f} USD before, {found['cost_after_usd']:.6f} now"
    )
