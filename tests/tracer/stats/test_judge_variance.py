"""The split of a judged score's variance, against textbook sums and simulation."""

import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer.stats import split_judge_variance, split_variance

Judged = list[tuple[str, int, float]]


def simulated(
    seed: int, *, examples: float, trials: float, judge: float, shape: list[list[int]]
) -> Judged:
    """Draw judgements; `shape` has the repeats of each trial of each example."""
    rng = random.Random(seed)
    found: Judged = []
    for number, of_trials in enumerate(shape):
        example = rng.gauss(3.0, examples)
        for trial, repeats in enumerate(of_trials):
            output = example + rng.gauss(0.0, trials)
            found += [
                (str(number), trial, output + rng.gauss(0.0, judge))
                for _ in range(repeats)
            ]
    return found


def test_balanced_judgements_are_split_as_by_hand() -> None:
    """2 examples x 2 trials x 2 repeats; mean squares 18, 1 and 0.5 by hand."""
    found = split_judge_variance(
        [
            *(("a", 0, 0.0), ("a", 0, 1.0), ("a", 1, 1.0), ("a", 1, 2.0)),
            *(("b", 0, 3.0), ("b", 0, 4.0), ("b", 1, 4.0), ("b", 1, 5.0)),
        ]
    )
    assert found is not None
    assert found.judge == pytest.approx(0.5)
    assert found.trials == pytest.approx((1 - 0.5) / 2)
    assert found.examples == pytest.approx((18 - 0.5 - 2 * 0.25) / 4)
    assert found.judge_share == pytest.approx(0.5 / 5)
    assert (found.n_examples, found.n_judgements) == (2, 8)


@pytest.mark.parametrize(
    "shape",
    [
        [[2, 2]] * 40,
        [[3, 1, 2], [1], [2, 2], [1, 4]] * 10,
        [[1, 1, 2], [2]] * 20,
    ],
)
def test_the_split_is_unbiased_whatever_the_numbers(shape: list[list[int]]) -> None:
    splits = [
        split_judge_variance(
            simulated(seed, examples=1.0, trials=0.7, judge=0.5, shape=shape)
        )
        for seed in range(400)
    ]
    assert all(split is not None for split in splits)
    known = [split for split in splits if split is not None]
    assert fmean(one.judge for one in known) == pytest.approx(0.25, rel=0.08)
    assert fmean(one.trials or 0.0 for one in known) == pytest.approx(0.49, rel=0.08)
    assert fmean(one.examples for one in known) == pytest.approx(1.0, rel=0.08)


def test_with_single_trials_the_split_is_the_usual_one() -> None:
    judged = simulated(3, examples=1.0, trials=0.0, judge=0.5, shape=[[3], [2], [4]])
    found = split_judge_variance(judged)
    clusters = []
    for example in ("0", "1", "2"):
        values = [value for name, _, value in judged if name == example]
        clusters.append((len(values), sum(values), sum(v * v for v in values)))
    usual = split_variance(clusters)
    assert found is not None and usual is not None
    assert (found.examples, found.trials, found.judge) == (
        usual.between,
        None,
        usual.within,
    )


def test_a_judge_who_never_wavers_has_no_variance() -> None:
    found = split_judge_variance(
        [(example, 0, value) for example, value in (("a", 1.0), ("b", 5.0)) * 3]
    )
    assert found is not None
    assert (found.judge, found.judge_sd, found.judge_share) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "judged",
    [[], [("a", 0, 1.0), ("a", 0, 2.0)], [("a", 0, 1.0), ("b", 0, 2.0)]],
)
def test_what_was_judged_once_or_alone_cannot_be_split(judged: Judged) -> None:
    assert split_judge_variance(judged) is None


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.floats(1, 5)),
        max_size=30,
    )
)
def test_components_are_never_negative(judged: Judged) -> None:
    found = split_judge_variance(judged)
    if found is not None:
        assert min(found.examples, found.trials or 0.0, found.judge) >= 0
        assert found.judge_share is None or 0 <= found.judge_share <= 1
