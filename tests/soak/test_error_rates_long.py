"""Coverage of intervals and error rates of tests, over the sizes that people run."""

from itertools import product

import pytest
from worlds import World, coverage, rejections

KINDS = ("normal", "grade", "bool")
SIZES = (20, 100, 1000)
TRIALS = (1, 3, 10)
WORLDS = [World(*world) for world in product(KINDS, SIZES, TRIALS)]


def n_runs(world: World) -> int:
    return 4000 if world.n_examples < 1000 else 1000


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_intervals_cover_93_to_97_percent(world: World) -> None:
    rate = coverage(world, runs=n_runs(world), seed=11)
    print(f"coverage {rate:.4f} ± {(rate * (1 - rate) / n_runs(world)) ** 0.5:.4f}")
    slack = 0.012 if world.kind == "bool" and world.trials == 1 else 0.0  # Wilson steps
    assert 0.93 - slack <= rate <= 0.97 + slack


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_tests_reject_4_to_6_percent_of_equal_systems(world: World) -> None:
    rate = rejections(world, runs=n_runs(world), seed=12)
    print(f"rejected {rate:.4f} ± {(rate * (1 - rate) / n_runs(world)) ** 0.5:.4f}")
    discrete = world.kind == "bool" and world.trials == 1 and world.n_examples < 100
    slack = 3 * (0.05 * 0.95 / n_runs(world)) ** 0.5
    assert (0.02 if discrete else 0.05 - slack) <= rate <= 0.05 + slack
