"""Single yes/no has few outcomes: its error rates are added up, not drawn."""

import numpy
import pytest
from scipy import stats as scipy_stats

from tracer.stats import mcnemar, wilson
from tracer.stats._significance import mcnemar_score

SHARES = numpy.arange(0.5, 0.9501, 0.005)


def held(n: int, share: float) -> float:
    """How often Wilson's interval of `n` yes/no values holds the true share."""
    inside = []
    for passed in range(n + 1):
        low, high = wilson(passed / n, n)
        inside.append(low <= share <= high)
    chances = scipy_stats.binom.pmf(range(n + 1), n, share)
    return float(chances[inside].sum())


@pytest.mark.parametrize(
    ("n", "least", "mean", "most"),
    [(20, 0.925, 0.954, 0.979), (100, 0.927, 0.95, 0.972)],
)
def test_wilson_is_right_on_average_and_jumps_from_share_to_share(
    n: int, least: float, mean: float, most: float
) -> None:
    rates = [held(n, float(share)) for share in SHARES]
    found = (min(rates), float(numpy.mean(rates)), max(rates))
    assert found == pytest.approx((least, mean, most), abs=0.001)


def held_by_mid_p(n: int, share: float) -> float:
    """The same of Clopper and Pearson's interval with mid-p."""
    chances = scipy_stats.binom.pmf(range(n + 1), n, share)
    below = chances.cumsum() - chances / 2
    return float(chances[(below > 0.025) & (below < 0.975)].sum())


def test_the_mid_p_interval_jumps_no_less() -> None:
    rates = [held_by_mid_p(20, float(share)) for share in SHARES]
    assert (min(rates), max(rates)) == pytest.approx((0.929, 0.989), abs=0.001)


def rejected(n: int, differing: float, test: object) -> float:
    """How often equal systems are called different, if this share of pairs differ."""
    total = 0.0
    for discordant in range(n + 1):
        chances = scipy_stats.binom.pmf(range(discordant + 1), discordant, 0.5)
        rejects = [
            test(gained, discordant - gained) < 0.05  # type: ignore[operator]
            for gained in range(discordant + 1)
        ]
        total += scipy_stats.binom.pmf(discordant, n, differing) * sum(
            chance
            for chance, is_wrong in zip(chances, rejects, strict=True)
            if is_wrong
        )
    return float(total)


@pytest.mark.parametrize("n", [20, 30, 50, 100])
def test_single_yes_no_is_called_different_in_4_to_6_percent(n: int) -> None:
    for differing in (0.2, 0.3, 0.4, 0.5):
        assert 0.04 < rejected(n, differing, mcnemar_score) < 0.055
    assert rejected(n, 0.05, mcnemar_score) < 0.055


def test_the_exact_test_and_its_mid_p_reject_too_rarely_for_20_pairs() -> None:
    assert rejected(20, 0.3, mcnemar) < 0.033
