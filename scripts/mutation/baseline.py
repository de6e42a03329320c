"""One run of a room's tests without a change: which test reaches which line."""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import coverage
import pytest

HOUSE = Path(__file__).parents[2]
PLUGINS = ("pytest_asyncio.plugin", "_hypothesis_pytestplugin", "no:cacheprovider")
OPTIONS = ("-q", "--hypothesis-profile=ci", *(f"-p{name}" for name in PLUGINS))
"""Options of pytest, for which no installed package is searched for plugins."""


def loaded() -> list[str]:
    """Return the libraries that are loaded: not what is ours, no engine, no plugin."""
    found = []
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        is_library = "site-packages" in file or not file.startswith(str(HOUSE))
        if file and is_library and not name.startswith(("chdb", "_chdb", "__")):
            found.append(name)
    return found


class Watch:
    """Names the test that runs to coverage, and times it."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self._measured.switch_context(item.nodeid)
        begin = time.perf_counter()
        yield
        self.seconds[item.nodeid] = time.perf_counter() - begin
        self._measured.switch_context("")


def main(answer: str, files: list[str], tests: list[str]) -> int:
    """Write `{"seconds": {test: s}, "reached": {file: {line: [test]}}, "loaded"}`."""
    measured = coverage.Coverage(data_file=None, config_file=False, include=files)
    measured.start()
    watch = Watch(measured)
    status = int(pytest.main([*OPTIONS, *tests], plugins=[watch]))
    measured.stop()
    data = measured.get_data()
    reached: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for file in data.measured_files():
        for line, names in data.contexts_by_lineno(file).items():
            reached[file][line] = sorted(names)
    found = {"seconds": watch.seconds, "reached": reached, "loaded": loaded()}
    Path(answer).write_text(json.dumps(found), "utf-8")
    return status


if __name__ == "__main__":
    _, answer, n_files, *rest = sys.argv
    sys.exit(main(answer, rest[: int(n_files)], rest[int(n_files) :]))
