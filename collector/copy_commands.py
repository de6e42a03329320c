"""The commands `tracer backup`, `tracer restore` and `tracer move`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from collector.progress import Bar
from tracer._options import api_key_option, checked_address

if TYPE_CHECKING:
    from collector.storage.engine import Store

F = TypeVar("F", bound=Callable[..., Any])

STORE_TEXT = "chdb:///directory or http(s)://user:pw@host:8123/db."


def store_option(*names: str, help: str) -> Callable[[F], F]:
    """Return an option that names a store, by default the one of `tracer up`."""
    return click.option(
        *names,
        metavar="URL",
        envvar="TRACER_STORE",
        show_envvar=True,
        default="chdb://./tracer-data",
        show_default=True,
        help=f"{help}: {STORE_TEXT}",
    )


@contextmanager
def opened(url: str) -> "Iterator[Store]":
    """Open a store for the time of a command; say in one line what goes wrong."""
    import logging

    from collector.errors import CollectorServiceError
    from collector.storage.engine import open_store

    logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)
    try:
        store = open_store(url)
        try:
            yield store
        finally:
            store.close()
    except CollectorServiceError as error:
        raise click.ClickException(str(error)) from None


@click.command()
@click.argument("directory")
@store_option("--store", help="The store to save")
@click.option(
    "--collector",
    "collector_url",
    metavar="URL",
    callback=checked_address,
    help="Have this running collector do it instead, on its machine.",
)
@api_key_option
def backup(
    directory: str, store: str, collector_url: str | None, api_key: str | None
) -> None:
    """Write everything that is stored into a new DIRECTORY.

    The store must not be in use: stop its collector, or have it do the work with
    --collector, where DIRECTORY is a name under the collector's TRACER_BACKUP_DIR.
    Run again, a backup that was cut off goes on.

    tracer backup /backups/2026-11-27 --store chdb:///var/lib/tracer
    """
    if collector_url:
        from collector.admin_client import Collector

        with Bar("backup") as bar:
            asked = Collector(collector_url, api_key)
            made = asked.work_off(f"/backups/{directory}", bar)
        click.echo(f"backed up to {made['directory']}")
        return
    from collector.storage.copying.backup import back_up, read_saved

    where = Path(directory).absolute()
    with opened(store) as source, Bar("backup") as bar:
        back_up(source, where, progress=bar)
    saved = read_saved(where).values()
    rows, size = sum(s.n_rows for s in saved), sum(s.n_bytes for s in saved)
    click.echo(f"backed up {rows} rows in {len(saved)} files, {size} bytes: {where}")


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False))
@store_option("--store", help="The store to fill")
def restore(directory: str, store: str) -> None:
    """Fill a new, empty store from the backup in DIRECTORY.

    Every file is checked by its digest, and what was stored by count and checksum.
    Run again, a restore that was cut off goes on.
    """
    from collector.storage.copying.restore import restore as fill

    where = Path(directory).absolute()
    with opened(store) as target, Bar("restore") as bar:
        chunks = fill(target, where, progress=bar)
        rows: dict[str, int] = {}
        for chunk in chunks:
            rows[chunk.table] = rows.get(chunk.table, 0) + chunk.n_rows
        _say(rows)
        click.echo(f"restored into {target.url}, {len(chunks)} checksums equal")


@click.command()
@store_option("--from", "source", help="The store to copy")
@click.option("--to", metavar="URL", required=True, help=f"The new store: {STORE_TEXT}")
def move(source: str, to: str) -> None:
    """Copy a store into another, empty one.

    As from a laptop to a server, or back.
    Both must not be in use. The source stays as it is. Every partition of every table
    is compared by count and checksum. Run again, a move that was cut off goes on.

    tracer move --to http://user:password@clickhouse:8123/tracer
    """
    from collector.storage.copying.move import move as copy

    _check_move(source, to)
    with opened(source) as old, opened(to) as new, Bar("move") as bar:
        moved = copy(old, new, progress=bar)
        _say(moved.rows)
        click.echo(
            f"moved {old.url} to {new.url}, {moved.n_chunks} checksums equal; "
            "the source is as it was"
        )


def _check_move(source: str, to: str) -> None:
    """Refuse what cannot be moved before a directory is made for it.

    Raises:
        ClickException: both stores are embedded, of which a process can have one, or
            there is none at the source.
    """
    from collector.errors import StorageError
    from collector.storage.location import parse_store_url

    try:
        old, new = parse_store_url(source), parse_store_url(to)
    except StorageError as error:
        raise click.ClickException(str(error)) from None
    if old.is_embedded and new.is_embedded:
        raise click.ClickException(
            "both stores are embedded, and a process can have one of them open; copy "
            "the directory while no collector runs, or use 'tracer backup' and "
            "'tracer restore'"
        )
    if old.is_embedded and not old.path.exists():
        raise click.ClickException(
            f"there is no store in {old.path}; name it with --from"
        )


def _say(rows: Mapping[str, int]) -> None:
    for table, n_rows in rows.items():
        if n_rows:
            click.echo(f"{table:<20} {n_rows:>12} rows")
