"""A logged row beside Weave's, each in an environment of its own and in turn."""

from benchmarks import rounds, sink
from benchmarks.contestants import CONTESTANTS
from benchmarks.environments import NotInstalledError, ready
from benchmarks.goals import Goal, show_goals
from benchmarks.rounds import Found
from benchmarks.tables import show

N_ROUNDS = 3
GOALS = [
    Goal("a row with 3 scores", "row_us", 0.05, "best peer"),
    Goal("caller CPU", "caller_cpu_us", 0.05, "best peer"),
]
"""A twentieth of Weave's, as it comes."""

FIGURES = {"a row": "row_us", "caller CPU": "caller_cpu_us"}
FIGURES |= {"process CPU": "process_cpu_us"}


def run() -> None:
    """Measure both, or say why that cannot be."""
    try:
        places = {name: ready(name) for name in ("tracer", "weave")}
    except NotInstalledError as error:
        print(f"- {error}")
        return
    lineup = {name: place.python for name, place in places.items()}
    versions = [
        f"{name} {place.versions[CONTESTANTS[name].distribution]}"
        for name, place in places.items()
    ]
    with sink.running() as url:
        found = rounds.run(lineup, "rows", url, n_rounds=N_ROUNDS)
        only = {"weave": lineup["weave"]}
        bare = rounds.run(only, "rows", url, "untraced", n_rounds=N_ROUNDS)
    for each in bare.values():
        each.title = "weave, trace_scores=False"
    print(
        "\nA prediction and 3 scores, microseconds a row; medians of "
        f"{N_ROUNDS} rounds (lowest–highest). Versions: "
        f"{', '.join(versions)}.\n"
    )
    show(
        ["", *FIGURES, "rows", "spans arrived"],
        [_line(each) for each in (*found.values(), *bare.values())],
    )
    show_goals(GOALS, found)


def _line(found: Found) -> list[object]:
    figures = [found.told(figure) for figure in FIGURES.values()]
    return [found.title, *figures, int(sum(found.values("n_rows"))), found.arrived]
