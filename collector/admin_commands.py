"""The commands `tracer delete`, `tracer retention` and `tracer reprice`."""

from typing import Any
from urllib.parse import quote

import click

from collector.admin_client import Collector
from collector.progress import Bar
from tracer._options import collector_options, json_option, not_empty, print_json

asking = collector_options("The collector that is asked; its key needs scope admin.")


@click.group()
def delete() -> None:
    """Delete a trace, a user's traces or a project for good.

    Counts first, then asks. What is deleted leaves lists and sums at once, and the
    disk within a day.

    tracer delete user u1 --project support-bot --dry-run
    """


def _delete_command(what: str, help_text: str, path: str) -> click.Command:
    @asking
    def run(
        name: str,
        project: str | None,
        datasets: bool,
        dry_run: bool,
        yes: bool,
        collector_url: str,
        api_key: str | None,
    ) -> None:
        asked = Collector(collector_url, api_key)
        where = f"{path}/{quote(name, safe='')}"
        query = {"project": project or "", "datasets": "1" if datasets else ""}
        counted = asked.ask("DELETE", where, query=query | {"dry_run": "1"})
        _say(counted)
        if dry_run:
            click.echo("nothing was deleted")
            return
        if not yes:
            click.confirm(f"delete this for good from {collector_url}?", abort=True)
        asked.ask("DELETE", where, query=query)
        click.echo(f"deleted {what} {name}")

    options = [
        click.Argument(["name"], metavar=what.upper(), callback=not_empty),
        click.Option(["--project"], callback=not_empty, help="Only what lies in it."),
        click.Option(
            ["--datasets"], is_flag=True, help="Also rows of datasets made of it."
        ),
        click.Option(
            ["--dry-run"], is_flag=True, help="Only count; nothing is deleted."
        ),
        click.Option(["--yes"], is_flag=True, help="Do not ask, for scripts."),
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
    if keys := counted.get("active_keys"):
        revoked = "; ".join(f"tracer keys revoke {key}" for key in keys)
        click.echo(
            "the project's keys stay active, and whoever sends with one makes it anew; "
            f"first: {revoked}"
        )
    if n_kept := counted.get("n_dataset_rows_kept"):
        click.echo(
            f"rows of datasets that hold copies of these traces, and stay: {n_kept}; "
            "--datasets deletes them too, and finds them only together with the traces"
        )


@click.group()
def retention() -> None:
    """See and set how long projects' rows are kept.

    Rows are spans, log records and scores, and what evaluations brought. Projects
    that are not named here follow the collector's own settings.

    tracer retention set support-bot 30d --evaluations 365d
    """


@retention.command("list")
@asking
@json_option
def list_ages(*, as_json: bool, collector_url: str, api_key: str | None) -> None:
    """Show what is kept how long, and which projects differ."""
    found = Collector(collector_url, api_key).ask("GET", "/retention")
    if as_json:
        print_json({"everywhere": found["everywhere"], "projects": found["rows"]})
        return
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
@click.argument("project", callback=not_empty)
@click.argument("age", callback=_days)
@click.option(
    "--evaluations",
    metavar="AGE",
    default="forever",
    show_default=True,
    callback=_days,
    help="How long what evaluations brought is kept.",
)
@asking
def set_(
    project: str, age: int, evaluations: int, collector_url: str, api_key: str | None
) -> None:
    """Keep a PROJECT's rows for an AGE such as 30d, or forever."""
    body = {"days": age, "evaluation_days": evaluations}
    where = f"/retention/{quote(project, safe='')}"
    Collector(collector_url, api_key).ask("PUT", where, body=body)
    click.echo(f"{project}: {_age(age)}, evaluations {_age(evaluations)}")


@retention.command()
@click.argument("project", callback=not_empty)
@asking
def clear(project: str, collector_url: str, api_key: str | None) -> None:
    """Have a PROJECT follow the collector's settings again."""
    where = f"/retention/{quote(project, safe='')}"
    Collector(collector_url, api_key).ask("DELETE", where)
    click.echo(f"{project} follows the settings again")


@click.command()
@click.option(
    "--since",
    metavar="TIME",
    required=True,
    help="Spans that began then or later, ISO 8601: 2026-11-01.",
)
@click.option(
    "--until",
    metavar="TIME",
    callback=not_empty,
    help="Spans that began before then.  [default: now]",
)
@click.option(
    "--project",
    callback=not_empty,
    help="Only spans of this project.  [default: all]",
)
@asking
def reprice(
    since: str,
    until: str | None,
    project: str | None,
    collector_url: str,
    api_key: str | None,
) -> None:
    """Price the spans of a period anew, with today's prices.

    tracer reprice --since 2026-11-01 --until 2026-11-15
    """
    with Bar("reprice") as bar:
        found = Collector(collector_url, api_key).work_off(
            "/reprice", bar, since=since, until=until or "", project=project or ""
        )
    click.echo(
        f"priced {found['n_spans']} spans anew, {found['n_unpriced']} without a price: "
        f"{found['cost_before_usd']:.6f} USD before, {found['cost_after_usd']:.6f} now"
    )
