"""Contestants in turn, each time in a process of its own: A B C, B C A, C A B …"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.arrivals import MARKS
from benchmarks.contestants import CONTESTANTS
from benchmarks.environments import HOUSE

WORKER_LIMIT_S = 180
Lineup = Mapping[str, str]
"""Python interpreters by the names of contestants."""


@dataclass
class Found:
    """What one contestant showed: a record of figures for each round."""

    name: str
    rounds: list[dict[str, Any]] = field(default_factory=list)
    trouble: str = ""
    """Why it showed nothing, or not in each round."""
    title: str = ""
    """What the tables call it; as it calls itself if not given."""

    def __post_init__(self) -> None:
        self.title = self.title or CONTESTANTS[self.name].title

    def values(self, figure: str) -> list[float]:
        """Return a figure of each round, oldest first."""
        return [float(each[figure]) for each in self.rounds]

    def middle(self, figure: str) -> float:
        return median(self.values(figure))

    def told(self, figure: str) -> str:
        """Return the median, and between what the rounds were."""
        return spread(self.values(figure))

    @property
    def arrived(self) -> str:
        """How many spans arrived, of those that were made; all rounds together."""
        if self.name == "nothing":
            return "–"
        arrived, sent = sum(self.values("arrived")), sum(self.values("sent"))
        return f"{arrived:,.0f} of {sent:,.0f}"

    @property
    def content(self) -> str:
        """What of `arrivals.MARKS` was seen, and what the sink could not read."""
        seen = {mark for told in self.rounds for mark in told["marks"]}
        unread = {line for told in self.rounds for line in told["unread"]}
        marks = [mark for mark in MARKS if mark in seen]
        return ", ".join([*marks, *(f"unread: {line}" for line in unread)]) or "none"


def spread(values: Sequence[float]) -> str:
    middle = _rounded(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({_rounded(min(values))}–{_rounded(max(values))})"


def _rounded(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def run(
    lineup: Lineup, mode: str, url: str, *more: str, n_rounds: int
) -> dict[str, Found]:
    """Run a mode of `benchmarks.worker`, so many rounds; by the names of contestants.

    One that fails once is left out of the rounds that follow, and says so.
    """
    found = {name: Found(name) for name in lineup}
    begun_s = time.monotonic()
    for number in range(n_rounds):
        names = list(lineup)
        turned = names[number % len(names) :] + names[: number % len(names)]
        for name in turned:
            if found[name].trouble:
                continue
            try:
                told = work(lineup[name], name, mode, url, *more)
            except WorkerFailedError as error:
                found[name].trouble = f"{mode}: {error}"
                print(f"{name}, {found[name].trouble}", file=sys.stderr)
                continue
            found[name].rounds.append(told)
    took_s = time.monotonic() - begun_s
    print(f"({mode}: {n_rounds} rounds, {took_s:.0f} s)", file=sys.stderr)
    return {name: each for name, each in found.items() if each.rounds}


class WorkerFailedError(Exception):
    """A contestant's process failed; says how in a line."""


def work(python: str, name: str, mode: str, *more: str) -> dict[str, Any]:
    """Run a contestant once, at home in a directory of its own."""
    command = [python, "-P", "-m", "benchmarks.worker", name, mode, *more]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        try:
            done = subprocess.run(
                command,
                env=environment(home),
                cwd=home,
                capture_output=True,
                text=True,
                timeout=WORKER_LIMIT_S,
            )
        except subprocess.TimeoutExpired:
            raise WorkerFailedError(f"not done in {WORKER_LIMIT_S} s") from None
    with contextlib.suppress(ValueError, IndexError):
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told
    said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
    raise WorkerFailedError(said[-1])


def environment(home: str) -> dict[str, str]:
    """Return the surroundings of a contestant: nothing of the user's settings."""
    ours = {"HOME": home, "PYTHONPATH": str(HOUSE), "NO_PROXY": "127.0.0.1"}
    kept = ("PATH", "LANG", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | ours
