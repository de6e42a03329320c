"""The command `tracer dashboard`."""

from pathlib import Path

import click

from tracer._options import collector_options
from tracer.errors import ConfigurationError, MissingExtraError


@click.command()
@collector_options("The collector to read from.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen here.")
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=8501,
    show_default=True,
    help="Listen here; 0 takes a free one.",
)
@click.option(
    "--login-file",
    metavar="FILE",
    envvar="TRACER_LOGIN_FILE",
    show_envvar=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Single sign-on by OpenID Connect, and who has which role (docs/security.md).",
)
@click.option(
    "--judge-base-url",
    metavar="URL",
    envvar="OPENAI_BASE_URL",
    show_envvar=True,
    help="Shown in the settings as what judges of a worker beside it ask.",
)
@click.option("--lifeline", is_flag=True, help="Leave when standard input closes.")
def dashboard(
    *,
    collector_url: str,
    host: str,
    port: int,
    api_key: str | None,
    login_file: Path | None,
    judge_base_url: str | None,
    lifeline: bool,
) -> None:
    """Serve the dashboard over a running collector.

    On anything but loopback people sign in; docs/security.md says how. Ends with
    status 2 where it cannot start, and says why.
    """
    from dashboard.login_file import read_login
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
                single_sign_on=read_login(login_file) if login_file else None,
                judge_base_url=judge_base_url,
            )
        )
    except (ConfigurationError, MissingExtraError) as error:
        click.echo(f"tracer dashboard: {error}", err=True)
        raise SystemExit(2) from None
