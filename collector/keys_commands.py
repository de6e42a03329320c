"""The commands `tracer keys`: over HTTP, or on the store where no collector runs."""

import getpass
from collections.abc import Callable
from typing import Any

import click

from collector.access.keys import SCOPES
from collector.keys_desk import Desk, HttpDesk, StoreDesk
from tracer._options import collector_options, json_option, not_empty, print_json

Row = dict[str, Any]


def _where(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every one of these commands has."""
    options: tuple[Callable[..., Any], ...] = (
        json_option,
        click.option(
            "--store",
            metavar="URL",
            help="Work on this store itself, as chdb://./tracer-data. Only while no "
            "collector has it open, or on a ClickHouse server.",
        ),
        collector_options("The collector that is asked; its key needs scope admin."),
    )
    for option in options:
        command = option(command)
    return command


@click.group()
def keys() -> None:
    """Make, list and revoke the keys that collectors ask for.

    They ask for one as soon as they listen on anything but this machine. The first
    key is made on the store, before the first start there:

    tracer keys create --name first --scope admin --store chdb://./tracer-data
    """


@keys.command()
@click.option("--name", required=True, help="What it is for, in a few words.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    required=True,
    help="What it allows; more than one may be given. admin allows the others too.",
)
@click.option(
    "--project",
    callback=not_empty,
    help="The only project that it is for. [default: all]",
)
@click.option("--expires", help="After 12h, 90d, 8w or at a time. [default: never]")
@_where
def create(
    *,
    name: str,
    scopes: tuple[str, ...],
    project: str | None,
    expires: str | None,
    as_json: bool,
    **where: str | None,
) -> None:
    """Make a key; it is shown this once, and kept nowhere.

    What a program sends only needs 'ingest'; a dashboard needs 'read', and 'edit' for
    scores, datasets and views.
    """
    wanted = {"name": name, "scopes": list(scopes), "expires": expires}
    wanted |= {"project": project} if project is not None else {}
    made = _ask(where, lambda desk: desk.create(wanted))
    if as_json:
        print_json(made)
        return
    click.echo(made["key"])
    reach = made["project"] or "all projects"
    until = made["expires"] or "for ever"
    click.echo(
        f"Key {made['id']} ({', '.join(made['scopes'])}; {reach}; {until}). It is not "
        "shown again; programs read it from TRACER_API_KEY.",
        err=True,
    )


@keys.command("list")
@click.option("--all", "with_dead", is_flag=True, help="Also revoked and expired ones.")
@_where
def list_keys(*, with_dead: bool, as_json: bool, **where: str | None) -> None:
    """Show the keys, newest first; never their secrets."""
    found = _ask(where, lambda desk: desk.list())
    shown = [key for key in found if with_dead or key["state"] == "active"]
    if as_json:
        print_json(shown)
        return
    if not shown:
        click.echo("There is no key; 'tracer keys create' makes one.", err=True)
        return
    heads = ("id", "name", "scopes", "project", "state", "expires", "last used")
    lines = [heads, *map(_cells, shown)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(line, widths, strict=True)
        click.echo("  ".join(cell.ljust(width) for cell, width in cells).rstrip())


def _cells(key: Row) -> tuple[str, ...]:
    name = "".join(sign if sign.isprintable() else "?" for sign in key["name"])
    project = key["project"] or "(all)"
    expires = (key["expires"] or "never")[:10]
    last_used = (key["last_used"] or "never")[:10]
    scopes = " ".join(key["scopes"])
    return key["id"], name, scopes, project, key["state"], expires, last_used


@keys.command()
@click.argument("key_id")
@_where
def revoke(*, key_id: str, as_json: bool, **where: str | None) -> None:
    """Take a key back, for ever.

    Every collector knows within five seconds.
    """
    if key_id.count("_") >= 2:
        raise click.BadParameter("give the id alone, which 'tracer keys list' shows")
    gone = _ask(where, lambda desk: desk.revoke(key_id))
    if as_json:
        print_json(gone)
    else:
        click.echo(f"Key {gone['id']} is revoked.")


def _ask(where: dict[str, str | None], question: Callable[[Desk], Any]) -> Any:
    """Return the answer of the collector, or the store, that the options name."""
    if store := where["store"]:
        with StoreDesk(store, author=getpass.getuser()) as desk:
            return question(desk)
    return question(HttpDesk(where["collector_url"] or "", where["api_key"]))
