"""Requirements are statements about intervals, right 39 times of 40."""

from typing import Any

import numpy
import pytest
from worlds import World, rows

from tracer.gate import GateReport, judge, parse_requirement
from tracer.gate.judging import Figures
from tracer.gate.reports import verdict_text
from tracer.stats import compare, summarize, summarize_measures


def figures(name: str, sums: list[dict[str, Any]], latency: Any = None) -> Figures:
    examples = [] if latency is None else latency
    measures = [
        {"example_id": str(number), "latency_ms": list(map(float, trials))}
        for number, trials in enumerate(examples)
    ]
    return Figures(name, summarize(sums), summarize_measures(measures))


def yes_no(share: float, n: int = 400) -> list[dict[str, Any]]:
    return [
        {"score": "correct", "type": "bool", "example_id": str(number), "n": 1}
        | {"sum": float(number < share * n), "sum_squares": float(number < share * n)}
        for number in range(n)
    ]


def outcome(old: Figures, new: Figures, *texts: str) -> list[str]:
    report = judge(old, new, [parse_requirement(text) for text in texts])
    return [verdict.outcome for verdict in report.verdicts]


def test_what_is_better_is_shown_not_to_be_worse_and_to_be_better() -> None:
    old, new = figures("old", yes_no(0.7)), figures("new", yes_no(0.8))
    asked = ("correct >= -0.02", "correct > 0", "correct > 0.2", "correct >= 0.1")
    found = outcome(old, new, *asked)
    assert found == ["shown", "shown", "broken", "not shown"]


def test_a_few_examples_more_right_are_no_proof() -> None:
    old, new = figures("old", yes_no(0.7, 20)), figures("new", yes_no(0.8, 20))
    assert outcome(old, new, "correct > 0", "correct >= -0.02") == ["not shown"] * 2


def test_latency_is_judged_by_ratio_of_a_percentile() -> None:
    draw = numpy.random.default_rng(1)
    base = draw.lognormal(6, 0.4, (500, 1)) * draw.lognormal(0, 0.1, (500, 3))
    old, slower = figures("old", [], base), figures("slower", [], base * 1.3)
    same = figures("same", [], base * draw.lognormal(0, 0.05, base.shape))
    asked = ("latency_p95_ms <= 1.1x", "latency_ms <= 1.05x", "latency_p50_ms <= 50")
    assert outcome(old, same, *asked) == ["shown"] * 3
    assert outcome(old, slower, *asked) == ["broken"] * 3


def test_several_requirements_are_corrected_by_holm() -> None:
    old, new = figures("old", yes_no(0.7)), figures("new", yes_no(0.8))
    asked = [parse_requirement(text) for text in ("correct > 0", "correct > 0.05")]
    first, second = judge(old, new, asked).verdicts
    assert first.p is not None and second.p is not None
    assert first.p_adjusted == pytest.approx(2 * first.p)
    assert second.p_adjusted == pytest.approx(second.p)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("charm > 0", "has no figure 'charm'; its scores are correct"),
        ("cost_usd <= 1x", "knows 'cost_usd' of no prediction, only: none"),
        ("latency_p95_ms <= 1x", "knows 'latency_ms' of no prediction"),
        ("tone > 0", "score 'tone': labels have no mean to compare"),
        ("judge > 0", "neither run has a value: 0 missing, 2 errors"),
        ("late > 0", "only one run has the score 'late'"),
    ],
)
def test_what_cannot_be_judged_says_why_and_is_status_2(text: str, reason: str) -> None:
    label = {"score": "tone", "type": "label", "example_id": "0", "n": 1}
    sums = [*yes_no(0.7), label | {"sum": 0, "sum_squares": 0, "labels": {"warm": 1}}]
    sums += [
        {"score": "judge", "type": "number", "example_id": "0", "n": 0}
        | {"n_errors": 1}
    ]
    late = [row | {"score": "late"} for row in yes_no(0.5)]
    old, new = figures("old", sums), figures("new", [*sums, *late])
    report = judge(
        old, new, [parse_requirement(text), parse_requirement("correct > -1")]
    )
    assert report.status == 2 and not report.passes
    assert reason in report.verdicts[0].reason


@pytest.mark.parametrize(
    "text", ["cer >= -0.02", "cer > 0", "cer >= 1x", "latency_p95_ms >= 0.5x"]
)
def test_requirement_that_would_let_an_error_rate_rise_is_not_judged(text: str) -> None:
    better = [row | {"score": "cer", "type": "number"} for row in yes_no(0.1)]
    worse = [row | {"score": "cer", "type": "number"} for row in yes_no(0.4)]
    old, new = figures("old", better), figures("new", worse)
    report = judge(old, new, [parse_requirement(text)])
    assert report.status == 2
    assert "is better the lower it is" in report.verdicts[0].reason
    assert outcome(old, new, "cer <= 0.02") == ["broken"]
    assert outcome(new, old, "cer <= 0.02", "cer < 0") == ["shown"] * 2


def test_difference_of_shares_ends_at_all_of_them() -> None:
    def trials(*passed: int) -> list[dict[str, Any]]:
        return [
            {"score": "ok", "type": "bool", "example_id": str(i), "n": 2, "sum": one}
            | {"sum_squares": one}
            for i, one in enumerate(passed)
        ]

    old, new = figures("old", trials(1, 0, 2)), figures("new", trials(2, 2, 2))
    (verdict,) = judge(old, new, [parse_requirement("ok > 0")]).verdicts
    assert verdict.ci95 is not None and verdict.ci95[1] == 1.0
    (found,) = compare(trials(1, 0, 2), trials(2, 2, 2))
    assert found.ci95 is not None and found.ci95[1] == 1.0
    assert found.ci95[0] == pytest.approx(verdict.ci95[0])


def test_measure_of_shares_is_told_in_percent() -> None:
    failed = [{"example_id": str(n), "failed": [int(n < 4)]} for n in range(100)]
    fine = [{"example_id": str(n), "failed": [0]} for n in range(100)]
    old, new = (
        Figures(name, {}, summarize_measures(rows))
        for name, rows in (("old", failed), ("new", fine))
    )
    (verdict,) = judge(old, new, [parse_requirement("failed <= 0.05")]).verdicts
    told = verdict_text(verdict)
    assert told.startswith("shown · 4.0 % → 0.0 % · -4.0 pp · 95 % -")
    (verdict,) = judge(old, new, [parse_requirement("failed <= 1.5x")]).verdicts
    assert verdict_text(verdict).startswith(
        "shown · 4.0 % → 0.0 % · 0x · 95 % 0x to 0.9"
    )


def test_values_that_are_missing_or_failed_stand_beside_the_verdict() -> None:
    failing = yes_no(0.8)
    failing[0] |= {"n_errors": 3, "n_missing": 1}
    report = judge(
        figures("old", yes_no(0.7)),
        figures("new", failing),
        [parse_requirement("correct > 0")],
    )
    assert report.verdicts[0].notes == ("candidate: 1 missing", "candidate: 3 errors")


@pytest.mark.parametrize("text", ["latency_p50_ms <= 2x", "latency_ms <= 2x"])
def test_predictions_of_unknown_latency_stand_beside_the_verdict(text: str) -> None:
    def timed(*times: float | None) -> Figures:
        rows = [
            {"example_id": str(number), "latency_ms": [time]}
            for number, time in enumerate(times)
        ]
        return Figures("run", {}, summarize_measures(rows))

    old, new = timed(*[1.0] * 30, None), timed(*[1.1] * 29, None, None)
    (verdict,) = judge(old, new, [parse_requirement(text)]).verdicts
    assert verdict.notes == ("baseline: 1 unknown", "candidate: 2 unknown")


@pytest.mark.parametrize(
    ("world", "text"),
    [
        (World("normal", 30, 2), "s > 0"),
        (World("bool", 60, 3), "s > 0"),
        (World("bool", 60, 1), "s > 0"),
        (World("grade", 40, 1), "s > 0"),
    ],
    ids=str,
)
def test_a_gate_lets_at_most_1_in_40_through_that_is_at_its_bound(
    world: World, text: str
) -> None:
    runs = 1200
    slack = 3 * (0.025 * 0.975 / runs) ** 0.5
    asked = [parse_requirement(text)]
    passed = 0
    pairs = world.pair(numpy.random.default_rng(4), runs)
    for before, after in zip(*pairs, strict=True):
        old = figures("old", rows(world, before))
        report: GateReport = judge(old, figures("new", rows(world, after)), asked)
        passed += report.passes
    assert passed / runs < 0.025 + slack


def tones(*values: float, **more: Any) -> list[dict[str, Any]]:
    return [
        {"score": "tone", "type": "number", "example_id": str(number), "n": 1}
        | {"sum": value, "sum_squares": value * value}
        | more
        for number, value in enumerate(values)
    ]


@pytest.mark.parametrize("text", ["tone >= -0.2", "tone >= 0.9x"])
def test_examples_that_all_moved_alike_pass_by_their_number_not_by_no_width(
    text: str,
) -> None:
    """Six examples without a difference passed whatever others might do."""
    told = {"scale_low": 1.0, "scale_high": 5.0}
    for n, expected in ((6, "not shown"), (400, "shown")):
        runs = figures("old", tones(*[4.0] * n)), figures("new", tones(*[4.0] * n))
        report = judge(*runs, [parse_requirement(text)])
        assert report.verdicts[0].outcome == "unknown"
        assert report.verdicts[0].ci95 is None
        assert "give the scorer a scale" in report.verdicts[0].reason
        new = figures("new", tones(*[4.0] * n, **told))
        assert outcome(runs[0], new, text) == [expected]


def test_tokens_that_are_the_same_everywhere_are_judged_by_their_number() -> None:
    def run(name: str, n: int) -> Figures:
        rows = [{"example_id": str(i), "input_tokens": [7]} for i in range(n)]
        return Figures(name, {}, summarize_measures(rows))

    report = judge(run("a", 9), run("b", 9), [parse_requirement("input_tokens <= 1x")])
    assert report.verdicts[0].outcome == "not shown"
    asked = [parse_requirement("input_tokens <= 1.1x")]
    found = judge(run("a", 9), run("b", 9), asked).verdicts[0]
    assert (found.outcome, found.ci95) == ("shown", None)
    assert "sign test" in verdict_text(found)
