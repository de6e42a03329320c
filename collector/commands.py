"""The command `tracer collector`."""

import sys
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import click

from collector.config import NAMES, Settings, from_environment
from collector.errors import SettingsError
from tracer._options import warn_of_misspelt_settings

_DEFAULTS = {one.name: one.default for one in fields(Settings)}


def _setting(
    name: str, *, help: str, default: str = "", **given: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option of a setting; its help names its variable and its default.

    Args:
        name: The setting's.
        help: What it is.
        default: The default in words, where the value does not speak for itself.
        given: What click is to know beside.
    """
    usual = default or _DEFAULTS[name]
    told = f"{help}  [env var: TRACER_{name.upper()}; default: {usual}]"
    return click.option(f"--{name.replace('_', '-')}", help=told, **given)


@click.command()
@_setting(
    "store", metavar="URL", help="chdb:///directory or http(s)://user:pw@host:8123/db."
)
@_setting("host", help="Listen here; anything but loopback needs keys.")
@_setting(
    "port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="Listen here; 0 takes a free one.",
)
@_setting(
    "grpc_port",
    metavar="PORT",
    help="OTLP over gRPC: a port, 0 for a free one, or off.",
    default="4317 if it is free",
)
@_setting(
    "writers",
    type=click.IntRange(1),
    help="Threads that store requests.",
    default="processors, at most 8",
)
@_setting(
    "linger_ms",
    type=click.IntRange(0),
    help="Wait so long for more requests before storing.",
)
@_setting(
    "max_body_bytes",
    type=click.IntRange(1),
    help="Largest request, as sent and decompressed.",
)
@_setting(
    "retention_days",
    type=click.IntRange(0),
    help="Days for which production's rows are kept.",
    default="0, for ever",
)
@click.option(
    "--prices/--no-prices",
    default=None,
    help="Price spans by the genai-prices package.  [default: prices]",
)
@_setting(
    "dashboard_url",
    metavar="URL",
    help="Where people find the dashboard, for links.",
    default="none",
)
@click.option("--lifeline", is_flag=True, help="Leave when standard input closes.")
def collector(**options: Any) -> None:
    """Receive OTLP, own the store, answer the read API.

    Ends with status 2 where it cannot start, and says why. docs/running.md has the
    settings that are variables alone.

    tracer collector --store chdb:///var/lib/tracer --retention-days 90
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = replace(from_environment(), **given)
    except SettingsError as error:
        click.echo(f"collector: {error}", err=True)
        raise SystemExit(2) from None
    warn_of_misspelt_settings(NAMES)
    from collector.server import serve

    sys.exit(serve(settings))
