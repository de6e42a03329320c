from typing import Any

import numpy
import pytest
from scipy import stats as scipy_stats

from tracer.stats import bootstrap_interval, compare, holm, mcnemar, permutation_test
from tracer.stats import paired_proportions_interval as paired_proportions


def sums(score: str, values: dict[str, list[float]], type: str = "number") -> list[Any]:
    return [
        {
            "score": score,
            "type": type,
            "example_id": example,
            "n": len(trials),
            "sum": sum(trials),
            "sum_squares": sum(value * value for value in trials),
            "n_missing": 0,
            "n_errors": 0,
            "labels": {},
        }
        for example, trials in values.items()
    ]


def test_numbers_are_compared_by_a_paired_t_test_on_example_means() -> None:
    before = {"a": [1.0, 2.0], "b": [3.0, 3.0], "c": [2.0], "d": [5.0, 4.0]}
    after = {"a": [2.0, 2.0], "b": [4.0, 3.0], "c": [4.0], "d": [4.5, 4.5]}
    (result,) = compare(sums("s", before), sums("s", after))
    expected = scipy_stats.ttest_rel([2, 3.5, 4, 4.5], [1.5, 3, 2, 4.5])
    assert result.p == pytest.approx(expected.pvalue)
    assert result.ci95 == pytest.approx(tuple(expected.confidence_interval()))
    assert (result.difference, result.paired, result.n_examples) == (0.75, True, 4)
    assert (result.wins, result.ties, result.losses) == (3, 1, 0)
    assert (result.baseline_mean, result.candidate_mean) == (2.75, 3.5)


def test_error_rate_that_rises_is_worse_and_lost() -> None:
    before = {str(i): [0.1 + 0.001 * i] for i in range(20)}
    after = {str(i): [0.3 + 0.002 * i] for i in range(20)}
    for name, is_better in (("cer", False), ("wer", False), ("tone", True)):
        (risen,) = compare(sums(name, before), sums(name, after))
        (fallen,) = compare(sums(name, after), sums(name, before))
        assert (risen.verdict, fallen.verdict) == ("higher", "lower")
        assert (risen.is_better, fallen.is_better) == (is_better, not is_better)
        assert (risen.wins, risen.losses) == ((20, 0) if is_better else (0, 20))
        assert risen.difference is not None and risen.difference > 0
    (same,) = compare(sums("cer", before), sums("cer", before))
    assert same.is_better is None
    (risen,) = compare(sums("cer", before), sums("cer", after))
    assert "higher, which is worse · 0 won, 0 tied, 20 lost" in str(risen)


def test_single_trial_yes_no_is_compared_by_mcnemars_test() -> None:
    before = {str(i): [float(i < 10)] for i in range(30)}
    after = {str(i): [float(i >= 2 and i < 20)] for i in range(30)}
    (result,) = compare(sums("ok", before, "bool"), sums("ok", after, "bool"))
    assert "McNemar" in result.method
    assert (result.wins, result.losses, result.ties) == (10, 2, 18)
    assert result.p == pytest.approx(scipy_stats.chi2.sf(8**2 / 12, 1))
    assert result.ci95 == paired_proportions(10, 2, 30)
    assert result.difference == pytest.approx(8 / 30)


def test_exact_mcnemar_is_the_binomial_test_and_mid_p_takes_half_the_table() -> None:
    exact = scipy_stats.binomtest(3, 17, 0.5).pvalue
    assert mcnemar(3, 14, mid=False) == pytest.approx(exact)
    expected = exact - scipy_stats.binom.pmf(3, 17, 0.5)
    assert mcnemar(14, 3) == pytest.approx(expected)
    assert mcnemar(0, 0) == mcnemar(4, 4) == 1.0


def test_examples_of_one_run_alone_are_counted_and_take_no_part() -> None:
    before = {"a": [1.0], "b": [2.0], "c": [3.0], "gone": [100.0]}
    after = {"a": [2.0], "b": [2.5], "c": [3.0], "new": [0.0], "newer": [0.0]}
    (result,) = compare(sums("s", before), sums("s", after))
    assert (result.n_examples, result.n_baseline_only, result.n_candidate_only) == (
        3,
        1,
        2,
    )
    assert result.difference == pytest.approx(0.5)


def test_runs_without_common_examples_are_compared_unpaired_and_it_is_said() -> None:
    before = {"a": [1.0], "b": [2.0], "c": [4.0]}
    after = {"x": [3.0], "y": [5.0], "z": [7.0], "w": [4.0]}
    (result,) = compare(sums("s", before), sums("s", after))
    expected = scipy_stats.ttest_ind([3, 5, 7, 4], [1, 2, 4], equal_var=False)
    assert (result.paired, result.n_examples) == (False, 0)
    assert "unpaired" in result.method
    assert result.p == pytest.approx(expected.pvalue)
    assert result.ci95 == pytest.approx(tuple(expected.confidence_interval()))


@pytest.mark.parametrize("method", ["t", "resampling"])
def test_equal_differences_are_judged_by_their_number_and_have_no_interval(
    method: str,
) -> None:
    before = {name: [0.1] for name in "abc"}
    after = {name: [0.3] for name in "abc"}
    (result,) = compare(sums("s", before), sums("s", after), method=method)
    assert result.p == pytest.approx(0.25)
    assert (result.ci95, result.verdict) == (None, "not shown")
    assert "all differences are equal, so no interval" in str(result)


def test_runs_that_agree_everywhere_show_no_difference() -> None:
    values = {name: [0.5, 1.0] for name in "abcd"}
    (result,) = compare(sums("s", values), sums("s", values))
    assert (result.difference, result.p, result.ties) == (0.0, 1.0, 4)
    assert result.ci95 is None
    assert result.verdict == "not shown"


def test_score_of_one_run_alone_is_listed_with_the_reason() -> None:
    results = compare(sums("old", {"a": [1.0]}), sums("new", {"a": [1.0]}))
    assert [(one.name, one.method, one.p) for one in results] == [
        ("old", "only the baseline has values of this score", None),
        ("new", "only the candidate has values of this score", None),
    ]


def test_p_values_are_corrected_over_the_scores_compared_together() -> None:
    before, after = [], []
    for score, shift in [("strong", 2.0), ("weak", 0.2)]:
        before += sums(score, {str(i): [float(i)] for i in range(8)})
        after += sums(score, {str(i): [i + shift + (i % 3) * 0.3] for i in range(8)})
    strong, weak = compare(before, after)
    assert strong.p is not None and weak.p is not None
    assert strong.p_adjusted == pytest.approx(2 * strong.p)
    assert weak.p_adjusted == pytest.approx(max(weak.p, 2 * strong.p))
    assert strong.verdict == "higher"


def test_holm_follows_the_worked_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_resampling_agrees_with_scipys_bootstrap_and_permutation() -> None:
    values = numpy.random.default_rng(7).exponential(1.0, 40) - 0.6
    wide = float(scipy_stats.t.ppf(0.975, 39)) * (40 / 39) ** 0.5
    expected = scipy_stats.bootstrap(
        (values,),
        numpy.mean,
        method="BCa",
        n_resamples=9999,
        confidence_level=1 - 2 * float(scipy_stats.norm.sf(wide)),
        rng=1,
    ).confidence_interval
    assert bootstrap_interval(list(values)) == pytest.approx(tuple(expected), abs=0.02)
    reference = scipy_stats.permutation_test(
        (values,), numpy.sum, permutation_type="samples", n_resamples=9999, rng=1
    ).pvalue
    assert permutation_test(list(values)) == pytest.approx(reference, abs=0.01)


def test_flips_that_come_to_the_same_count_half() -> None:
    # of 8 flips of (1, 1, 1) two reach 3 or -3: half of a quarter
    assert permutation_test([1.0, 1.0, 1.0]) == pytest.approx(0.125, abs=0.01)
    assert permutation_test([]) == 1.0


def test_resampled_comparison_is_the_same_every_time() -> None:
    before = sums("s", {str(i): [i % 5] for i in range(30)})
    after = sums("s", {str(i): [i % 7] for i in range(30)})
    first = compare(before, after, method="resampling")
    assert first == compare(before, after, method="resampling")
    assert "bootstrap" in first[0].method


def test_unknown_method_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'bayes' is unknown; take 't' or"):
        compare([], [], method="bayes")


def test_comparison_is_a_line_with_method_and_n() -> None:
    before = {str(i): [float(i < 10)] for i in range(30)}
    after = {str(i): [1.0] for i in range(30)}
    (result,) = compare(sums("ok", before, "bool"), sums("ok", after, "bool"))
    assert str(result).startswith("ok: +66.7 pp · 95 % ")
    assert "corrected, higher · 20 won, 10 tied, 0 lost · 30 common" in str(result)
    (result,) = compare([], sums("ok", after, "bool"))
    assert str(result) == "ok: only the candidate has values of this score"
