"""`tracer demo --exit`: the whole way, checked by the demo itself."""

from pathlib import Path

from processes import start_module


def test_everything_that_the_demo_makes_is_found_again(tmp_path: Path) -> None:
    ports = ["--port", "0", "--dashboard-port", "0"]
    arguments = ["demo", "--exit", "--data-dir", str(tmp_path), *ports]
    process = start_module("tracer.cli", *arguments, OPENAI_API_KEY="")
    output, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, ""), output
    found = [line for line in output.splitlines() if line[:2] in ("ok", "!!")]
    assert len(found) > 10
    assert all(line.startswith("ok") for line in found)
