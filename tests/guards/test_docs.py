"""docs/running.md names every command, option and environment variable there is."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import click

import collector.config
import tracer._environment
from tracer._commands import GROUP, commands

HOUSE = Path(__file__).parents[2]
RUNNING = (HOUSE / "docs" / "running.md").read_text("utf-8")


def every_command() -> dict[str, click.Command]:
    context = click.Context(commands)
    names = commands.list_commands(context)
    found = {name: commands.get_command(context, name) for name in names}
    return {name: command for name, command in found.items() if command is not None}


def test_every_command_is_documented() -> None:
    assert every_command(), "the package is not installed: no command is registered"
    assert [name for name in every_command() if f"`tracer {name}" not in RUNNING] == []


def test_every_command_of_ours_loads() -> None:
    for entry in entry_points(group=GROUP):
        assert isinstance(entry.load(), click.Command)


def environment_variables() -> set[str]:
    """Every variable that is read: by a setting's name, or spelt out in the code."""
    settings = {*tracer._environment.READERS, *collector.config._FROM_ENVIRONMENT}
    return {f"TRACER_{name.upper()}" for name in settings} | {
        variable
        for room in ("tracer", "collector", "dashboard")
        for source in (HOUSE / room).rglob("*.py")
        for variable in re.findall(
            r"""["'`]((?:TRACER|OTEL|XDG)_[A-Z0-9_]+)["'`]""", source.read_text("utf-8")
        )
    }


def test_every_environment_variable_is_documented() -> None:
    missing = {name for name in environment_variables() if f"`{name}`" not in RUNNING}
    assert sorted(missing) == []


def test_no_variable_that_is_read_is_taken_for_a_mistyped_one() -> None:
    settings = {*tracer._environment.READERS, *collector.config.NAMES}
    known = {f"TRACER_{name.upper()}" for name in settings}
    known |= tracer._environment.ALSO_READ
    ours = {name for name in environment_variables() if name.startswith("TRACER_")}
    assert sorted(ours - known) == []


def test_the_page_names_no_environment_variable_that_nobody_reads() -> None:
    named = set(re.findall(r"`((?:TRACER|OTEL)_[A-Z0-9_]+)`", RUNNING))
    in_tests = {name for name in named if name.startswith("TRACER_TEST_")}
    assert sorted(named - in_tests - environment_variables()) == []


def test_every_path_that_contributors_are_told_of_is_there() -> None:
    """`NAME` stands for whatever they add."""
    pages = ("CONTRIBUTING.md", "SECURITY.md")
    told = {
        path
        for page in pages
        for code in re.findall(r"`([^`\n]+)`", (HOUSE / page).read_text("utf-8"))
        for path in re.findall(
            r"(?<![\w/])(?:tracer|collector|dashboard|tests|scripts|docs|deploy|"
            r"examples|benchmarks)/[\w./*-]*",
            code,
        )
    }
    assert len(told) > 60
    missing = [
        p for p in told if not any(HOUSE.glob(p.replace("NAME", "*").rstrip("/")))
    ]
    assert sorted(missing) == []


def test_the_korean_readme_leads_wherever_the_english_one_does() -> None:
    """Where a page is in Korean it leads to that."""
    english, korean = (_links(page) for page in ("README.md", "README.ko.md"))
    own = {page for page in _pages() if page.endswith(".ko.md")}
    translated = {page.replace(".ko.md", ".md"): page for page in own}
    wanted = {translated.get(page, page) for page in english}
    assert sorted(wanted - korean - {"README.ko.md"}) == []
    assert {page for page in own if page.startswith("docs/")} <= korean


def _links(page: str) -> set[str]:
    text = (HOUSE / page).read_text("utf-8")
    return set(re.findall(r"\]\(([^)#]+)\)", text))


def _pages() -> set[str]:
    found = [*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")]
    return {page.relative_to(HOUSE).as_posix() for page in found}
