from math import sqrt

import pytest
from scipy.stats import nct, t

from tracer.stats import Plan, detectable_difference, examples_needed, plan, summarize


def power_of(difference: float, error: float, n: int, *, alpha: float) -> float:
    """Chance that the paired t test shows it, by the noncentral t distribution."""
    critical = t.ppf(1 - alpha / 2, n - 1)
    return float(nct.sf(critical, n - 1, difference / error))


@pytest.mark.parametrize(("power", "alpha"), [(0.8, 0.05), (0.9, 0.01)])
@pytest.mark.parametrize("n", [2, 3, 25])
def test_a_detectable_difference_is_shown_with_the_power_that_was_asked_for(
    n: int, power: float, alpha: float
) -> None:
    found = detectable_difference(
        n_examples=n,
        trials=4,
        within_sd=0.4,
        between_sd=0.3,
        power=power,
        alpha=alpha,
    )
    error = sqrt((0.3**2 + 2 * 0.4**2 / 4) / n)
    assert found is not None
    assert power_of(found, error, n, alpha=alpha) == pytest.approx(power, abs=1e-5)


def test_one_trial_each_and_power_and_level_are_the_usual_ones_unless_given() -> None:
    usual = {"trials": 1, "between_sd": 0.0, "power": 0.8, "alpha": 0.05}
    found = detectable_difference(n_examples=9, within_sd=0.3)
    assert found == detectable_difference(n_examples=9, within_sd=0.3, **usual)
    n_examples = examples_needed(0.1, within_sd=0.3)
    assert n_examples == examples_needed(0.1, within_sd=0.3, **usual)
    assert plan(0.1, within_sd=0.3, trials=[1]) == [Plan(1, n_examples)]
    assert found is not None
    error = sqrt(2 * 0.3**2 / 9)
    assert power_of(found, error, 9, alpha=0.05) == pytest.approx(0.8, abs=1e-5)


@pytest.mark.parametrize("difference", [20.0, 1.0, -0.4, 0.15, 0.02])
def test_examples_needed_are_the_fewest_that_show_the_difference(
    difference: float,
) -> None:
    noise = {"trials": 3, "within_sd": 0.3, "between_sd": 0.1}
    n_examples = examples_needed(difference, **noise)

    def visible(n: int) -> float:
        return detectable_difference(n_examples=n, **noise) or float("inf")

    assert visible(n_examples) <= abs(difference) < visible(n_examples - 1)


def test_a_plan_weighs_examples_against_trials() -> None:
    plans = plan(0.1, within_sd=0.3, between_sd=0.2, power=0.9, alpha=0.01)
    assert [one.trials for one in plans] == [1, 2, 3, 5, 10]
    for one in plans:
        assert one.n_predictions == one.trials * one.n_examples
        assert one.n_examples == examples_needed(
            0.1,
            trials=one.trials,
            within_sd=0.3,
            between_sd=0.2,
            power=0.9,
            alpha=0.01,
        )
    assert plans[0].n_examples > plans[-1].n_examples > 2


def test_a_difference_beyond_any_run_is_refused() -> None:
    with pytest.raises(ValueError, match="no number of examples shows .* 1e-09"):
        examples_needed(1e-9, within_sd=1.0)


def test_planner_finds_cohens_number_of_pairs() -> None:
    # Cohen 1988: a paired difference of half a standard deviation, power 0.8 at the
    # two-sided level 0.05, takes 34 pairs; of 0.8 standard deviations, 15.
    sd = 0.5**0.5  # of each run, so that a difference has standard deviation 1
    assert examples_needed(0.5, within_sd=sd) == 34
    assert examples_needed(0.8, within_sd=sd) == 15


def test_more_trials_shrink_what_a_run_can_show_until_examples_decide() -> None:
    def visible(trials: int) -> float:
        found = detectable_difference(
            n_examples=50, trials=trials, within_sd=0.4, between_sd=0.2
        )
        assert found is not None
        return found

    assert visible(1) > visible(5) > visible(1_000_000)
    assert visible(1_000_000) == pytest.approx(
        detectable_difference(n_examples=50, within_sd=0.0, between_sd=0.2), rel=1e-4
    )


def test_one_example_shows_nothing_and_no_difference_needs_no_end_of_examples() -> None:
    assert detectable_difference(n_examples=1, within_sd=1.0) is None
    with pytest.raises(ValueError, match="difference of 0"):
        examples_needed(0, within_sd=1.0)


def test_summary_says_what_the_run_can_see_from_the_noise_of_its_trials() -> None:
    rows = [
        {"score": "s", "type": "number", "example_id": str(i), "n": 2, "sum": 2.0 * i}
        | {"sum_squares": 2.0 * i * i + 2.0}  # values i - 1 and i + 1
        for i in range(10)
    ]
    expected = detectable_difference(n_examples=10, trials=2, within_sd=2**0.5)
    assert summarize(rows)["s"].detectable_difference == pytest.approx(expected)


def test_run_without_noise_does_not_claim_to_see_everything() -> None:
    rows = [
        {"score": "s", "type": "bool", "example_id": str(i), "n": 3, "sum": 3}
        | {"sum_squares": 3}
        for i in range(10)
    ]
    assert summarize(rows)["s"].detectable_difference is None
