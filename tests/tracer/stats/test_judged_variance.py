"""Variance between examples, between trials, and of the judge."""

from typing import Any

import numpy
import pytest

from tracer.stats import split_variance, summarize
from tracer.stats._variance import Nesting, split_judged_variance


def judged(values: list[list[list[float]]]) -> list[dict[str, Any]]:
    """Rows of sums; values are examples x trials x judgements."""
    return [
        {"score": "tone", "type": "number", "example_id": str(number)}
        | {"n": sum(map(len, trials)), "sum": sum(map(sum, trials))}
        | {"sum_squares": sum(value**2 for trial in trials for value in trial)}
        | {"values": [value for trial in trials for value in trial]}
        | {"trials": [index for index, trial in enumerate(trials) for _ in trial]}
        for number, trials in enumerate(values)
    ]


def nesting(values: Any) -> Nesting:
    sums = Nesting()
    for trials in values:
        sums.add(trials)
    return sums


def test_a_nested_split_follows_the_mean_squares() -> None:
    # three examples x two trials x two judgements, by hand:
    # SS judge 6 * 0.5 = 3 (6 df), SS trials 12 (3 df), SS examples 128 (2 df)
    values = [[[m + t - 0.5, m + t + 0.5] for t in (-1, 1)] for m in (2.0, 6.0, 10.0)]
    split = split_judged_variance(nesting(values))
    assert split is not None and split.judge is not None
    assert split.judge == pytest.approx(0.5)
    assert split.within == pytest.approx((4.0 - 0.5) / 2)
    assert split.between == pytest.approx((64.0 - 4.0) / 4)
    assert split.share_between == pytest.approx(15 / (15 + 1.75 + 0.5))


def test_the_sums_of_judgements_are_what_their_names_say() -> None:
    sums = nesting([[[1.0, 3.0], [2.0]], [[4.0]], [[], []]])
    assert (sums.n, sums.n_trials, sums.n_examples) == (4, 3, 2)
    assert (sums.total, sums.squares) == (10.0, 1 + 9 + 4 + 16)
    assert sums.trial_squares == 4**2 / 2 + 2**2 + 4**2
    assert sums.example_squares == 6**2 / 3 + 4**2
    assert sums.trial_shares == (2**2 + 1) / 3 + 1
    assert (sums.trial_sizes, sums.example_sizes) == (4 + 1 + 1, 9 + 1)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_unequal_trials_are_split_by_their_mean_squares_in_any_unit(
    unit: float,
) -> None:
    groups = [[1.0, 3.0], [7.0], [4.0, 5.0, 9.0], [12.0, 10.0]]
    groups = [[unit * value for value in values] for values in groups]
    flat = numpy.concatenate(groups)
    within = sum(numpy.var(values) * len(values) for values in groups) / (8 - 4)
    apart = [len(v) * (numpy.mean(v) - flat.mean()) ** 2 for v in groups]
    size = (8 - (4 + 1 + 9 + 4) / 8) / 3
    clusters = [(len(v), sum(v), sum(x * x for x in v)) for v in groups]
    split = split_variance([(0, 0.0, 0.0), *clusters])
    assert split is not None
    assert split.within == pytest.approx(within)
    assert split.between == pytest.approx((sum(apart) / 3 - within) / size)


def test_trials_that_differ_by_rounding_alone_have_no_spread() -> None:
    value = 1000.1
    split = split_variance([(3, 3 * value, 3 * value * value)] * 2)
    assert split is not None
    assert (split.within, split.between, split.share_between) == (0.0, 0.0, None)


def test_the_three_parts_are_found_again_in_unequal_numbers() -> None:
    draw = numpy.random.default_rng(5)
    values = []
    for _ in range(1500):
        example = draw.normal(0, 2)
        trials = [example + draw.normal(0, 1) for _ in range(draw.integers(1, 5))]
        values.append(
            [list(trial + draw.normal(0, 0.5, draw.integers(1, 4))) for trial in trials]
        )
    split = split_judged_variance(nesting(values))
    assert split is not None and split.judge_sd is not None
    found = (split.between_sd, split.within_sd, split.judge_sd)
    assert found == pytest.approx((2, 1, 0.5), rel=0.06)


def test_single_trials_leave_their_noise_with_the_examples() -> None:
    split = split_judged_variance(nesting([[[1.0, 2.0]], [[4.0, 6.0]], [[3.0]]]))
    assert split is not None
    assert (split.within, split.judge) == (0.0, pytest.approx((0.5 + 2.0) / 2))


def test_without_a_second_judgement_the_judges_part_is_unknown() -> None:
    assert split_judged_variance(nesting([[[1.0], [2.0]], [[3.0], [5.0]]])) is None
    summary = summarize(judged([[[1.0], [2.0]], [[3.0], [5.0]]]))["tone"]
    assert summary.variance is not None
    assert (summary.variance.judge, summary.variance.judge_sd) == (None, None)
    assert summary.variance.within == pytest.approx((0.5 + 2.0) / 2)


def test_noise_for_planning_holds_trials_and_judge_as_a_mean_of_them_does() -> None:
    draw = numpy.random.default_rng(3)
    values = [
        [list(draw.normal(0, 1) + draw.normal(0, 1, 4)) for _ in range(3)]
        for _ in range(800)
    ]
    summary = summarize(judged(values))["tone"]
    # a mean of 3 trials x 4 judgements has variance 1/3 + 1/12
    assert summary.noise_sd is not None
    assert summary.noise_sd**2 / 12 == pytest.approx(1 / 3 + 1 / 12, rel=0.06)
