"""The option by which commands are told of the collector that they speak to."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def collector_option(help: str) -> Callable[[F], F]:
    """Return the option `--collector`, which a command takes as ``collector_url``.

    Args:
        help: What the collector is to this command.
    """
    return click.option(
        "--collector",
        "collector_url",
        default="http://127.0.0.1:4318",
        show_default=True,
        envvar="TRACER_ENDPOINT",
        help=help,
    )
