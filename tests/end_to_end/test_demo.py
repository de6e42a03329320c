"""`tracer demo --exit`: the whole way, checked by the demo itself."""

import signal
import subprocess
from pathlib import Path

from processes import first_line, start_module, stop


def test_everything_that_the_demo_makes_is_found_again(tmp_path: Path) -> None:
    ports = ["--port", "0", "--dashboard-port", "0"]
    arguments = ["demo", "--exit", "--data-dir", str(tmp_path), *ports]
    process = start_module("tracer.cli", *arguments, OPENAI_API_KEY="")
    output, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, ""), output
    found = [line for line in output.splitlines() if line[:2] in ("ok", "!!")]
    assert len(found) > 10
    assert all(line.startswith("ok") for line in found)
    assert "judge and people give the same quality in " in output
    assert "with OPENAI_API_KEY set it is a language model" in output
    assert (tmp_path / "audit.jsonl").is_file()


def test_a_signal_in_the_middle_ends_it_quietly_and_removes_its_data() -> None:
    ports = ["--port", "0", "--dashboard-port", "0"]
    process = start_module("tracer.cli", "demo", *ports, OPENAI_API_KEY="")
    try:
        data_dir = Path(first_line(process).split("data in ")[1].split(" until")[0])
        assert data_dir.is_dir()
        until_line(process, "dashboard")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        stop(process)
    assert (process.returncode, errors) == (0, "")
    assert not data_dir.exists()


def until_line(process: subprocess.Popen[str], start: str) -> None:
    assert process.stdout is not None
    assert any(line.startswith(start) for line in process.stdout)
