"""The command `tracer mcp`."""

import click

from tracer._options import collector_options


@click.command()
@collector_options("The collector that is read.")
@click.option(
    "--allow-edits",
    is_flag=True,
    help="Offer tools that write scores and rows of datasets, too.",
)
def mcp(*, collector_url: str, api_key: str | None, allow_edits: bool) -> None:
    """Serve traces, runs and datasets to an assistant.

    Speaks the Model Context Protocol over standard input and output. It only reads
    unless edits are allowed; a key with the scope `read` is enough then.
    """
    try:
        from tracer.mcp.server import make_server
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("mcp", "pydantic"):
            raise
        raise click.ClickException(
            "the MCP server needs the package mcp; "
            "install it with: pip install 'tracer-evals[mcp]'"
        ) from None
    from tracer.client import Client

    make_server(Client(collector_url, api_key), allow_edits=allow_edits).run("stdio")
