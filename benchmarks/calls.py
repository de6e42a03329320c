"""Decorated calls, beside the SDK's spans and beside no tracing at all."""

import sys
from collections.abc import Mapping

from benchmarks import rounds, sink
from benchmarks.calls_here import N_BURST, N_PACED
from benchmarks.goals import BEST_PEER, YARDSTICK, Goal, show_goals
from benchmarks.rounds import Found, Lineup
from benchmarks.tables import show

PACED_ROUNDS, BURST_ROUNDS = 5, 2
QUICK: Lineup = dict.fromkeys(("nothing", "sdk", "sdk-json", "tracer"), sys.executable)
FIGURES = {
    "median": "median_us",
    "p99": "p99_us",
    "caller CPU": "caller_cpu_us",
    "process CPU": "process_cpu_us",
}

PACED_GOALS = [
    Goal("sync, median", "sync.median_us", 1.4, YARDSTICK),
    Goal("sync, median", "sync.median_us", 0.45, BEST_PEER),
    Goal("sync, median, µs", "sync.median_us", 20),
    Goal("async, median", "async.median_us", 1.4, YARDSTICK),
    Goal("async, median", "async.median_us", 0.45, BEST_PEER),
    Goal("async, median, µs", "async.median_us", 20),
    Goal("sync, p99", "sync.p99_us", 0.52, BEST_PEER),
    Goal("sync, p99, µs", "sync.p99_us", 150),
    Goal("sync, process CPU", "sync.process_cpu_us", 0.3, BEST_PEER),
    Goal("sync, process CPU, µs", "sync.process_cpu_us", 35),
    Goal("generator, median", "generator.median_us", 1, BEST_PEER),
    Goal("20 kB, median", "20 kB.median_us", 0.38, BEST_PEER),
    Goal("20 kB, median, µs", "20 kB.median_us", 30),
    Goal("20 kB, process CPU", "20 kB.process_cpu_us", 1, BEST_PEER),
]
"""The factors of the first ones are those of docs/benchmarks.md; 1 is "below all"."""

BURST_GOALS = [
    Goal("a call, µs", "us_per_call", 0.26, BEST_PEER),
    Goal("a call, µs", "us_per_call", 25),
    Goal("lost", "lost", 0, in_every_round=True),
    Goal("memory, + MiB", "rss_growth_mb", 100, in_every_round=True),
]


def run(lineup: Lineup = QUICK) -> None:
    """Measure the contestants in turn, several times, each in a process of its own."""
    with sink.running() as url:
        show_paced(rounds.run(lineup, "paced", url, n_rounds=PACED_ROUNDS))
        show_burst(rounds.run(lineup, "burst", url, n_rounds=BURST_ROUNDS))


def show_paced(found: Mapping[str, Found]) -> None:
    n_calls = "/".join(map(str, N_PACED.values()))
    print(
        f"Paced calls ({'/'.join(N_PACED)}: {n_calls} a round), microseconds a call "
        f"beyond the undecorated one; medians of {_n_rounds(found)} rounds (lowest–"
        "highest).\n"
    )
    for part in N_PACED:
        rows = [
            [each.title, *(each.told(f"{part}.{field}") for field in FIGURES.values())]
            + [_ratio(each, found, f"{part}.median_us")]
            for each in found.values()
        ]
        show((part, *FIGURES, "median × SDK's"), rows)
        print()
    recorded = [[each.title, each.arrived, each.content] for each in found.values()]
    show(("", "spans arrived, of sent", "content seen"), recorded)
    show_goals(PACED_GOALS, found)


def show_burst(found: Mapping[str, Found]) -> None:
    print(
        f"\n{N_BURST:,} calls as fast as they go (cut at 40 s), 200 bytes in and 500 "
        "out; process CPU and memory with the flush after them; what is lost, one "
        "figure a round.\n"
    )
    for each in found.values():
        for told in each.rounds:
            told["lost"] = told["sent"] - told["arrived"]
    rows = [
        [
            each.title,
            f"{each.middle('n_calls'):,.0f}",
            each.told("us_per_call"),
            each.told("cpu_us_per_call"),
            each.told("rss_growth_mb"),
            _lost(each),
        ]
        for each in found.values()
    ]
    show(("", "calls", "µs a call", "process CPU µs", "memory, + MiB", "lost"), rows)
    show_goals(BURST_GOALS, found)


def _n_rounds(found: Mapping[str, Found]) -> int:
    return max((len(each.rounds) for each in found.values()), default=0)


def _ratio(each: Found, found: Mapping[str, Found], figure: str) -> str:
    yardstick = found.get(YARDSTICK)
    if yardstick is None or each.name == "nothing":
        return "–"
    both = zip(each.values(figure), yardstick.values(figure), strict=False)
    return rounds.spread([mine / floor for mine, floor in both])


def _lost(each: Found) -> str:
    if each.name == "nothing":
        return "–"
    return " / ".join(f"{lost:,.0f}" for lost in each.values("lost"))
