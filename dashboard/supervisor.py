"""Children of one command: started, started again when they fall, ended together."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import click

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1, 30
"""A part that falls is started again after 1, 2, 4 … 30 seconds; one that had lived
longer than that begins at 1 again."""

PATIENCE_S = 15
"""How long a part may take to end before it is killed."""


@dataclass(frozen=True)
class Part:
    """A program of the house that runs until it is told to stop."""

    name: str
    """How messages call it."""
    module: str
    """What runs, as ``python -P -m module``; -P so that a folder of that name in the
    user's directory never does."""
    options: tuple[str, ...] = ()
    """Everything after the module but host and port."""
    host: str | None = None
    """Where it listens; none for a part that only asks others."""
    port: int = 0
    """0 takes a free one, and the same again after a fall."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that it has beside those of this process."""

    @property
    def command(self) -> list[str]:
        """The whole command line."""
        listen = ["--host", self.host, "--port", str(self.port)] if self.host else []
        return [*python(self.module), *self.options, *listen, "--lifeline"]


class PartFailed(Exception):
    """A part ended before it answered."""

    def __init__(self, part: Part, status: int) -> None:
        super().__init__(f"{part.name} ended with status {status} before it answered")
        self.status = status


class Supervisor:
    """Owns the children of one command; leaving the ``async with`` ends them all.

    Every child gets a pipe as its stdin that nobody writes to. When this process dies,
    even by SIGKILL, the pipe closes and the child leaves by itself (``--lifeline``).
    """

    def __init__(self) -> None:
        self._keepers: list[asyncio.Task[None]] = []
        self._running: dict[str, Process] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for process in reversed(self._running.values()):
            await end(process)

    async def start(self, part: Part) -> str:
        """Start a part and keep it running; return the address that it announces.

        Raises:
            PartFailed: It ended before it did.
        """
        address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        keeper = asyncio.create_task(self._keep(part, address))
        self._keepers.append(keeper)
        either: list[asyncio.Future[Any]] = [keeper, address]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if keeper.done():
            await keeper
        return await address

    async def run(self, module: str, *options: str) -> int:
        """Run a program beside the parts, once, and return its status."""
        process = await asyncio.create_subprocess_exec(
            *python(module), *options, "--lifeline", stdin=PIPE, start_new_session=True
        )
        self._running[module] = process
        return await process.wait()

    async def wait(self) -> None:
        """Keep the parts running until this task is cancelled."""
        await asyncio.gather(*self._keepers)

    async def _keep(self, part: Part, address: asyncio.Future[str]) -> None:
        now = asyncio.get_running_loop().time
        pause_s = FIRST_PAUSE_S
        while True:
            born_s = now()
            # a session of its own: Ctrl-C in the terminal reaches only us, we end it
            process = await asyncio.create_subprocess_exec(
                *part.command,
                stdin=PIPE,
                stdout=PIPE,
                env={**os.environ, **part.environment},
                start_new_session=True,
            )
            self._running[part.name] = process
            status = await follow(process, address)
            if not address.done():
                raise PartFailed(part, status)
            if now() - born_s > LONGEST_PAUSE_S:
                pause_s = FIRST_PAUSE_S
            ended = f"{part.name} ended with status {status}"
            click.echo(f"{ended}; starting it again in {pause_s} s", err=True)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            part = replace(part, port=urlsplit(address.result()).port or 0)


def python(module: str) -> list[str]:
    """Return the command that runs a module of the house."""
    return [sys.executable, "-P", "-m", module]


async def follow(process: Process, address: asyncio.Future[str]) -> int:
    """Read a child's output to its end, the first address in it; return its status."""
    assert process.stdout is not None
    async for line in process.stdout:
        found = re.search(r"https?://\S+", line.decode(errors="replace"))
        if found and not address.done():
            address.set_result(found.group())
    return await process.wait()


async def end(process: Process) -> None:
    """Ask a child to stop; kill it when it takes longer than `PATIENCE_S`."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE_S)
    except TimeoutError:
        process.kill()
        await process.wait()


def run_until_signal(work: Coroutine[None, None, int]) -> int:
    """Run to the end and return the status to exit with.

    SIGINT and SIGTERM end it with 0. A part that cannot start ends it with 2 when it
    has said in one line what to do (port in use, directory held), else with 1.
    """

    async def cancellable() -> int:
        task = asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            return await work
        except asyncio.CancelledError:
            return 0
        except PartFailed as failure:
            if failure.status == 2:
                return 2
            click.echo(f"tracer: {failure}", err=True)
            return 1

    return asyncio.run(cancellable())
