"""Who may import whom; docs/api.md and CONTRIBUTING.md draw the picture."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ROOMS = ("tracer", "collector", "dashboard")

SEEN_BY = {
    "tracer": {"tracer"},
    "collector": {
        "collector",
        "tracer.semconv",
        "tracer._build",
        "tracer._options",
    },
    "dashboard": {"dashboard", "tracer"},
}
"""What of the house each room may import."""

ONLY_IN = {
    "clickhouse_connect": ("collector/storage/",),
    "chdb": ("collector/storage/",),
    "streamlit": ("dashboard/",),
    "starlette": ("collector/", "dashboard/"),
    "uvicorn": ("collector/", "dashboard/"),
}
"""Libraries that stay behind one door."""


def imported(source: Path) -> Iterator[str]:
    """Yield the full dotted name of everything a file imports, wherever it does."""
    package = source.relative_to(HOUSE).parent.parts
    for node in ast.walk(ast.parse(source.read_text("utf-8"), source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{module}.{name.name}" for name in node.names)


def is_in(name: str, packages: set[str]) -> bool:
    return any(
        name == package or name.startswith(f"{package}.") for package in packages
    )


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_below_it(room: str) -> None:
    strangers = [
        f"{source.relative_to(HOUSE)} imports {name}"
        for source in (HOUSE / room).rglob("*.py")
        for name in imported(source)
        if is_in(name, set(ROOMS)) and not is_in(name, SEEN_BY[room])
    ]
    assert strangers == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_behind_its_door(library: str) -> None:
    strangers = [
        f"{path} imports {name}"
        for room in ROOMS
        for source in (HOUSE / room).rglob("*.py")
        for name in imported(source)
        if is_in(name, {library})
        and not (path := source.relative_to(HOUSE).as_posix()).startswith(
            ONLY_IN[library]
        )
    ]
    assert strangers == []


def test_only_the_configuration_reads_the_environment_of_an_application() -> None:
    readers = {
        source.relative_to(HOUSE).as_posix()
        for source in (HOUSE / "tracer").rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text("utf-8"), source))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers == {"tracer/_environment.py"}
