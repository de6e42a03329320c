"""The command, and the order in which its checks explain each other."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import click
import urllib3

from tracer import _dashboard
from tracer._config import Settings
from tracer._delivery.transport import certificates
from tracer._environment import from_environment, store_told
from tracer._options import (
    api_key_option,
    checked_address,
    json_option,
    print_json,
)
from tracer.client import Client
from tracer.doctor.balance import balance
from tracer.doctor.collector import check_health
from tracer.doctor.endpoint import check_endpoint
from tracer.doctor.findings import Finding, note, ok, problem
from tracer.doctor.installation import check_distribution, check_versions
from tracer.doctor.sending import LOOPBACK, check_proxies, check_spool, check_switches
from tracer.doctor.store import check_store
from tracer.doctor.work import check_work
from tracer.errors import CollectorError

TIMEOUT_S = 3.0


def check_collector(settings: Settings) -> Iterator[Finding]:
    """Ask the collector whether it is one, whether it can store, and what it holds."""
    http = urllib3.PoolManager(
        timeout=TIMEOUT_S, retries=False, **certificates(settings)
    )
    endpoint = settings.endpoint.rstrip("/")
    found = list(check_endpoint(http, endpoint))
    yield from found
    if all(finding.state == "ok" for finding in found):
        key = settings.api_key
        headers = dict(settings.headers)
        headers |= {"authorization": f"Bearer {key}"} if key else {}
        yield from check_health(http, endpoint, headers)
        yield from check_work(Client(endpoint, key, timeout_s=TIMEOUT_S))
    elif urlsplit(endpoint).hostname in LOOPBACK and (directory := store_told()):
        yield from check_store(directory)


def check_dashboard(url: str) -> Iterator[Finding]:
    """Find out whether a dashboard answers."""
    http = urllib3.PoolManager(timeout=TIMEOUT_S, retries=False)
    try:
        status = http.request("GET", f"{url}/_stcore/health").status
    except urllib3.exceptions.HTTPError:
        text = f"nothing answers at {url}"
        yield note("dashboard", text, "start it with `tracer up`")
        return
    if status == 200:
        yield ok("dashboard", f"{url} answers")
    else:
        yield problem(
            "dashboard",
            f"another program answers at {url} (status {status})",
            "start the dashboard elsewhere: `tracer up --dashboard-port`",
        )


def examine(settings: Settings, *, dashboard: str) -> Iterator[Finding]:
    """Run every check, in the order in which they explain each other.

    Args:
        settings: Where programs would send.
        dashboard: Where the dashboard is looked for; empty = where links lead.
    """
    yield from check_distribution()
    yield from check_versions()
    yield from check_switches(settings)
    yield from check_proxies(settings)
    yield from check_collector(settings)
    yield from check_spool(settings)
    place = dashboard or _dashboard.dashboard_url(settings.endpoint, settings.api_key)
    yield from check_dashboard(place.rstrip("/"))


def _age_or_moment(
    context: click.Context, parameter: click.Parameter, text: str
) -> str:
    """Refuse what is no time before anybody is asked."""
    if re.fullmatch(r"\d+[mhdw]", text.strip()):
        return text
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no time; give an age like 30m, 24h, 7d or 2w, or ISO 8601"
        ) from None
    return text


@click.command()
@click.option(
    "--collector",
    "collector_url",
    metavar="URL",
    callback=checked_address,
    help="Look at this collector.  [default: where your programs would send]",
)
@api_key_option
@click.option(
    "--dashboard-url",
    metavar="URL",
    show_default="what the collector was told, else port 8501 of its machine",
    envvar="TRACER_DASHBOARD_URL",
    show_envvar=True,
    help="Look for the dashboard there.",
)
@click.option(
    "--ledger", is_flag=True, help="Compare what each process sent with what is stored."
)
@click.option(
    "--since",
    metavar="TIME",
    default="24h",
    show_default=True,
    callback=_age_or_moment,
    help="How far the ledger looks back: 30m, 24h, 7d, 2w, or a moment in ISO 8601.",
)
@click.option(
    "--project", help="Only this project's processes in the ledger.  [default: all]"
)
@json_option
def doctor(
    *,
    collector_url: str | None,
    api_key: str | None,
    dashboard_url: str | None,
    ledger: bool,
    since: str,
    project: str | None,
    as_json: bool,
) -> None:
    """Say what stands in the way, and what to do about it.

    Checks package, versions, endpoint, key, storage, clock, work that waits, the spool
    and the dashboard; docs/troubleshooting.md has every line that it prints.

    Looks where your programs would send: TRACER_ENDPOINT and the other settings of the
    environment. Ends with status 1 when something stands in the way.

    With --ledger it proves instead that everything sent is stored, process by process,
    and ends with status 1 when something is missing.
    """
    settings = from_environment()
    if collector_url:
        settings = replace(settings, endpoint=collector_url)
    if api_key:
        settings = replace(settings, api_key=api_key)
    if ledger:
        try:
            is_well = balance(settings, since, project, as_json=as_json)
        except CollectorError as error:
            click.echo(problem("ledger", str(error), error.hint))
            is_well = False
        raise SystemExit(int(not is_well))
    findings = []
    for finding in examine(settings, dashboard=dashboard_url or ""):
        if not as_json:
            click.echo(finding)
        findings.append(finding)
    if as_json:
        print_json(findings)
    sick = any(finding.state == "problem" for finding in findings)
    raise SystemExit(int(sick))
