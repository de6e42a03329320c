"""The command `tracer collector`."""

import sys
from dataclasses import replace
from typing import Any

import click

from collector.errors import SettingsError


@click.command()
@click.option("--store", help="chdb:///directory or http(s)://user:pw@host:8123/db.")
@click.option("--host", help="Listen here; anything but loopback needs TRACER_API_KEY.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Listen here; 0 takes a free one."
)
@click.option(
    "--grpc-port", help="OTLP over gRPC: a port, 0, auto or off. [default: auto]"
)
@click.option("--writers", type=click.IntRange(1), help="Threads that store requests.")
@click.option("--linger-ms", type=click.IntRange(0), help="Wait for more requests.")
@click.option("--max-body-bytes", type=click.IntRange(1), help="Largest request body.")
@click.option("--retention-days", type=click.IntRange(0), help="0 keeps for ever.")
@click.option("--prices/--no-prices", default=None, help="Price spans. [default: yes]")
@click.option("--dashboard-url", help="Where people find the dashboard, for links.")
@click.option("--lifeline", is_flag=True, help="Leave when standard input closes.")
def collector(**options: Any) -> None:
    """Receive OTLP, own the store, answer the read API.

    What is not given is taken from the environment: TRACER_STORE, TRACER_HOST,
    TRACER_PORT, TRACER_API_KEY …; else it listens on 127.0.0.1:4318 and keeps
    its data in ./tracer-data.
    """
    from collector.config import from_environment

    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = replace(from_environment(), **given)
    except SettingsError as error:
        click.echo(f"collector: {error}", err=True)
        raise SystemExit(2) from None
    from collector.server import serve

    sys.exit(serve(settings))
