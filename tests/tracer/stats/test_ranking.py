"""A leaderboard that does not claim more than its runs show."""

from typing import Any

from tracer.stats import rank_runs


def sums(score: str, *values: float) -> list[dict[str, Any]]:
    return [
        {"score": score, "type": "number", "example_id": str(place)}
        | {"n": 1, "sum": value, "sum_squares": value * value}
        for place, value in enumerate(values)
    ]


RUNS = {
    "a": sums("s", 1.0, 2.0, 3.0, 4.0, 5.0),
    "b": sums("s", 1.1, 1.9, 3.3, 3.8, 5.1),
    "c": sums("s", 9.0, 9.5, 11.0, 12.2, 12.9),
    "none": sums("other", 1.0, 2.0),
}


def test_the_best_comes_first_and_runs_without_the_score_are_left_out() -> None:
    ranked = rank_runs(RUNS, "s")

    assert [one.name for one in ranked] == ["c", "b", "a"]
    assert [one.is_apart for one in ranked] == [False, True, True]
    assert ranked[0].against_best is None
    [last] = rank_runs({"a": RUNS["a"]}, "s")
    assert last.name == "a"
    assert rank_runs(RUNS, "unknown") == []


def test_where_lower_is_better_the_lowest_is_best_and_its_like_may_be_as_good() -> None:
    ranked = rank_runs(RUNS, "s", lower_is_better={"s"})

    assert [one.name for one in ranked] == ["a", "b", "c"]
    assert [one.is_apart for one in ranked] == [False, False, True]


def test_p_values_are_corrected_over_all_runs() -> None:
    _, second, third = rank_runs(RUNS, "s")
    assert second.against_best is not None and third.against_best is not None

    smaller = min(second.against_best.p or 1, third.against_best.p or 1)
    adjusted = [second.against_best.p_adjusted, third.against_best.p_adjusted]
    assert 2 * smaller in adjusted


def test_runs_of_equal_means_keep_their_order_and_a_mean_of_0_is_a_mean() -> None:
    runs = {name: sums("s", 0.0, 0.0) for name in "ba"} | {"c": sums("s", 0.5, 0.7)}
    assert [one.name for one in rank_runs(runs, "s")] == ["c", "b", "a"]
    low = rank_runs(runs, "s", lower_is_better={"s"})
    assert [one.name for one in low] == ["b", "a", "c"]
    against = low[2].against_best
    assert against is not None and against.outcome == "not shown"
    assert (against.losses, against.higher_is_better) == (2, False)


def test_labels_and_failures_have_no_place() -> None:
    failed = [{"score": "s", "type": "number", "example_id": "0", "n": 0}]
    label = [one | {"type": "label", "labels": {"good": 1}} for one in sums("s", 0.0)]
    ranked = rank_runs({"x": failed, "y": label, "a": RUNS["a"]}, "s")
    assert [one.name for one in ranked] == ["a"]
