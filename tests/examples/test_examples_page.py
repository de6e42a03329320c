"""docs/examples.md lists every example, with the command that its own header says."""

import re

from example_programs import EXAMPLES, HOUSE

PAGE = (HOUSE / "docs" / "examples.md").read_text("utf-8")


def test_the_page_lists_every_example() -> None:
    there = (path for path in EXAMPLES.iterdir() if path.name[0] not in "_.")
    found = {path.name for path in there if path.is_dir() or path.suffix == ".py"}
    assert sorted(name for name in found if f"`examples/{name}" not in PAGE) == []


def test_the_page_names_no_file_that_is_not_there() -> None:
    named = re.findall(r"`(examples/[\w./]+)`", PAGE)
    assert [name for name in named if not (HOUSE / name).exists()] == []


def test_every_program_says_how_it_is_run() -> None:
    silent = [
        path.name
        for path in EXAMPLES.glob("*.py")
        if path.stem != "__init__"
        and f"examples.{path.stem}" not in path.read_text("utf-8").split('"""')[1]
    ]
    assert silent == []
