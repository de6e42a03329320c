"""The command `tracer mcp`."""

import click

from tracer._collector_option import collector_option


@click.command()
@collector_option("Address of the collector that is read.")
@click.option(
    "--allow-edits",
    is_flag=True,
    help="Offer tools that write scores and rows of datasets, too.",
)
def mcp(*, collector_url: str, allow_edits: bool) -> None:
    """Serve traces, runs and datasets to an assistant, over standard input and output.

    For a program that speaks the Model Context Protocol. It only reads unless edits are
    allowed. The collector's key, if it asks for one, is read from TRACER_API_KEY; one
    with the scope `read` is enough to read.
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

    make_server(Client(collector_url), allow_edits=allow_edits).run("stdio")
