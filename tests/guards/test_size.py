"""A function fits a screen and a file holds one idea."""

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40

ROOMS = ("tracer", "collector", "dashboard", "examples", "benchmarks", "tests")


def sources(room: str) -> list[Path]:
    return sorted((HOUSE / room).rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_holds_one_idea(room: str) -> None:
    long = [
        f"{source.relative_to(HOUSE)}: {lines} lines"
        for source in sources(room)
        if (lines := source.read_text("utf-8").count("\n")) > MAX_FILE_LINES
    ]
    assert long == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_function_fits_a_screen(room: str) -> None:
    long = [
        f"{source.relative_to(HOUSE)}: {node.name} has {lines} lines"
        for source in sources(room)
        for node in ast.walk(ast.parse(source.read_text("utf-8"), source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION_LINES
    ]
    assert long == []
