"""How long everybody's import takes, and what everybody's install weighs."""

import tempfile
from collections.abc import Mapping, Sequence

from benchmarks import sink
from benchmarks.contestants import CONTESTANTS
from benchmarks.cpu_time import cpu_ms
from benchmarks.environments import Environment
from benchmarks.goals import BEST_PEER, Goal, show_goals
from benchmarks.rounds import Found, Lineup, environment
from benchmarks.tables import show

ROUNDS = 5
GOALS = [
    Goal("import, CPU ms", "import_ms", 90),
    Goal("import, CPU ms", "import_ms", 1, BEST_PEER),
    Goal("import and set-up, CPU ms", "ready_ms", 1, BEST_PEER),
    Goal("installed, MiB", "size_mb", 14),
    Goal("installed, MiB", "size_mb", 1, BEST_PEER),
]


def run(lineup: Lineup, environments: Mapping[str, Environment]) -> None:
    """Measure imports in turn, and weigh the environments."""
    imported = {n: p for n, p in lineup.items() if CONTESTANTS[n].imports}
    imported.pop("sdk-json", None)
    with sink.running() as url, tempfile.TemporaryDirectory() as home:
        found = _measured(imported, url, home)
    for name, each in found.items():
        place = environments[CONTESTANTS[name].environment]
        for told in each.rounds:
            told |= {"size_mb": place.size_mb, "n_packages": place.n_packages}
    print(
        f"CPU milliseconds beyond bare Python, medians of {ROUNDS} rounds (lowest–"
        "highest): of the import that an application writes; of import and set-up "
        "together, beyond a Python with json, logging and urllib loaded. Installed: "
        "MiB with byte code, before the OpenAI part came on top.\n"
    )
    rows = [
        [each.title, each.told("import_ms"), each.told("ready_ms")]
        + [each.told("size_mb").partition(" ")[0], int(each.middle("n_packages"))]
        for each in found.values()
    ]
    show(("", "import", "import and set-up", "MiB", "packages"), rows)
    show_goals(GOALS, found)


def _measured(lineup: Lineup, url: str, home: str) -> dict[str, Found]:
    found = {name: Found(name) for name in lineup}
    for number in range(ROUNDS + 1):
        for name, python in lineup.items():
            bare_ms = _took_ms([python, "-c", "pass"], home)
            imports = [python, "-c", CONTESTANTS[name].imports]
            worker = [python, "-P", "-m", "benchmarks.worker"]
            nothing_ms = _took_ms([*worker, "nothing", "ready", url], home)
            told = {
                "import_ms": _took_ms(imports, home) - bare_ms,
                "ready_ms": _took_ms([*worker, name, "ready", url], home) - nothing_ms,
            }
            if number:  # the first round compiles
                found[name].rounds.append(told)
    return found


def _took_ms(command: Sequence[str], home: str) -> float:
    surroundings = environment(home)
    if "-c" in command:
        surroundings.pop("PYTHONPATH")
    return cpu_ms(command, capture_output=True, env=surroundings, cwd=home)
