"""The commands ``tracer import …``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from tracer._environment import forget_empty_address
from tracer._options import collector_options

if TYPE_CHECKING:
    from tracer.importers._found import Found

MOST_UNREAD_SHOWN = 20


@click.group("import")
def import_group() -> None:
    """Take over what other systems hold, ids and all.

    Runs, datasets, traces and scores come over; each command takes the exports of one.
    Importing the same again changes nothing. What cannot be read is listed, and ends
    the command with status 1; what could be read is stored all the same. How exports
    are made: docs/importing.md.

    tracer import openai-evals evals.jsonl --project moved --dry-run
    """


def storing(read: Callable[..., "Found"]) -> Callable[..., None]:
    """Return a command's function: read, tell, and store unless it is a dry run."""

    @click.option("--project", required=True, help="Project that it is stored in.")
    @collector_options("The collector that stores it.")
    @click.option("--dry-run", is_flag=True, help="Read and count, store nothing.")
    @wraps(read)
    def command(
        *,
        project: str,
        collector_url: str,
        api_key: str | None,
        dry_run: bool,
        **asked: Any,
    ) -> None:
        try:
            found = read(**asked)
        except OSError as error:
            named = f"{error.filename}: {error.strerror}" if error.filename else error
            raise click.ClickException(str(named)) from None
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        tell(found)
        if not any(found.counts.values()) and asked.get("paths"):
            raise click.ClickException(
                f"there is nothing of {found.system} in what was given; is it the "
                "right export?"
            )
        if dry_run:
            click.echo("nothing was stored: --dry-run")
        else:
            _store(found, project, collector_url, api_key)
        if found.unread:
            raise SystemExit(1)

    return command


def _store(found: "Found", project: str, url: str, api_key: str | None) -> None:
    from tracer._dashboard import dashboard_url, period
    from tracer.client import Client
    from tracer.errors import TracerError
    from tracer.evaluation._progress import Progress
    from tracer.importers._saving import save

    try:
        with Progress(None, name="import", unit="item") as bar:
            client = Client(url, api_key or "")
            saved = save(found, project=project, client=client, progress=bar.reach)
    except TracerError as error:
        raise click.ClickException(str(error)) from None
    for name, version in saved.datasets.items():
        state = "as it was" if name in saved.unchanged else "new version"
        click.echo(f"dataset {name!r}: {version}, {state}")
    for run in found.runs:
        state = "as it was" if run.id in saved.unchanged else "stored"
        click.echo(f"run {run.display_name!r}: {run.id}, {state}")
    if saved.n_unchanged_traces:
        click.echo(f"{saved.n_unchanged_traces} traces as they were")
    click.echo(
        f"stored in project {project!r}: {saved.n_sent} spans, scores and events"
    )
    if times_ns := found.times_ns:
        first, last = (datetime.fromtimestamp(ns / 1e9, UTC) for ns in times_ns)
        base = dashboard_url(url, api_key or "")
        page = "evaluations" if found.runs else "traces"
        # what is old is in no usual period; the end of one does not belong to it
        asked = {"project": project, "range": period(times_ns[0], times_ns[1] + 1)}
        address = f"{base}/{page}?{urlencode(asked, safe=':')}"
        click.echo(f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}: {address}")


def tell(found: "Found") -> None:
    """Print what was found, and line by line what could not be read."""
    counts = [f"{n} {what}" for what, n in found.counts.items() if what != "unread"]
    click.echo(f"found of {found.system}: {', '.join(counts)}")
    if found.unread:
        click.echo(f"could not be read: {len(found.unread)}", err=True)
    for one in found.unread[:MOST_UNREAD_SHOWN]:
        click.echo(f"  {one}", err=True)
    if (more := len(found.unread) - MOST_UNREAD_SHOWN) > 0:
        click.echo(f"  and {more} more", err=True)


@contextmanager
def openai_client() -> Iterator[Any]:
    """Yield a client of the openai package; say in one line what goes wrong."""
    from tracer._extras import require

    openai = require("openai", extra="all", purpose="reading from the OpenAI API")
    try:
        forget_empty_address()
        with openai.OpenAI() as client:
            yield client
    except openai.OpenAIError as error:
        raise click.ClickException(f"the OpenAI API: {error}") from None


FILES = click.argument("paths", metavar="FILE…", nargs=-1, required=True)


@import_group.command(
    "openai-evals", short_help="Take over runs of OpenAI's hosted Evals."
)
@click.argument("paths", metavar="[FILE…]", nargs=-1)
@click.option("--eval", "evals", multiple=True, help="Only this eval of the API.")
@click.option("--expected", help="Column of an item that is the reference answer.")
@storing
def openai_evals(
    *, paths: tuple[str, ...], evals: tuple[str, ...], expected: str | None
) -> "Found":
    """Take over runs of OpenAI's hosted Evals: from files, else from the API.

    Files hold evals, runs and output items as JSON lines. Key and address of the API
    are those of the openai client: OPENAI_API_KEY, OPENAI_BASE_URL.
    """
    from tracer.importers import openai_evals as importer

    if paths and evals:
        raise click.UsageError("--eval picks evals of the API; leave the files out")
    if paths:
        return importer.read(paths, expected=expected)
    with openai_client() as client:
        return importer.read_api(client, eval_ids=evals, expected=expected)


@import_group.command("openai-stored")
@click.option("--model", help="Only completions of this model.")
@click.option(
    "--metadata", multiple=True, metavar="KEY=VALUE", help="Only with this pair."
)
@click.option("--limit", type=click.IntRange(1), help="The most that are read.")
@click.option("--dataset", help="Also make a dataset of this name.")
@storing
def openai_stored(
    *,
    model: str | None,
    metadata: tuple[str, ...],
    limit: int | None,
    dataset: str | None,
) -> "Found":
    """Take over Stored Completions, read from the OpenAI API.

    Key and address are those of the openai client: OPENAI_API_KEY, OPENAI_BASE_URL.
    """
    from tracer.importers import openai_stored as importer

    pairs = [pair.partition("=") for pair in metadata]
    with openai_client() as client:
        return importer.read(
            client,
            model=model,
            metadata={key: value for key, _, value in pairs},
            limit=limit,
            dataset=dataset,
        )


def _of_files(name: str, module: str, help: str) -> None:
    """Add the command of an importer that wants nothing but files."""

    def read(*, paths: tuple[str, ...]) -> "Found":
        from importlib import import_module

        found: Found = import_module(f"tracer.importers.{module}").read(paths)
        return found

    import_group.command(name, help=help)(FILES(storing(read)))


_of_files(
    "weave", "weave", "Take over calls and evaluations as Weave's API lists them."
)
_of_files(
    "langfuse", "langfuse", "Take over items, runs, traces and scores of Langfuse."
)
_of_files("phoenix", "phoenix", "Take over experiments and datasets of Phoenix.")
_of_files("mlflow", "mlflow", "Take over traces and evaluation tables of MLflow.")
_of_files(
    "inspect-ai",
    "inspect_ai",
    "Take over logs of inspect-ai: .json, .eval, or folders.",
)
