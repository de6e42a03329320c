"""`tracer up`: collector, dashboard and worker from one command."""

import asyncio
import importlib.util
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import click

from dashboard.supervisor import Part, Supervisor, run_until_signal
from tracer.errors import MissingExtraError

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}
"""Where a part that listens everywhere is reached from this machine."""


@dataclass(frozen=True)
class House:
    """What is started, and where."""

    data_dir: Path
    """Directory of the embedded store; made if missing."""
    host: str = "127.0.0.1"
    """Address that collector and dashboard listen on."""
    port: int = 4318
    """Port of the collector; 0 takes a free one."""
    dashboard_port: int | None = 8501
    """Port of the dashboard; 0 takes a free one, none starts no dashboard."""
    dashboard_url: str = ""
    """Where people find the dashboard, if that is not where it listens."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of dashboard and worker beside those of this process."""
    audit_file: Path | None = None
    """Where the collector's audit log goes, if not where its settings say."""

    def with_port(self) -> "House":
        """Return the same with a port for the dashboard where any would do.

        The collector is told where the dashboard is, and starts before it.
        """
        if self.dashboard_port != 0:
            return self
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.create_server((self.host, 0), family=family) as listener:
            return replace(self, dashboard_port=listener.getsockname()[1])

    @property
    def link(self) -> str:
        """What links to the dashboard begin with; empty where that is not known."""
        if self.dashboard_url or self.dashboard_port is None:
            return self.dashboard_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        if host in ANY_ADDRESS:  # others on the network reach it by another name
            return ""
        return f"http://{host}:{self.dashboard_port}"


@dataclass(frozen=True)
class Addresses:
    """Where the parts answer."""

    collector: str
    """Base URL; OTLP and read API."""
    dashboard: str | None
    """Base URL, if there is one."""

    def __str__(self) -> str:
        lines = [f"collector  {self.collector}"]
        if self.dashboard:
            lines.append(f"dashboard  {self.dashboard}")
        return "\n".join(lines)


def check_installed(*modules: str, extra: str) -> None:
    """Find out before anything starts whether an extra is missing.

    Raises:
        MissingExtraError: It names the extra.
    """
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError(
                f"{module!r} is not installed: pip install 'tracer-evals[{extra}]'"
            )


async def open_house(house: House, parts: Supervisor) -> Addresses:
    """Start the parts, each once the one that it needs has answered.

    Raises:
        PartFailed: One of them ended before it answered.
    """
    check_installed("chdb", "uvicorn", extra="collector")
    if house.dashboard_port is not None:
        check_installed("streamlit", extra="dashboard")
    house = house.with_port()
    store = f"chdb://{quote(str(house.data_dir.resolve()))}"
    keeps = ["--store", store]
    if house.link:
        keeps += ["--dashboard-url", house.link]
    told: dict[str, str] = {}
    if house.audit_file is not None:
        told["TRACER_AUDIT_FILE"] = str(house.audit_file.resolve())
    collector = await parts.start(
        Part("collector", "collector", tuple(keeps), house.host, house.port, told)
    )
    reads = ("--collector", from_here(collector))
    worker = Part("worker", "tracer.worker", reads, environment=house.environment)
    if house.dashboard_port is None:
        await parts.start(worker)
        return Addresses(collector, None)
    dashboard = Part(
        "dashboard",
        "dashboard",
        reads,
        house.host,
        house.dashboard_port,
        environment=house.environment,
    )
    url, _ = await asyncio.gather(parts.start(dashboard), parts.start(worker))
    return Addresses(collector, url)


def from_here(url: str) -> str:
    """Return the address by which this machine reaches a part."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition(":")[0]
    netloc = parts.netloc.replace(host, ANY_ADDRESS.get(host, host))
    return parts._replace(netloc=netloc).geturl()


async def stay_open(house: House) -> int:
    """Open the house, say where it answers and keep it until cancelled."""
    async with Supervisor() as parts:
        click.echo(await open_house(house, parts))
        click.echo(f"Data lie in {house.data_dir}. Ctrl-C ends it.")
        await parts.wait()
    return 0


@click.command()
@click.option(
    "--data-dir",
    metavar="DIRECTORY",
    envvar="TRACER_DATA_DIR",
    show_envvar=True,
    type=click.Path(path_type=Path, file_okay=False),
    default="./tracer-data",
    show_default=True,
    help="Directory of the embedded store; made if missing.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Listen here; anything but loopback needs keys.",
)
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=4318,
    show_default=True,
    help="Port of the collector; 0 takes a free one.",
)
@click.option(
    "--dashboard-port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=8501,
    show_default=True,
    help="Port of the dashboard; 0 takes a free one.",
)
@click.option(
    "--dashboard-url",
    metavar="URL",
    envvar="TRACER_DASHBOARD_URL",
    show_envvar=True,
    default="",
    help="Where people find the dashboard, if that is not where it listens.",
)
@click.option("--no-dashboard", is_flag=True, help="Start collector and worker only.")
def up(
    *,
    data_dir: Path,
    host: str,
    port: int,
    dashboard_port: int,
    dashboard_url: str,
    no_dashboard: bool,
) -> None:
    """Start collector, dashboard and worker on this machine.

    Ends with status 0 by Ctrl-C or SIGTERM, with 2 where it cannot start: the line
    says why.
    """
    listens = None if no_dashboard else dashboard_port
    house = House(data_dir, host, port, listens, dashboard_url)
    raise SystemExit(run_until_signal(stay_open(house)))
