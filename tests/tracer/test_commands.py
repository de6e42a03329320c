import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracer._commands import commands, load


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory on the path with an installed distribution `stranger`; its module."""
    info = tmp_path / "stranger-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text("[tracer.commands]\nodd = odd_module:odd\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "odd_module", raising=False)
    return tmp_path / "odd_module.py"


def test_help_lists_the_commands_of_every_part() -> None:
    output = CliRunner().invoke(commands, ["--help"]).output
    names = {"collector", "dashboard", "demo", "doctor", "up", "worker"}
    assert names <= set(output.split())


def test_another_distribution_can_bring_a_command(plugin: Path) -> None:
    plugin.write_text(
        "import click\nodd = click.Command('odd', callback=lambda: print(1))"
    )
    assert CliRunner().invoke(commands, ["odd"]).output == "1\n"


def test_a_plugin_that_fails_to_load_is_named_and_leaves_the_others(
    plugin: Path,
) -> None:
    plugin.write_text("1 / 0")
    result = CliRunner().invoke(commands, ["odd", "--whatever", "x"])
    assert result.exit_code == 2
    assert "command 'odd' of stranger is broken: ZeroDivisionError" in result.output
    assert "Traceback" not in result.output
    assert CliRunner().invoke(commands, ["--help"]).exit_code == 0


def test_a_plugin_that_is_no_command_is_named(plugin: Path) -> None:
    plugin.write_text("odd = 3")
    result = CliRunner().invoke(commands, ["odd"])
    assert "odd_module:odd is no click command" in result.output


def test_a_plugin_whose_library_is_missing_names_the_library(plugin: Path) -> None:
    plugin.write_text("import no_such_library")
    result = CliRunner().invoke(commands, ["odd"])
    assert "needs no_such_library; install what odd_module needs" in result.output


def test_a_part_that_is_not_installed_says_which_extra_brings_it() -> None:
    command = load(EntryPoint("ui", "dashboard.not_installed:ui", "tracer.commands"))
    with pytest.raises(
        click.UsageError, match=r"pip install 'tracer-evals\[dashboard\]'"
    ):
        command.main([], standalone_mode=False)


def test_an_unknown_command_is_one_clear_line() -> None:
    result = subprocess.run(
        [sys.executable, "-P", "-m", "tracer.cli", "fly"],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == "Error: No such command 'fly'."


def test_a_command_that_is_nearly_one_is_said_with_the_one_that_may_be_meant() -> None:
    said = CliRunner().invoke(commands, ["dashbord"])
    assert "No such command 'dashbord'. Did you mean dashboard?" in said.output
    assert said.exit_code == 2


def test_a_library_that_a_command_misses_is_one_line_and_status_two(
    tmp_path: Path,
) -> None:
    missing = 'raise ModuleNotFoundError("No module named uvicorn", name="uvicorn")'
    (tmp_path / "uvicorn.py").write_text(missing)
    result = subprocess.run(
        [sys.executable, "-P", "-m", "tracer.cli", "collector"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    assert (result.returncode, result.stderr) == (
        2,
        "tracer: 'uvicorn' is not installed: pip install 'tracer-evals[all]'\n",
    )


def test_a_setting_that_cannot_be_is_one_line_and_status_two() -> None:
    result = subprocess.run(
        [sys.executable, "-P", "-m", "tracer.cli", "doctor"],
        capture_output=True,
        text=True,
        env=os.environ | {"TRACER_ENDPOINT": "nowhere"},
    )
    assert result.returncode == 2
    [line] = result.stderr.splitlines()
    assert line.startswith("tracer: endpoint 'nowhere' is no http address")
