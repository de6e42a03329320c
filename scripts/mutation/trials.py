"""Runs the tests that reach a mutant, each mutant in a fork of its own."""

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

from baseline import OPTIONS
from mutants import Mutant, code_of

LEAST_S = 20.0
"""A mutant may take this long, and the more the longer its tests take without one."""

MOST_BYTES = 4 << 30
"""A mutant may take so much memory: a loop that never ends may fill it."""

KILLED, SURVIVED, TIMED_OUT, UNREACHED = "killed", "SURVIVED", "timed out", "UNREACHED"
NOT_TRIED = "NOT TRIED"
FATES = {0: SURVIVED, **dict.fromkeys((4, 5, 99), NOT_TRIED)}
"""Status of pytest → what it means for a mutant; any other: it was noticed."""


@dataclass(frozen=True)
class Trial:
    """A mutant and the tests to hold it against, the quickest first."""

    mutant: Mutant | None
    """What is changed; None for nothing, to see that the tests pass in a fork."""

    tests: Sequence[str]
    """The tests that reach it."""

    options: Sequence[str]
    """Options of pytest for the room."""

    usual_s: float
    """How long they take without a change."""


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from changed code."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(
            fullname,
            self._path,
            loader=self,  # type: ignore[arg-type]
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def run(
    trials: Iterable[Trial], house: Path, *, at_once: int
) -> Iterator[tuple[Trial, str]]:
    """Yield what became of each mutant, as they end."""
    running: dict[int, tuple[Trial, float]] = {}
    waiting = iter(trials)
    is_over = False
    while running or not is_over:
        while not is_over and len(running) < at_once:
            trial = next(waiting, None)
            is_over = trial is None
            if trial is not None and trial.tests:
                end = time.monotonic() + LEAST_S + 5 * trial.usual_s
                running[_forked(trial, house)] = trial, end
            elif trial is not None:
                yield trial, UNREACHED
        time.sleep(0.02)
        yield from _ended(running)


def _ended(running: dict[int, tuple[Trial, float]]) -> Iterator[tuple[Trial, str]]:
    for pid, (trial, end) in list(running.items()):
        done, status = os.waitpid(pid, os.WNOHANG)
        late = not done and time.monotonic() > end
        if late:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        if done or late:
            del running[pid]
            code = os.waitstatus_to_exitcode(status)
            yield trial, TIMED_OUT if late else FATES.get(code, KILLED)


def _forked(trial: Trial, house: Path) -> int:
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    status = 99
    try:
        os.setpgid(0, 0)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
        status = _tested(trial, house)
    finally:
        os._exit(status)


def _tested(trial: Trial, house: Path) -> int:
    import pytest

    if trial.mutant is not None:
        path = trial.mutant.path
        name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        code = code_of(trial.mutant, house)
        sys.meta_path.insert(0, _Changed(name, house / path, code))
        try:
            importlib.import_module(name)
        except Exception:
            return int(pytest.ExitCode.TESTS_FAILED)
    given = (*OPTIONS, *trial.options, "-x", "--assert=plain")
    return int(pytest.main([*given, *trial.tests]))
