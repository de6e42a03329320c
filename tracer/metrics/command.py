"""The command `tracer metrics`."""

import click


@click.command()
@click.option("--markdown", "as_markdown", is_flag=True, help="As docs/metrics.md.")
def metrics(*, as_markdown: bool) -> None:
    """List every computed metric: what it says, needs, its range and direction."""
    from tracer.metrics._table import markdown, rows

    table = rows()
    if as_markdown:
        click.echo(markdown(table))
        return
    for name, about, needs, values, better, *_ in table:
        head = f"{name.strip('`')}  {values}, {better} is better"
        asked = "" if needs == "–" else f"; needs {needs.replace('`', '')}"
        click.echo(f"{head}{asked}\n    {about.replace('`', '')}")
