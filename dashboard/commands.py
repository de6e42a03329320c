"""The command `tracer dashboard`."""

from pathlib import Path

import click

from tracer._collector_option import collector_option
from tracer.errors import ConfigurationError, MissingExtraError


@click.command()
@collector_option("Address of the collector to read from.")
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
    help="The dashboard's own key for the collector; better given as TRACER_API_KEY.",
)
@click.option(
    "--login-file",
    envvar="TRACER_LOGIN_FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Single sign-on by OpenID Connect, and who has which role (docs/security.md).",
)
@click.option(
    "--judge-base-url",
    envvar="OPENAI_BASE_URL",
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
    """Serve the dashboard over a running collector."""
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
