"""Options that several commands have, each spelt in one place."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
import orjson

F = TypeVar("F", bound=Callable[..., Any])


def checked_address(
    context: click.Context, parameter: click.Parameter, address: str | None
) -> str | None:
    """Return the address of a collector; refuse what is none before anybody is asked.

    Raises:
        BadParameter: It is no http address; the message says how to write one.
    """
    from tracer._addresses import check_endpoint
    from tracer.errors import ConfigurationError

    if address is not None:
        try:
            check_endpoint(address)
        except ConfigurationError as error:
            raise click.BadParameter(str(error)) from None
    return address


def not_empty(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """Return what a destructive command is confined to; refuse an empty text.

    Raises:
        BadParameter: It is empty, as a variable of a script that is not set: everything
            would be meant.
    """
    if value is not None and not value.strip():
        wide = " or leave it out" if isinstance(parameter, click.Option) else ""
        raise click.BadParameter(f"it is empty; give one,{wide}".rstrip(","))
    return value


def warn_of_misspelt_settings(own: Iterable[str]) -> None:
    """Name the variables that look like settings, and that nothing reads.

    Args:
        own: Names of settings that the command reads beside those of applications.
    """
    from tracer._environment import misspelt

    for name, meant in misspelt(own).items():
        click.echo(f"warning: nothing reads {name}; is {meant} meant?", err=True)


def collector_options(help: str) -> Callable[[F], F]:
    """Return `--collector` and `--api-key`, taken as ``collector_url``, ``api_key``.

    Args:
        help: What the collector is to this command.
    """
    url = click.option(
        "--collector",
        "collector_url",
        metavar="URL",
        default="http://127.0.0.1:4318",
        show_default=True,
        envvar="TRACER_ENDPOINT",
        show_envvar=True,
        callback=checked_address,
        help=help,
    )
    return lambda command: url(api_key_option(command))


def api_key_option(command: F) -> F:
    """Give a command `--api-key`, taken as ``api_key``; None without one."""
    return click.option(
        "--api-key",
        metavar="KEY",
        envvar="TRACER_API_KEY",
        show_envvar=True,
        help="Its key, if it asks for one; best given in the variable.",
    )(command)


def with_client(help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the same options for a command that takes a ``client`` in their place.

    Args:
        help: What the collector is to this command.
    """

    def given(command: Callable[..., Any]) -> Callable[..., Any]:
        @collector_options(help)
        @functools.wraps(command)
        def run(*, collector_url: str, api_key: str | None, **asked: Any) -> Any:
            from tracer.client import Client

            return command(Client(collector_url, api_key), **asked)

        return run

    return given


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, for programs."
)
"""Of commands whose answer a script would read."""


def print_json(value: Any) -> None:
    """Print rows, records and times as one line of JSON."""
    click.echo(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode())
