"""How often the interval of a kappa holds the truth, as docs/statistics.md says."""

from typing import Any

import numpy
import pytest

from tracer.stats import agreement

STUDIES = 1500
MANY = 200_000


def rated(random: Any, n: int, *, alike: float, cuts: list[float]) -> Any:
    """Return the ratings that two raters give to `n` outputs that they see alike."""
    seen = random.normal(size=n)
    return [
        numpy.digitize(
            alike**0.5 * seen + (1 - alike) ** 0.5 * random.normal(size=n), cuts
        )
        for _ in range(2)
    ]


def kappa(ones: Any, others: Any) -> Any:
    return agreement(numbered(ones, others))


def numbered(ones: Any, others: Any) -> Any:
    both = zip(ones.tolist(), others.tolist(), strict=True)
    return ((number, *pair) for number, pair in enumerate(both))


@pytest.mark.parametrize("n", [20, 40, 100])
@pytest.mark.parametrize("alike", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(
    ("cuts", "least"),
    [
        ([0.0], 0.93),  # yes/no, half of them yes
        ([-1.0, -0.3, 0.3, 1.0], 0.915),  # 1 to 5, all of it used
        ([-2.0, -1.6, -1.2, -0.5], 0.78),  # two thirds a 5: too rarely, and it is said
    ],
)
def test_the_interval_of_kappa_holds_the_truth_as_often_as_the_page_says(
    n: int, alike: float, cuts: list[float], least: float
) -> None:
    random = numpy.random.default_rng(1)
    truth = kappa(*rated(random, MANY, alike=alike, cuts=cuts)).kappa
    held = []
    for _ in range(STUDIES):
        found = kappa(*rated(random, n, alike=alike, cuts=cuts))
        if found.kappa_ci95 is not None:
            low, high = found.kappa_ci95
            held.append(low <= truth <= high)

    assert len(held) > STUDIES / 4
    assert least <= sum(held) / len(held) <= 0.98
