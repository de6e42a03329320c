import asyncio
import os
import signal
from pathlib import Path

import pytest

from dashboard import supervisor
from dashboard.supervisor import Part, PartFailed, Supervisor, run_until_signal

PROGRAM = """
import os, signal, sys
port = sys.argv[sys.argv.index("--port") + 1]
with open(sys.argv[1], "a") as births:
    births.write(f"{os.getpid()} {port}\\n")
port = "7000" if port == "0" else port
print(f"program listening on http://127.0.0.1:{port}", flush=True)
signal.pause()
"""


@pytest.fixture
def births(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to which the module `program_of_test` adds its pid and port."""
    (tmp_path / "program_of_test.py").write_text(PROGRAM)
    (tmp_path / "refusing_program.py").write_text("raise SystemExit(2)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 0)
    return tmp_path / "births"


def program(births: Path, *, port: int = 0) -> Part:
    return Part("program", "program_of_test", (str(births),), "127.0.0.1", port)


def lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


async def born(births: Path, count: int) -> list[list[str]]:
    while len(lines := births.read_text().splitlines()) < count:
        await asyncio.sleep(0.01)
    return [line.split() for line in lines]


async def test_a_part_answers_where_it_says(births: Path) -> None:
    async with Supervisor() as parts:
        assert await parts.start(program(births, port=7001)) == "http://127.0.0.1:7001"


async def test_leaving_ends_every_part(births: Path) -> None:
    async with Supervisor() as parts:
        await parts.start(program(births))
        [[process_id, _]] = await born(births, 1)
        assert lives(int(process_id))
    assert not lives(int(process_id))


async def test_a_part_that_falls_is_started_again_on_the_same_port(
    births: Path,
) -> None:
    async with Supervisor() as parts:
        await parts.start(program(births, port=0))
        [[first, _]] = await born(births, 1)
        os.kill(int(first), signal.SIGKILL)
        [_, [second, port]] = await born(births, 2)
    assert (second != first, port) == (True, "7000")


async def test_a_part_that_refuses_to_start_is_not_started_again(births: Path) -> None:
    async with Supervisor() as parts:
        with pytest.raises(PartFailed, match="refusing ended with status 2"):
            await parts.start(Part("refusing", "refusing_program"))


def test_a_part_that_has_said_what_to_do_ends_the_command_with_status_two(
    births: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def work() -> int:
        async with Supervisor() as parts:
            await parts.start(Part("refusing", "refusing_program"))
        return 0

    assert run_until_signal(work()) == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_parts_and_the_status_is_zero(
    births: Path, number: signal.Signals
) -> None:
    async def work() -> int:
        async with Supervisor() as parts:
            await parts.start(program(births))
            os.kill(os.getpid(), number)
            await parts.wait()
        return 1

    assert run_until_signal(work()) == 0
    process_id, _ = births.read_text().split()
    assert not lives(int(process_id))


async def test_a_program_beside_the_parts_gives_its_status(births: Path) -> None:
    async with Supervisor() as parts:
        assert await parts.run("refusing_program") == 2
