"""The command `tracer demo`: the house, and a story told in it."""

import contextlib
import socket
import tempfile
from pathlib import Path
from typing import Final

import click

from dashboard.demo.model import at_hand
from dashboard.supervisor import Supervisor, run_until_signal
from dashboard.up import House, check_installed, from_here, open_house

AUDIT_FILE: Final = "audit.jsonl"
"""In the data directory: on the terminal its lines would stand between the story's."""


@click.command()
@click.option(
    "--exit",
    "check",
    is_flag=True,
    help="Check what is stored, then end with status 0 or 1.",
)
@click.option(
    "--data-dir",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the data there.  [default: a temporary directory]",
)
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="Port of the collector.  [default: 4318 if free]",
)
@click.option(
    "--dashboard-port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="Port of the dashboard.  [default: 8501 if free]",
)
def demo(
    *, check: bool, data_dir: Path | None, port: int | None, dashboard_port: int | None
) -> None:
    """Show all of it with a support bot: traffic, evaluation, team.

    A week of traffic from two prompts, an evaluation of both, and people at work.
    Asks OpenAI if OPENAI_API_KEY is set, else a small server of its own. So does its
    worker: what is graded, run or replayed in the dashboard is answered, too.
    With --exit it ends with status 0 if everything that was sent was found again.
    """
    check_installed("openai", "tqdm", "starlette", "uvicorn", extra="all")
    with contextlib.ExitStack() as stack:
        temporary = data_dir is None
        place = data_dir or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="tracer-demo-"))
        )
        house = House(
            place,
            port=usual_or_free(4318) if port is None else port,
            dashboard_port=usual_or_free(8501)
            if dashboard_port is None
            else dashboard_port,
            environment=stack.enter_context(at_hand()),
            audit_file=place / AUDIT_FILE,
        )
        until = " until this ends" if temporary else ""
        click.echo(f"starting collector, dashboard and worker; data in {place}{until}")
        status = run_until_signal(show(house, check=check))
    raise SystemExit(status)


async def show(house: House, *, check: bool) -> int:
    """Open the house and have the story told; stay open unless it is only checked."""
    async with Supervisor() as parts:
        addresses = await open_house(house, parts)
        click.echo(addresses)
        story = ["--collector", from_here(addresses.collector)]
        if addresses.dashboard:
            story += ["--dashboard", addresses.dashboard]
        status = await parts.run(
            "dashboard.demo", *story, *(["--check"] if check else [])
        )
        if status or check:
            return status
        click.echo(f"{addresses}\naudit log  {house.audit_file}\nCtrl-C ends it.")
        await parts.wait()
    return 0


def usual_or_free(port: int) -> int:
    """Return the port if nobody listens on it, else 0: any free one."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return 0
    return port
