import pytest

from tracer.stats import detectable_difference, examples_needed, summarize


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
