"""The command `tracer metrics`."""

import click

from tracer._options import json_option, print_json


@click.command()
@click.option(
    "--markdown",
    "as_markdown",
    is_flag=True,
    help="Print a Markdown table, with Korean and references.",
)
@json_option
def metrics(*, as_markdown: bool, as_json: bool) -> None:
    """List the computed metrics.

    What each says, what it needs, its range, and whether more is better.
    """
    from tracer.metrics._table import HEAD, markdown, rows

    table = rows()
    if as_json:
        heads = [head.replace(" ", "_").lower() for head in HEAD]
        plain = ([cell.replace("`", "") for cell in line] for line in table)
        print_json([dict(zip(heads, line, strict=True)) for line in plain])
        return
    if as_markdown:
        click.echo(markdown(table))
        return
    for name, about, needs, values, better, *_ in table:
        head = f"{name.strip('`')}  {values}, {better} is better"
        asked = "" if needs == "–" else f"; needs {needs.replace('`', '')}"
        click.echo(f"{head}{asked}\n    {about.replace('`', '')}")
