"""`tracer doctor --ledger`: process by process, what was sent and what is stored."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tracer._client.api import moment
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
    is_asked = _asked_about(settings, since, project)
    found = list(accounts(rows, root, ours=ours, is_asked=is_asked))
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
    n_cut = sum(account.is_cut_short for account in found)
    cut = f", {n_cut:,} ended without a last word" if n_cut else ""
    click.echo(f"{counted} since {since}, {n_sick:,} of them short{cut}")
    if rows.truncated:
        click.echo("there were more; ask for a shorter time with --since")
    return n_sick == 0


def _asked_about(
    settings: Settings, since: str, project: str | None
) -> Callable[[Mapping[str, Any]], bool]:
    """Return what tells, of what a process said as it began, if it is asked about."""
    begin = datetime.fromisoformat(str(moment(since)))
    begin_s = begin.replace(tzinfo=begin.tzinfo or UTC).timestamp()
    address = address_of(settings)

    def is_asked(begun: Mapping[str, Any]) -> bool:
        whose = begun["project"]
        if project not in (None, whose) or begun["begun_ns"] / 1e9 < begin_s:
            return False
        return directory_of(Path(), address, whose).name == str(begun["spool"])

    return is_asked
