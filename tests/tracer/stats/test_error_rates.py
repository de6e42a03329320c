"""Short form of tests/soak/test_error_rates_long.py: same worlds, fewer runs."""

import pytest
from worlds import World, coverage, rejections

RUNS = 1500
SLACK = 3 * (0.05 * 0.95 / RUNS) ** 0.5  # three standard errors of a rate of 5 %

WORLDS = [
    World("normal", 20, 1),
    World("normal", 20, 5),
    World("grade", 30, 3),
    World("bool", 30, 5, mean=0.8),
]


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_intervals_hold_the_truth_in_95_percent_of_runs(
    world: World,
) -> None:
    assert coverage(world, runs=RUNS, seed=1) == pytest.approx(0.95, abs=SLACK)


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_equal_systems_are_called_different_in_5_percent_of_runs(world: World) -> None:
    assert rejections(world, runs=RUNS, seed=2) == pytest.approx(0.05, abs=SLACK)


def test_single_yes_no_is_right_as_often_as_it_says() -> None:
    world = World("bool", 20, 1)
    assert coverage(world, runs=RUNS, seed=3) == pytest.approx(0.95, abs=SLACK)
    world = World("bool", 40, 1, mean=0.6)
    assert rejections(world, runs=RUNS, seed=3) == pytest.approx(0.05, abs=SLACK)
