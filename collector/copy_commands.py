"""The commands `tracer backup`, `tracer restore` and `tracer move`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.progress import Bar

if TYPE_CHECKING:
    from collector.storage.engine import Store

STORE = click.option(
    "--store",
    envvar="TRACER_STORE",
    default="chdb://./tracer-data",
    show_default=True,
    help="chdb:///directory or http(s)://user:pw@host:8123/db.",
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
@STORE
@click.option("--collector", help="Have this running collector do it, on its machine.")
@click.option("--api-key", envvar="TRACER_API_KEY", hidden=True, default="")
def backup(directory: str, store: str, collector: str | None, api_key: str) -> None:
    """Write everything that is stored into a new DIRECTORY.

    The store must not be in use: stop its collector, or have it do the work with
    --collector, where DIRECTORY is a name under the collector's TRACER_BACKUP_DIR.
    Run again, a backup that was cut off goes on.
    """
    if collector:
        from collector.admin_client import Collector

        with Bar("backup") as bar:
            asked = Collector(collector, api_key)
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
@STORE
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
@click.option("--to", required=True, help="The new store, as for --store.")
@click.option("--from", "source", help="The store to copy. [default: as --store]")
@STORE
def move(to: str, source: str | None, store: str) -> None:
    """Copy a store into another, empty one: as from a laptop to a server.

    Both must not be in use. The source stays as it is. Every partition of every table
    is compared by count and checksum. Run again, a move that was cut off goes on.
    """
    from collector.storage.copying.move import move as copy

    with opened(source or store) as old, opened(to) as new, Bar("move") as bar:
        moved = copy(old, new, progress=bar)
        _say(moved.rows)
        click.echo(
            f"moved {old.url} to {new.url}, {moved.n_chunks} checksums equal; "
            "the source is as it was"
        )


def _say(rows: Mapping[str, int]) -> None:
    for table, n_rows in rows.items():
        if n_rows:
            click.echo(f"{table:<20} {n_rows:>12} rows")
