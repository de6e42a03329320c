"""The command `tracer dashboard`."""

import click

from tracer.errors import ConfigurationError


@click.command()
@click.option(
    "--collector",
    "collector_url",
    default="http://127.0.0.1:4318",
    show_default=True,
    envvar="TRACER_ENDPOINT",
    help="Address of the collector to read from.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen here.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8501,
    show_default=True,
    help="0 takes a free port.",
)
@click.option(
    "--api-key",
    envvar="TRACER_API_KEY",
    help="Key for the collector and the login page; better given as TRACER_API_KEY.",
)
@click.option("--lifeline", is_flag=True, help="Leave when standard input closes.")
def dashboard(
    *, collector_url: str, host: str, port: int, api_key: str | None, lifeline: bool
) -> None:
    """Serve the dashboard over a running collector."""
    from dashboard.server import run
    from dashboard.settings import DashboardSettings

    try:
        run(
            DashboardSettings(
                collector_url=collector_url,
                host=host,
                port=port,
                api_key=api_key,
                lifeline=lifeline,
            )
        )
    except ConfigurationError as error:
        click.echo(f"tracer dashboard: {error}", err=True)
        raise SystemExit(2) from None
