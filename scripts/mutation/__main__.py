"""Mutation testing of the rooms where a wrong sign would be believed.

``python scripts/mutation [ROOM [FILE …]]`` changes one place of a file at a time and
runs the tests that reach it. A change that no test notices is a survivor: it wants a
test, or a line in `rooms.toml` with the reason why nobody could tell.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HOUSE = HERE.parents[1]
sys.path[0] = str(HERE)

from mutants import mutants  # noqa: E402
from trials import NOT_TRIED, SURVIVED, UNREACHED, Trial, run  # noqa: E402

OPEN = (SURVIVED, UNREACHED, NOT_TRIED)
"""What must not become of a mutant."""

AT_ONCE = int(os.environ.get("TRACER_MUTANTS_AT_ONCE", "2"))


def main(wanted: list[str]) -> int:
    """Try all mutants of the rooms; return 1 if one survived without a reason."""
    os.chdir(HOUSE)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp()
    rooms = tomllib.loads((HERE / "rooms.toml").read_text("utf-8"))
    names, parts = wanted[:1] or rooms, wanted[1:]
    return min(sum(_tried(name, rooms[name], parts) for name in names), 1)


def _tried(name: str, room: dict[str, Any], parts: list[str]) -> int:
    found = sorted(file for glob in room["files"] for file in HOUSE.glob(glob))
    files = [file for file in found if not parts or file.name in parts]
    paths = [file.relative_to(HOUSE) for file in files]
    baseline = _baseline(files, room["tests"])
    for module in baseline["loaded"]:
        _preload(module)
    options = [given for given in room["tests"] if given.startswith("--confcutdir")]
    trials = [
        _trial(mutant, baseline, options)
        for path in paths
        for mutant in mutants(path, HOUSE)
    ]
    known = {name for one in room.get("equivalent", ()) for name in one["mutants"]}
    counts: Counter[str] = Counter()
    seconds = baseline["seconds"]
    unchanged = Trial(None, list(seconds), options, sum(seconds.values()))
    for _, fate in run([unchanged], HOUSE, at_once=1):
        assert fate == SURVIVED, "the tests do not pass in a fork without any change"
    print(f"{name}: {len(trials)} mutants of {len(files)} files", flush=True)
    for trial, fate in run(trials, HOUSE, at_once=AT_ONCE):
        mutant = trial.mutant
        assert mutant is not None
        is_known = fate in (SURVIVED, UNREACHED) and mutant.name in known
        fate = "equivalent" if is_known else fate
        counts[fate] += 1
        if fate in OPEN:
            place = f"{mutant.path}:{mutant.line}"
            print(f"{fate} {place}: {mutant.was} -> {mutant.becomes}", flush=True)
    print(f"{name}: " + ", ".join(f"{n} {fate}" for fate, n in counts.most_common()))
    return sum(counts[fate] for fate in OPEN)


def _baseline(files: list[Path], tests: list[str]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile() as answer:
        given = [answer.name, len(files), *files, *tests]
        command = [sys.executable, HERE / "baseline.py", *given]
        subprocess.run(list(map(str, command)), check=True, stdout=sys.stderr)
        found: dict[str, Any] = json.load(answer)
        return found


def _preload(module: str) -> None:
    try:
        importlib.import_module(module)
    except Exception:
        print(f"not loaded before: {module}", file=sys.stderr)


def _trial(mutant: Any, baseline: dict[str, Any], options: list[str]) -> Trial:
    lines = baseline["reached"].get(str(HOUSE / mutant.path), {})
    seconds = baseline["seconds"]
    names = set(lines.get(str(mutant.line), ()))
    chosen = seconds if "" in names else names
    tests = sorted(chosen, key=seconds.__getitem__)
    return Trial(mutant, tests, options, sum(seconds[test] for test in tests))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
