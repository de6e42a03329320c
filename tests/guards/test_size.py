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
        and (lines := lines_of_code(node)) > MAX_FUNCTION_LINES
    ]
    assert long == []


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines; a docstring may be as long as its answers need."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or 0) - docstring.lineno + 1)
