import statistics
from typing import Any

import pytest

from tracer.stats import pass_at_k, pass_hat_k, plan, split_variance, summarize


def row(score: str, example: str, *values: float, **more: Any) -> dict[str, Any]:
    return {
        "score": score,
        "type": "number",
        "example_id": example,
        "n": len(values),
        "sum": sum(values),
        "sum_squares": sum(value * value for value in values),
        "n_missing": 0,
        "n_errors": 0,
        "labels": {},
        **more,
    }


def test_summary_counts_values_examples_missing_and_errors() -> None:
    summary = summarize(
        [row("톤", "a", 1.0, 4.0, n_missing=1), row("톤", "b", 2.0, n_errors=2)]
    )["톤"]
    assert (summary.name, summary.type) == ("톤", "number")
    assert (summary.n, summary.n_scores, summary.n_examples) == (3, 3, 2)
    assert (summary.n_missing, summary.n_errors) == (1, 2)
    assert summary.mean == pytest.approx(7 / 3)
    assert summary.sd == pytest.approx(statistics.stdev([1, 4, 2]))


def test_example_with_only_errors_is_counted_and_has_no_part_in_the_mean() -> None:
    summary = summarize([row("s", "a", 3.0), row("s", "b", n_errors=1)])["s"]
    assert (summary.n, summary.n_examples, summary.n_errors, summary.mean) == (
        1,
        1,
        1,
        3,
    )


def test_labels_are_counted_and_have_no_mean() -> None:
    summary = summarize(
        [
            row("verdict", "a", 0, 0, type="label", labels={"good": 2}),
            row("verdict", "b", 0, type="label", labels={"나쁨": 1}),
        ]
    )["verdict"]
    assert summary.labels == {"good": 2, "나쁨": 1}
    assert (summary.n, summary.n_examples) == (3, 2)
    assert (summary.mean, summary.sd, summary.ci95, summary.variance) == (None,) * 4


def test_stray_label_among_numbers_leaves_the_mean_alone() -> None:
    rows = [
        row("s", "a", 0, type="label", labels={"odd": 1}),
        row("s", "b", 4.0),
        row("s", "c", 0, type="label", labels={"odd": 1}),
    ]
    summary = summarize(rows)["s"]
    assert (summary.type, summary.n, summary.mean) == ("number", 1, 4.0)
    assert summary.labels == {"odd": 2}


def test_yes_no_mixed_with_numbers_is_a_number() -> None:
    rows = [row("s", "a", 1.0, type="bool"), row("s", "b", 0.5)]
    assert summarize(rows)["s"].type == "number"


def test_flaky_examples_are_those_that_pass_and_fail() -> None:
    rows = [
        row("ok", "always", 1, 1, type="bool"),
        row("ok", "sometimes", 1, 0, type="bool"),
        row("ok", "never", 0, 0, type="bool"),
    ]
    assert summarize(rows)["ok"].flaky == ("sometimes",)


def test_nothing_to_summarize_is_an_empty_dictionary() -> None:
    assert summarize([]) == {}


def test_pass_at_k_is_the_share_of_draws_with_a_pass() -> None:
    assert pass_at_k(10, 3, 1) == pytest.approx(0.3)
    assert pass_at_k(5, 2, 2) == pytest.approx(1 - 3 / 10)  # C(3,2) / C(5,2)
    assert pass_at_k(5, 4, 2) == 1.0
    assert pass_hat_k(5, 4, 2) == pytest.approx(6 / 10)
    assert pass_hat_k(5, 1, 2) == 0.0


def test_pass_rates_average_examples_and_count_those_with_too_few_trials() -> None:
    summary = summarize(
        [
            row("ok", "a", 1, 0, 1, type="bool"),
            row("ok", "b", 0, 0, 0, type="bool"),
            row("ok", "c", 1, type="bool"),
        ]
    )["ok"]
    at_2, hat_2 = summary.pass_at(2), summary.pass_hat(2)
    assert (at_2.mean, at_2.n_examples, at_2.n_skipped) == (0.5, 2, 1)
    assert hat_2.mean == pytest.approx((1 / 3 + 0) / 2)
    assert at_2.ci95 is not None and 0 <= at_2.ci95[0] < at_2.ci95[1] <= 1


def test_pass_rate_of_a_score_that_is_not_yes_no_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'tone' is a number"):
        summarize([row("tone", "a", 4.0)])["tone"].pass_at(1)


def test_variance_split_follows_the_published_example() -> None:
    # Montgomery, Design and Analysis of Experiments, looms: 4 looms x 4 strengths,
    # MS between 29.73, MS within 1.90, so 1.90 within and 6.96 between.
    looms = [[98, 97, 99, 96], [91, 90, 93, 92], [96, 95, 97, 95], [95, 96, 99, 98]]
    split = split_variance((len(x), sum(x), sum(v * v for v in x)) for x in looms)
    assert split is not None
    assert (split.within, split.between) == pytest.approx((1.8958, 6.9583), abs=1e-3)
    assert split.share_between == pytest.approx(0.786, abs=1e-3)


def test_variance_of_single_trials_cannot_be_split() -> None:
    assert split_variance([(1, 2.0, 4.0), (1, 3.0, 9.0)]) is None


def test_variance_between_examples_is_never_negative() -> None:
    split = split_variance([(2, 3.0, 5.0), (2, 3.0, 5.0)])
    assert split is not None and split.between == 0.0


def test_a_run_too_small_for_any_difference_of_shares_says_so() -> None:
    rows = [row("ok", str(i), float(i > 2), type="bool") for i in range(4)]
    assert str(summarize(rows)["ok"]).endswith("this run can see no difference")
    numbers = [row("n", str(i), float(i > 2)) for i in range(4)]
    assert str(summarize(numbers)["n"]).endswith("this run can see ≥ 1.5")


def test_summary_is_a_line_that_never_hides_its_n() -> None:
    rows = [row("정확", str(i), float(i > 0), type="bool") for i in range(10)]
    told = str(summarize([*rows, row("정확", "x", n_errors=2)])["정확"])
    expected = "정확: 90.0 % · 95 % 59.6 % to 98.2 % · n 10 from 10 examples · 2 errors"
    assert told == f"{expected} · this run can see ≥ 44.5 pp"
    labels = [row("v", "a", 0, type="label", labels={"good": 1})]
    assert str(summarize(labels)["v"]) == "v: good 1 · n 1 from 1 examples"


def test_only_numbers_of_two_examples_or_more_need_a_caution() -> None:
    alike = [row("s", "a", 1.0, 1.0), row("s", "b", 1.0)]
    assert summarize(alike)["s"].caution == "alike"
    assert summarize(alike[:1])["s"].caution is None
    bools = summarize([one | {"type": "bool"} for one in alike])["s"]
    assert (bools.caution, bools.scale, bools.flaky) == (None, (0.0, 1.0), ())
    assert summarize(alike)["s"].flaky == ()


def test_a_run_plans_the_next_one_with_the_noise_that_it_saw() -> None:
    values = [(1.0, 3.0), (2.0, 2.0), (5.0, 3.0)]
    run = summarize(row("s", str(at), *both) for at, both in enumerate(values))["s"]
    within = statistics.fmean(statistics.variance(both) for both in values) ** 0.5
    assert run.noise_sd == pytest.approx(within)
    expected = plan(0.5, within_sd=within)
    assert [one.n_examples for one in run.plan(0.5)] == [
        one.n_examples for one in expected
    ]
    wider = plan(0.5, within_sd=within, between_sd=2.0, trials=[2, 7])
    assert run.plan(0.5, between_sd=2.0, trials=[2, 7]) == wider
    labels = row("v", "a", 0, 0, type="label", labels={"good": 2})
    for still in (row("v", "a", 2.0, 2.0), row("v", "a"), labels):
        with pytest.raises(ValueError, match=r"'v' showed no noise in \d values"):
            summarize([still])["v"].plan(0.5)


def test_a_score_that_is_not_there_is_answered_with_those_that_are() -> None:
    found = summarize([row("s", "a", 1.0), row("톤", "a", 2.0)])
    with pytest.raises(KeyError, match="no score 'x'; the run's scores are: 's', '톤'"):
        found["x"]
    with pytest.raises(KeyError, match="the run's scores are: none"):
        summarize([])["x"]


def test_summaries_are_a_table_with_a_line_for_every_score() -> None:
    rows = [row("정확", str(i), float(i > 0), type="bool") for i in range(10)]
    head, *lines = str(summarize([*rows, row("s", "0", 2.0)])).splitlines()
    assert head.split("  ")[0] == "score" and len(lines) == 2
    assert lines[0].split()[:3] == ["정확", "90.0", "%"]
    assert str(summarize([])) == "no scores"
