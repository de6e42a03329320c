"""The wheel without extras: what an application gets, and what it costs to import."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tracer._build import commit_of

HOUSE = Path(__file__).parents[2]

DEPENDENCIES = {"opentelemetry-api", "opentelemetry-sdk", "orjson", "urllib3"}

LOADED_ONLY = {
    "tracer",
    "opentelemetry",
    "orjson",
    "typing_extensions",
}
"""Top-level packages beside the standard library that ``import tracer`` may load."""

LOADED_LATER = {
    "asyncio",
    "csv",
    "decimal",
    "email",
    "hashlib",
    "http",
    "importlib.metadata",
    "multiprocessing",
    "openai",
    "socket",
    "sqlite3",
    "ssl",
    "tracer._client.api",
    "tracer._delivery",
    "tracer._openai.call",
    "tracer.client",
    "tracer.evaluation",
    "tracer.judges",
    "tracer.metrics",
    "tracer.stats",
    "urllib3",
    "uuid",
    "zipfile",
}
"""Modules that capture does without, or that are imported where they are used."""

LIST_LOADED = """
import sys
import opentelemetry.sdk.trace, opentelemetry.sdk.resources
before = set(sys.modules)
import tracer
print(*sorted(set(sys.modules) - before))
"""


def output(command: Sequence[object]) -> str:
    result = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    output([sys.executable, "-m", "build", "--wheel", "--outdir", target, HOUSE])
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but the wheel and what it asks for."""
    place = tmp_path_factory.mktemp("light") / "venv"
    output([sys.executable, "-m", "venv", place])
    python = place / "bin" / "python"
    constraints = HOUSE / "constraints.txt"
    output([python, "-m", "pip", "install", "-q", "-c", constraints, wheel])
    return python


def test_the_wheel_asks_for_four_light_libraries(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        metadata = next(name for name in files.namelist() if name.endswith("/METADATA"))
        lines = files.read(metadata).decode().splitlines()
    asked = re.findall(r"^Requires-Dist: ([\w-]+)(.*)$", "\n".join(lines), re.MULTILINE)
    always = {name for name, condition in asked if "extra ==" not in condition}
    assert always == DEPENDENCIES


def test_the_wheel_holds_what_is_not_python_too(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
    missing = [
        path
        for room in ("tracer", "collector", "dashboard")
        for source in (HOUSE / room).rglob("*")
        if source.is_file() and "__pycache__" not in source.parts
        if (path := source.relative_to(HOUSE).as_posix()) not in names
    ]
    assert missing == []


def test_the_wheel_holds_the_packages_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert {name.partition("/")[0] for name in names} == {
        "tracer",
        "collector",
        "dashboard",
    }
    assert [name for name in names if re.search(r"(^|/)tests?[_/]", name)] == []
    bundled = re.compile(r"dashboard/demo/bundled/examples/(\w+)/")
    assert {found[1] for name in names if (found := bundled.match(name))} == {
        "openai_server",
        "support_bot",
    }


def test_the_wheel_says_which_commit_it_was_built_from(wheel: Path) -> None:
    commit = commit_of(HOUSE)
    with zipfile.ZipFile(wheel) as files:
        if commit is None:
            assert "tracer/_commit.txt" not in files.namelist()
        else:
            assert files.read("tracer/_commit.txt").decode() == f"{commit}\n"


def test_the_light_install_loads_only_light_libraries(python: Path) -> None:
    loaded = output([python, "-I", "-c", LIST_LOADED]).split()
    packages = {name.partition(".")[0] for name in loaded if name[0] != "_"}
    assert "tracer" in packages
    assert packages - sys.stdlib_module_names <= LOADED_ONLY


def test_the_import_leaves_everything_but_capture_for_later(python: Path) -> None:
    loaded = set(output([python, "-I", "-c", LIST_LOADED]).split())
    assert loaded & LOADED_LATER == set()


def test_an_application_without_openai_can_trace(python: Path) -> None:
    program = "import tracer; print(tracer.trace(lambda x: x + 1)(1))"
    assert output([python, "-I", "-c", program]) == "2\n"


def test_the_command_without_click_says_what_to_install(python: Path) -> None:
    result = subprocess.run(
        [python.parent / "tracer", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "tracer: the command line needs click; "
        "install it with: pip install 'tracer-evals[all]'"
    ]


def test_the_collector_loads_the_parser_of_users_sql_with_the_first_statement() -> None:
    """It takes 8 MiB, and most collectors are never sent one."""
    loaded = "import sys, collector.app; print('sqlglot' in sys.modules)"
    assert output([sys.executable, "-c", loaded]).strip() == "False"
