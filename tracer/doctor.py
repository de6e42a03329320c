"""`tracer doctor`: what stands between this machine and a working installation."""

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import click
import orjson
import urllib3

from tracer._config import Settings
from tracer._environment import from_environment
from tracer.errors import CollectorError

STRANGERS = ("tracer", "tracer-llm")
"""Distributions of other people that also bring a package called `tracer`."""

LIBRARIES = {
    "opentelemetry-sdk": None,
    "openai": "all",
    "clickhouse-connect": "collector",
    "chdb": "collector",
    "streamlit": "dashboard",
    "scipy": "evals",
}
"""Libraries worth knowing the version of, and the extra that brings each."""

MAX_CLOCK_SKEW_S = 5
"""Times of another machine's spans look wrong beyond this."""

SYSTEM_LOGS_BYTES = 10**9
"""Logs of a ClickHouse server about itself are no matter below this size."""

TIMEOUT_S = 3.0


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    state: Literal["ok", "note", "problem"]
    """A problem makes the command end with status 1; a note does not."""
    subject: str
    """What was looked at, one word."""
    text: str
    """What was found."""
    advice: str = ""
    """What to do about it."""

    def __str__(self) -> str:
        sign = {"ok": "ok", "note": "--", "problem": "!!"}[self.state]
        line = f"{sign}  {self.subject:<12} {self.text}"
        return f"{line}\n{'':17}{self.advice}" if self.advice else line


def ok(subject: str, text: str) -> Finding:
    """Return a finding that needs nothing done."""
    return Finding("ok", subject, text)


def note(subject: str, text: str, advice: str) -> Finding:
    """Return a finding that may be meant so."""
    return Finding("note", subject, text, advice)


def problem(subject: str, text: str, advice: str) -> Finding:
    """Return a finding that has to be mended."""
    return Finding("problem", subject, text, advice)


def check_distribution() -> Iterator[Finding]:
    """Find out whether somebody else's `tracer` lies in the same environment."""
    again = "pip install --force-reinstall tracer-evals"
    for name in STRANGERS:
        if found := installed(name):
            text = f"{name} {found} is installed and belongs to another project"
            yield problem("package", text, f"pip uninstall {name}, then {again}")


def check_versions() -> Iterator[Finding]:
    """Tell which versions are at work, and which parts are not installed."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield ok("versions", f"tracer-evals {installed('tracer-evals')}, Python {python}")
    present = {name: installed(name) for name in LIBRARIES}
    yield ok("libraries", ", ".join(f"{n} {v}" for n, v in present.items() if v))
    missing = [name for name, found in present.items() if found is None]
    extras = sorted({LIBRARIES[name] or "all" for name in missing})
    extras = ["all"] if "all" in extras else extras
    if missing:
        yield note(
            "libraries",
            f"not installed: {', '.join(missing)}",
            "an app that is traced needs none of them; whoever runs the rest does "
            f"pip install 'tracer-evals[{','.join(extras)}]'",
        )


def installed(distribution: str) -> str | None:
    """Return the installed version of a distribution, or none."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def check_collector(http: urllib3.PoolManager, settings: Settings) -> Iterator[Finding]:
    """Ask the collector whether it is one, whether it can store, and what it holds."""
    endpoint = settings.endpoint.rstrip("/")
    try:
        ready = http.request("GET", f"{endpoint}/readyz")
    except urllib3.exceptions.HTTPError:
        yield problem(
            "endpoint",
            f"nothing answers at {endpoint}",
            "start one with `tracer up`, or set TRACER_ENDPOINT to one that runs",
        )
        return
    if ready.status == 503:
        yield ok("endpoint", f"{endpoint} answers")
        yield problem(
            "storage",
            f"the collector cannot store: {ready.data.decode(errors='replace')[:300]}",
            "read its own output; free the disk or start its ClickHouse server",
        )
        return
    if ready.status != 200:
        yield problem(
            "endpoint",
            f"another program answers at {endpoint} (status {ready.status})",
            "use another port (`tracer up --port`) and set TRACER_ENDPOINT to it",
        )
        return
    yield ok("endpoint", f"{endpoint} answers and can store")
    yield from check_health(http, endpoint, settings.api_key)


def check_health(
    http: urllib3.PoolManager, endpoint: str, api_key: str | None
) -> Iterator[Finding]:
    """Compare versions, clocks and keys with a collector that answers."""
    key = {"authorization": f"Bearer {api_key}"} if api_key else {}
    answer = http.request("GET", f"{endpoint}/api/v1/health", headers=key)
    if answer.status == 403 and b"no scope 'read'" in answer.data:
        text = "the key may not read: storage and versions are not looked at"
        yield note("key", text, "enough for a program that only sends")
        return
    if answer.status in (401, 403):
        yield problem(
            "key",
            f"the collector refuses {'this' if api_key else 'requests without a'} key",
            "set TRACER_API_KEY to a key that may read",
        )
        return
    if answer.status != 200:
        text = f"/api/v1/health answers {answer.status}"
        yield problem("storage", text, "read the collector's own output")
        return
    health: dict[str, Any] = orjson.loads(answer.data)
    yield ok("storage", describe_storage(health))
    yield from check_system_logs(health)
    if health.get("version") != (ours := installed("tracer-evals")):
        yield note(
            "versions",
            f"the collector is {health.get('version')}, this program {ours}",
            "install the same version on both sides",
        )
    yield from check_clock(answer.headers.get("date"))


def check_system_logs(health: dict[str, Any]) -> Iterator[Finding]:
    """Notice that a server keeps more about itself than about applications."""
    own, logs = health.get("disk_bytes") or 0, health.get("system_bytes") or 0
    if logs > max(own, SYSTEM_LOGS_BYTES):
        yield note(
            "storage",
            f"the server's own logs take {logs / 1e6:,.0f} MB, ours {own / 1e6:,.0f}",
            "switch them off or give them a TTL: docs/operations.md has the file",
        )


def describe_storage(health: dict[str, Any]) -> str:
    """Say in one line what the collector's store is and holds."""
    engine = f"{health.get('engine')} {health.get('engine_version')}"
    if health.get("store") is None:
        return f"{engine}; a key of one project is told no more"
    spans = f"{health.get('spans_stored') or 0:,} spans"
    disk = f"{(health.get('disk_bytes') or 0) / 1e6:,.0f} MB"
    return f"{engine} at {health.get('store')}: {spans}, {disk}"


def check_clock(date: str | None) -> Iterator[Finding]:
    """Compare this machine's clock with the one in the collector's answer."""
    if date is None:
        return
    skew_s = time.time() - parsedate_to_datetime(date).timestamp()
    if abs(skew_s) > MAX_CLOCK_SKEW_S:
        yield problem(
            "clock",
            f"this machine is {skew_s:+.0f} s from the collector",
            "switch time synchronisation on; spans would show at the wrong time",
        )
    else:
        yield ok("clock", "agrees with the collector")


def check_dashboard(http: urllib3.PoolManager, url: str) -> Iterator[Finding]:
    """Find out whether a dashboard answers."""
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
    """Run every check, in the order in which they explain each other."""
    http = urllib3.PoolManager(timeout=TIMEOUT_S, retries=False)
    yield from check_distribution()
    yield from check_versions()
    yield from check_collector(http, settings)
    yield from check_dashboard(http, dashboard)


def balance(settings: Settings, since: str, project: str | None) -> bool:
    """Print a line for each process that sent something; return whether all is there.

    Raises:
        CollectorError: the collector is away, or refuses.
    """
    from tracer._delivery.delivery import address_of
    from tracer._delivery.spooled import directory_of
    from tracer._ledger import accounts
    from tracer.client import Client

    rows = Client(settings.endpoint, settings.api_key).ledger(
        project=project, since=since, limit=1000
    )
    root, meant = settings.spool_dir, project or settings.project
    ours = None if root is None else directory_of(root, address_of(settings), meant)
    found = list(accounts(rows, root, ours=ours))
    for account in found:
        click.echo(account)
    if project is not None and not found:
        click.echo(f"no process has sent anything to project {project!r} since {since}")
        return False
    n_sick = sum(not account.is_well for account in found)
    counted = "1 process" if len(found) == 1 else f"{len(found):,} processes"
    click.echo(f"{counted} since {since}, {n_sick:,} of them short")
    if rows.truncated:
        click.echo("there were more; ask for a shorter time with --since")
    return n_sick == 0


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
    "--dashboard",
    default="http://127.0.0.1:8501",
    show_default=True,
    help="Address of the dashboard.",
)
@click.option(
    "--ledger", is_flag=True, help="Compare what each process sent with what is stored."
)
@click.option(
    "--since",
    default="24h",
    show_default=True,
    callback=_age_or_moment,
    help="How far the ledger looks back: 30m, 24h, 7d, 2w, or a moment in ISO 8601.",
)
@click.option("--project", help="Only this project's processes in the ledger.")
def doctor(*, dashboard: str, ledger: bool, since: str, project: str | None) -> None:
    """Say what stands in the way of a working set-up, and what to do.

    Checks package, versions, endpoint, key, storage, clock and dashboard.

    Looks where your programs would send: TRACER_ENDPOINT and the other settings of the
    environment. Ends with status 1 when something stands in the way.

    With --ledger it proves instead that everything sent is stored, process by process,
    and ends with status 1 when something is missing.
    """
    settings = from_environment()
    if ledger:
        try:
            is_well = balance(settings, since, project)
        except CollectorError as error:
            click.echo(problem("ledger", str(error), error.hint))
            is_well = False
        raise SystemExit(int(not is_well))
    findings = []
    for finding in examine(settings, dashboard=dashboard.rstrip("/")):
        click.echo(finding)
        findings.append(finding)
    sick = any(finding.state == "problem" for finding in findings)
    raise SystemExit(int(sick))
