"""The wrapped openai client beside the bare one."""

import sys
from collections.abc import Mapping

from benchmarks import processes, rounds, sink
from benchmarks.goals import BEST_PEER, YARDSTICK, Goal, show_goals
from benchmarks.rounds import Found, Lineup
from benchmarks.tables import show

CANNED_ROUNDS, SOCKET_ROUNDS = 5, 2
QUICK: Lineup = dict.fromkeys(("nothing", "tracer"), sys.executable)
GOALS = [
    Goal("a call, caller CPU", "call.cpu_us", 1, BEST_PEER),
    Goal("a call, caller CPU, µs", "call.cpu_us", 90),
    Goal("a call, caller CPU", "call.cpu_us", 1, YARDSTICK),
    Goal("a call, process CPU", "call.process_cpu_us", 1, BEST_PEER),
    Goal("a chunk, caller CPU", "chunk.cpu_us", 1, BEST_PEER),
    Goal("a chunk, caller CPU, µs", "chunk.cpu_us", 6),
    Goal("a chunk, caller CPU", "chunk.cpu_us", 1, YARDSTICK),
]
FIGURES = {
    "+ CPU a call": "call.cpu_us",
    "+ process CPU a call": "call.process_cpu_us",
    "+ wall a call": "call.wall_us",
    "+ CPU a chunk": "chunk.cpu_us",
    "+ wall a chunk": "chunk.wall_us",
}


def run(lineup: Lineup = QUICK) -> None:
    """Measure with answers from memory, then over a real socket."""
    with sink.running() as url:
        show_canned(rounds.run(lineup, "canned", url, n_rounds=CANNED_ROUNDS))
        command = [sys.executable, "-m", "examples.openai_server"]
        with processes.running(command) as server:
            more = [url, server.url]
            show_socket(rounds.run(lineup, "socket", *more, n_rounds=SOCKET_ROUNDS))


def show_canned(found: Mapping[str, Found]) -> None:
    print(
        "Microseconds beyond the bare client, which takes turns with the wrapped one "
        "call by call; medians of pairs, and of rounds (lowest–highest). Process CPU "
        "includes the export. Answers come from memory: besides the tracing there is "
        "only the client's own work, so this is the table to trust.\n"
    )
    _show(found)
    show_goals(GOALS, found)


def show_socket(found: Mapping[str, Found]) -> None:
    print(
        "\nThe same with a server in another process at the end of a socket; its words "
        "are others, so only the input is looked for:\n"
    )
    _show(found)


def _show(found: Mapping[str, Found]) -> None:
    if YARDSTICK in found:
        found[YARDSTICK].title = "OpenTelemetry's genai-openai"
    rows = [
        [
            each.title,
            *(each.told(figure) for figure in FIGURES.values()),
            each.arrived,
            each.content,
        ]
        for each in found.values()
    ]
    show(("", *FIGURES, "spans", "content seen"), rows)
    bare = [each.middle("call.bare_cpu_us") for each in found.values()]
    chunk = [each.middle("chunk.bare_cpu_us") for each in found.values()]
    print(
        f"\nThe bare client itself takes {min(bare):,.0f} to {max(bare):,.0f} µs of "
        f"CPU a call and {min(chunk):,.0f} to {max(chunk):,.0f} a chunk."
    )
