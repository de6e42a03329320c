"""Every block of code on a page runs in a test, or is held to what it is for."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
import yaml

from collector.housekeeping.price_file import read_price_file
from dashboard.login_file import read_login
from tracer._commands import commands

HOUSE = Path(__file__).parents[2]
PAGES = [*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")]
TESTS = {
    path: path.read_text("utf-8")
    for path in (HOUSE / "tests").rglob("*.py")
    if path != Path(__file__)
}

OTHERS = {
    "make": "a target of the Makefile, which a test looks up",
    "python": "a module, which a test finds; or what the example says it stands for",
    "export": "sets a variable",
    "docker": "no engine for containers is here: the files are checked in tests/deploy",
    "kubectl": "no cluster is here: the manifests are checked in tests/deploy",
    "helm": "the chart is rendered in tests/deploy where there is a helm",
    "pip": "asks a package index",
    "npm": "asks a package index",
    "curl": "told for people to try",
    "sed": "edits a page of this repository",
    "openssl": "makes a secret",
    "printf": "writes secrets into a file",
    "install": "needs root",
    "cp": "needs root",
    "git": "asks a server",
    "cd": "goes to a directory",
    "opentelemetry-instrument": "another project's program",
}
"""First words of command lines that are not ours, and why no test runs them."""


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    title: str
    """What stands behind the language."""
    text: str
    excuse: str
    """What a comment above, `<!-- not run: … -->`, says."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text("utf-8")
        fences = r"^[ ]*```([\w-]*)([^\n]*)\n(.*?)^[ ]*```$"
        for found in re.finditer(fences, text, re.DOTALL | re.MULTILINE):
            above = text[: found.start()].rstrip().rpartition("\n")[2]
            excuse = re.search(r"<!-- not run: (.+) -->", above)
            yield Block(
                page.relative_to(HOUSE).as_posix(),
                text.count("\n", 0, found.start()) + 1,
                found.group(1),
                found.group(2),
                found.group(3),
                excuse.group(1) if excuse else "",
            )


BLOCKS = list(blocks())

WALKED = ("docs/guides/", "docs/examples.md")
"""Pages that tests of their own walk through from top to bottom, shell and all."""


def of(*languages: str) -> list[Block]:
    return [block for block in BLOCKS if block.language in languages]


def test_every_page_with_python_is_run_by_a_test() -> None:
    """A test runs a page if it names it and looks for blocks of Python."""
    pages = {block.page for block in of("python") if not block.excuse}
    runners = [text for text in TESTS.values() if "```python" in text]
    names = " ".join(runners)
    pages = {page for page in pages if not page.startswith(WALKED)}
    missing = {p for p in pages if not re.search(rf"\b{Path(p).stem}\b", names)}
    assert missing == set(), "run it in a test, or say why not: <!-- not run: … -->"


def test_no_block_is_in_a_language_that_nothing_checks() -> None:
    known = {"python", "sh", "sql", "json", "toml", "yaml", "xml"}
    shown = {"", "text", "diff", "csv"}  # what is printed, and what changes
    languages = known | shown
    assert [str(block) for block in BLOCKS if block.language not in languages] == []


ENDS = {">", ">>", "<", "|", "&&", "||", ";", "&"}


def command_lines(block: Block) -> Iterator[list[str]]:
    joined = block.text.replace("\\\n", " ")
    for line in joined.splitlines():
        words = shlex.split(line, comments=True)
        words = list(takewhile(lambda word: word not in ENDS, words))
        while words and re.match(r"\w+=", words[0]):  # variables for the command
            words.pop(0)
        if words:
            yield words


@pytest.mark.parametrize("block", of("sh"), ids=str)
def test_every_command_line_is_one_that_the_program_takes(block: Block) -> None:
    for words in command_lines(block):
        program = Path(words[0]).name
        if program == "tracer":
            takes(words[1:], where=str(block))
        elif program == "make":
            targets = (HOUSE / "Makefile").read_text("utf-8")
            assert all(re.search(rf"^{t}:", targets, re.M) for t in words[1:2]), words
        elif not block.page.startswith(WALKED):
            first = re.sub(r"[\d.]+$", "", program)
            assert first in OTHERS, f"{block}: {words[0]!r} is not known"


def takes(words: list[str], *, where: str) -> None:
    """Let the command line's own parser read it; nothing is started."""
    name, *options = words
    with click.Context(commands) as context:
        command = commands.get_command(context, name)
        assert command is not None, f"{where}: no command {name!r}"
        if "--help" in options or name.startswith("-"):
            return
        if isinstance(command, click.Group) and options:
            child = command.get_command(context, options[0])
            assert child is not None, f"{where}: no command {options[0]!r}"
            command, options = child, options[1:]
        try:
            command.make_context(name, options)
        except click.BadParameter as error:  # a directory that the reader has
            assert "does not exist" in error.message, f"{where}: {error.message}"


@pytest.mark.parametrize("block", of("json", "toml", "yaml", "xml"), ids=str)
def test_every_file_that_is_shown_can_be_read(block: Block) -> None:
    if block.language == "json":
        is_lines = "jsonl" in block.title
        for text in block.text.splitlines() if is_lines else [block.text]:
            json.loads(text)
    elif block.language == "toml":
        tomllib.loads(block.text)
    elif block.language == "yaml":
        assert list(yaml.safe_load_all(block.text))
    else:
        ElementTree.fromstring(block.text)


def only(page: str, language: str) -> str:
    (block,) = (block for block in of(language) if block.page == f"docs/{page}.md")
    return block.text


def test_the_files_of_settings_are_those_that_the_programs_read(
    tmp_path: Path,
) -> None:
    prices, login = tmp_path / "prices.toml", tmp_path / "login.toml"
    prices.write_text(only("operations", "toml"), "utf-8")
    assert [price.model for price in read_price_file(prices).prices] == ["my-qwen"]
    secret = "x" * 64
    login.write_text(only("security", "toml").replace('"…"', f'"{secret}"'), "utf-8")
    assert read_login(login).roles["editor"] == ["*@example.com"]


def test_the_logs_that_the_page_switches_off_are_off_in_the_compose_file() -> None:
    quiet = (HOUSE / "deploy" / "clickhouse" / "quiet.xml").read_text("utf-8")
    shown, used = (
        {node.tag for node in ElementTree.fromstring(text) if node.get("remove")}
        for text in (only("operations", "xml"), quiet)
    )
    assert shown and shown <= used


def test_assistants_start_a_command_that_there_is() -> None:
    server = json.loads(only("mcp", "json"))["mcpServers"]["tracer"]
    takes(server["args"], where="docs/mcp.md")


def test_every_query_is_read_by_a_test() -> None:
    runners = " ".join(text for text in TESTS.values() if "```sql" in text)
    pages = {block.page for block in of("sql") if not block.excuse}
    assert {page for page in pages if Path(page).name not in runners} == set()
