"""Coverage of intervals and error rates of tests, over the sizes that people run.

The tables of docs/statistics.md are written from what was drawn here.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from worlds import (
    World,
    coverage,
    pass_coverage,
    quantile_coverage,
    rejections,
    resampled,
)

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"
NAMES = {"normal": "continuous", "grade": "1 to 5", "bool": "yes/no"}
SIZES = (20, 100, 1000)
TRIALS = (1, 3, 10)
WORLDS = [World(*world) for world in product(NAMES, SIZES, TRIALS)]
OTHERS = {
    "median of continuous values": (quantile_coverage, 0.5),
    "95th percentile of continuous values": (quantile_coverage, 0.95),
    "pass@3 of 5 trials": (pass_coverage, "at"),
    "pass^3 of 5 trials": (pass_coverage, "hat"),
}

Rates = dict[tuple[str, str, int, int], str]


def n_runs(world: World) -> int:
    return 4000 if world.n_examples < 1000 else 1000


def told(rate: float, runs: int) -> str:
    error = (rate * (1 - rate) / runs) ** 0.5
    return f"{100 * rate:.1f} ± {100 * error:.1f}"


@pytest.fixture(scope="module")
def rates() -> Iterator[Rates]:
    """Takes every rate; once all are there, they are written to the page."""
    found: Rates = {}
    yield found
    if len(found) == 2 * len(WORLDS) + 2 * 2 * len(NAMES) + len(OTHERS) * len(SIZES):
        page, between = (
            PAGE.read_text("utf-8"),
            r"(<!-- proof:[^\n]*\n).*?(<!-- /proof)",
        )
        written = re.sub(
            between, lambda marks: marks[1] + tables(found) + marks[2], page, flags=re.S
        )
        PAGE.write_text(written, "utf-8")


def tables(rates: Rates) -> str:
    return "\n".join([main_table(rates), resampling_table(rates), other_table(rates)])


def main_table(rates: Rates) -> str:
    lines = [
        "How often the 95 % interval of a mean holds the truth, and how often two "
        "equal systems are called different at the 5 % level, in percent, by number "
        "of trials. Yes/no has a share of yes from 50 to 95 %, another for each run.",
        "",
        "| score | examples | holds · 1 | 3 | 10 | rejects · 1 | 3 | 10 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind, size in product(NAMES, SIZES):
        cells = [
            rates[what, kind, size, trials]
            for what in ("holds", "rejects")
            for trials in TRIALS
        ]
        lines.append(f"| {NAMES[kind]} | {size:,} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def resampling_table(rates: Rates) -> str:
    lines = [
        'The same for `method="resampling"`, 1,000 comparisons each: how often the BCa '
        "interval of the difference between equal systems holds 0, and how often the "
        "permutation test rejects.",
        "",
        "| score | examples | holds | rejects |",
        "| --- | --- | --- | --- |",
    ]
    for kind, size in product(NAMES, (20, 100)):
        cells = [rates[what, kind, size, 3] for what in ("bootstrap", "permutation")]
        lines.append(f"| {NAMES[kind]}, 3 trials | {size:,} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def other_table(rates: Rates) -> str:
    lines = [
        "How often other 95 % intervals hold the truth, by number of examples.",
        "",
        "| figure | 20 | 100 | 1,000 |",
        "| --- | --- | --- | --- |",
    ]
    for name in OTHERS:
        cells = [rates["other", name, size, 5] for size in SIZES]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_intervals_cover_93_to_97_percent(world: World, rates: Rates) -> None:
    rate = coverage(world, runs=n_runs(world), seed=11)
    rates["holds", world.kind, world.n_examples, world.trials] = told(
        rate, n_runs(world)
    )
    assert 0.93 <= rate <= 0.97


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_tests_reject_4_to_6_percent_of_equal_systems(
    world: World, rates: Rates
) -> None:
    rate = rejections(world, runs=n_runs(world), seed=12)
    rates["rejects", world.kind, world.n_examples, world.trials] = told(
        rate, n_runs(world)
    )
    slack = 2 * (0.05 * 0.95 / n_runs(world)) ** 0.5
    assert 0.04 - slack <= rate <= 0.06 + slack


@pytest.mark.parametrize("size", (20, 100))
@pytest.mark.parametrize("kind", NAMES)
def test_resampling_keeps_its_error_rates_too(
    kind: str, size: int, rates: Rates
) -> None:
    runs, world = 1000, World(kind, size, 3)
    held, rejected = resampled(world, runs=runs, seed=13)
    rates["bootstrap", kind, size, 3] = told(held, runs)
    rates["permutation", kind, size, 3] = told(rejected, runs)
    slack = 2 * (0.05 * 0.95 / runs) ** 0.5
    assert 0.93 - slack <= held <= 0.97 + slack
    assert 0.04 - slack <= rejected <= 0.06 + slack


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", OTHERS)
def test_other_intervals_hold_the_truth_as_often_as_they_say(
    name: str, size: int, rates: Rates
) -> None:
    drawn, argument = OTHERS[name]
    kind = "normal" if drawn is quantile_coverage else "bool"
    world = World(kind, size, 5, mean=0.7)
    rate = drawn(world, argument, runs=n_runs(world), seed=14)  # type: ignore[operator]
    rates["other", name, size, 5] = told(rate, n_runs(world))
    is_open = argument == 0.95 and size == 20  # an end is infinite: it holds more
    assert 0.93 <= rate <= (1.0 if is_open else 0.97)
