"""Guides, followed as their reader does: files made, commands typed, output compared.

Of a page's fenced blocks

- one with a file's name as its title is written to that file; a `diff` is applied,
- `sh` is typed; under a title it stays running until the page ends,
- `python` is a cell of one notebook, its names are kept for the next,
- `text` is what the block before it prints: `…` within a line stands for anything, a
  line of its own for any lines.

There is no other block. What `PREPARED` names the suite has done before.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from processes import stop, wait_until

PREPARED = (
    *("python3 -m venv", ". .venv/", "git clone", "git switch", "cd ", "make "),
    *("pip install", "python -m pip", ".venv/bin/pip", "tracer up", "vllm serve"),
    *("python -m examples.openai_server", ".venv/bin/", "python export_"),
)
"""How lines begin that are not typed: the suite has installed and started things."""

READS = re.compile(r"^for row in reader\.", re.M)
"""What a page reads of an app that sends: it arrives within a second or so, and is
looked for again until it is there."""

LIMIT_S = 90

KEPT = "test ! -e .kept || . ./.kept\n{}\nexport -p > .kept"
"""What a shell has exported, its next block still has."""

CELLS = """
import json, sys
names = {"__name__": "__main__"}
for line in sys.stdin:
    exec(compile(json.loads(line), "<cell>", "exec"), names)
    print("\\x1e", flush=True)
"""


@dataclass(frozen=True)
class Block:
    language: str
    title: str
    text: str
    line: int
    """Where it begins in the page."""


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    fenced = re.finditer(r"^```(.*)\n((?:.*\n)*?)```$", page, re.M)
    for found in fenced:
        language, _, more = found[1].partition(" ")
        title = re.search(r'title="(.*?)"', more)
        line = page.count("\n", 0, found.start()) + 1
        yield Block(language, title[1] if title else "", found[2], line)


class Reader:
    """Follows a page in a folder.

    Args:
        folder: Where files are made and commands typed.
        env: What is set while it reads, beside the suite's environment.
        instead: Words of the page → what is meant by them in this test.
    """

    def __init__(
        self, folder: Path, env: Mapping[str, str], instead: Mapping[str, str]
    ) -> None:
        self._folder = folder
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        utf8 = {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
        self._env = os.environ | {"PATH": path} | utf8 | env
        self._instead = instead
        self._ends = ExitStack()
        self._cells: subprocess.Popen[str] | None = None
        self._last_cell = ""
        self._n_terminals = 0
        self._log: Path | None = None
        self._printed = ""

    def follow(self, page: str) -> None:
        """Do what the page says, from its first block to its last."""
        with self._ends:
            for block in blocks(page):
                try:
                    self._do(block)
                except (AssertionError, TimeoutError) as error:
                    raise AssertionError(f"line {block.line}: {error}") from error

    def _do(self, block: Block) -> None:
        text = block.text
        for words, meant in self._instead.items():
            text = text.replace(words, meant)
        if block.language == "text":
            self._compare(text)
        elif block.language == "diff":
            self._type("git apply --unsafe-paths -", given=text)
        elif block.language == "sh":
            lines = [one for one in text.splitlines() if not one.startswith(PREPARED)]
            typed = "\n".join(lines).strip()
            (self._start if block.title else self._type)(typed)
        elif block.title:
            path = self._folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        else:
            assert block.language == "python", f"nothing runs {block.language!r}"
            self._cell(text)

    def _type(self, commands: str, *, given: str | None = None) -> None:
        self._log, self._last_cell = None, ""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", KEPT.format(commands)],
            cwd=self._folder,
            env=self._env,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )
        self._printed = done.stdout
        assert done.returncode == 0, f"status {done.returncode}:\n{done.stdout}"

    def _start(self, commands: str) -> None:
        if not commands:
            return
        self._n_terminals += 1
        self._log = self._folder / f"terminal-{self._n_terminals}.log"
        with self._log.open("w") as log:
            process = subprocess.Popen(
                ["bash", "-euc", commands],
                cwd=self._folder,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that all that it starts can be ended
            )
        self._ends.callback(_end, process)

    def _cell(self, code: str) -> None:
        self._log, self._last_cell = None, code
        if self._cells is None:
            self._cells = subprocess.Popen(
                [sys.executable, "-c", CELLS],
                cwd=self._folder,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
            self._ends.callback(stop, self._cells)
        assert self._cells.stdin is not None
        assert self._cells.stdout is not None
        self._cells.stdin.write(json.dumps(code) + "\n")
        self._cells.stdin.flush()
        said = []
        for line in self._cells.stdout:
            if line == "\x1e\n":
                break
            said.append(line)
        self._printed = "".join(said)
        assert self._cells.poll() is None, self._printed

    def _compare(self, expected: str) -> None:
        def there() -> bool:
            if self._log is not None:
                self._printed = self._log.read_text("utf-8")
            elif READS.search(self._last_cell) and not shows(self._printed, expected):
                self._cell(self._last_cell)
            return shows(self._printed, expected)

        try:
            wait_until(there, limit_s=LIMIT_S if self._may_come else 0)
        except TimeoutError:
            raise AssertionError(
                f"the page says\n{expected}\nand it printed\n{self._printed}"
            ) from None

    @property
    def _may_come(self) -> bool:
        return self._log is not None or bool(READS.search(self._last_cell))


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=30)


def shows(printed: str, expected: str) -> bool:
    """Whether lines of the output are as the page says, one after the other."""
    wanted = []
    for line in expected.splitlines():
        if line.strip() == "…":
            wanted.append(r"(?:.*\n)*?")
        else:
            words = r"[^\S\n]+".join(re.escape(one) for one in line.split())
            wanted.append(r"[^\S\n]*" + words.replace("…", ".*?") + r"[^\S\n]*\n")
    return re.search("^" + "".join(wanted), printed + "\n", re.M) is not None
