"""`tracer doctor --ledger`: process by process, what was sent and what is stored."""

import click

from tracer._client.ledger import accounts
from tracer._config import Settings
from tracer._delivery.delivery import address_of
from tracer._delivery.spooled import directory_of
from tracer._options import print_json
from tracer.client import Client


def balance(
    settings: Settings, since: str, project: str | None, *, as_json: bool = False
) -> bool:
    """Print a line for each process that sent something; return whether all is there.

    Raises:
        CollectorError: the collector is away, or refuses.
    """
    rows = Client(settings.endpoint, settings.api_key).ledger(
        project=project, since=since, limit=1000
    )
    root, meant = settings.spool_dir, project or settings.project
    ours = None if root is None else directory_of(root, address_of(settings), meant)
    found = list(accounts(rows, root, ours=ours))
    n_sick = sum(not account.is_well for account in found)
    if as_json:
        print_json(found)
        return n_sick == 0 and bool(found or project is None)
    for account in found:
        click.echo(account)
    if project is not None and not found:
        click.echo(f"no process has sent anything to project {project!r} since {since}")
        return False
    counted = "1 process" if len(found) == 1 else f"{len(found):,} processes"
    click.echo(f"{counted} since {since}, {n_sick:,} of them short")
    if rows.truncated:
        click.echo("there were more; ask for a shorter time with --since")
    return n_sick == 0
