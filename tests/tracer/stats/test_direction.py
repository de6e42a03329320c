"""Which way is better, and what follows for wins, verdicts and gates."""

from typing import Any

import pytest

import tracer
from tracer import metrics
from tracer.gate.judging import Figures, judge
from tracer.gate.requirements import parse_requirement
from tracer.stats import (
    MEASURES,
    compare,
    compare_measures,
    compare_slices,
    higher_is_better,
    summarize,
    summarize_slices,
)


def sums(score: str, *values: float, type: str = "number") -> list[dict[str, Any]]:
    return [
        {"score": score, "type": type, "example_id": str(place)}
        | {"n": 1, "sum": value, "sum_squares": value * value}
        for place, value in enumerate(values)
    ]


OLD = (0.30, 0.32, 0.31, 0.29, 0.33, 0.30)
NEW = (0.10, 0.13, 0.12, 0.09, 0.14, 0.40)


def test_every_metric_that_is_better_low_and_every_measure_is_known() -> None:
    lower = {name for name, one in metrics.REGISTRY.items() if not one.higher_is_better}

    assert {"cer", "wer", "perplexity"} <= lower
    assert not any(higher_is_better(name) for name in lower | MEASURES.keys())
    assert higher_is_better("correct") and higher_is_better("toxicity")
    assert not higher_is_better("spelling.cer")
    assert not higher_is_better("mine", lower={"mine"})


def test_a_lower_error_rate_is_better_and_wins() -> None:
    [cer] = compare(sums("cer", *OLD), sums("cer", *NEW))
    [other] = compare(sums("ok", *OLD), sums("ok", *NEW))

    assert (cer.wins, cer.losses) == (other.losses, other.wins) == (5, 1)
    assert (cer.difference, cer.ci95, cer.p) == (other.difference, other.ci95, other.p)


def test_a_shown_verdict_says_which_way_is_which() -> None:
    old, new = sums("cer", *OLD[:5]), sums("cer", *NEW[:5])
    [cer] = compare(old, new)

    assert (cer.verdict, cer.outcome) == ("lower", "better")
    assert "lower, which is better" in str(cer)
    [back] = compare(new, old)
    assert (back.verdict, back.outcome) == ("higher", "worse")


def test_what_two_runs_took_is_compared_with_less_as_better() -> None:
    def took(*ms: float) -> list[dict[str, Any]]:
        return [{"example_id": str(i), "latency_ms": [x]} for i, x in enumerate(ms)]

    [latency] = compare_measures(took(100, 110, 120, 90), took(50, 62, 71, 39))

    assert latency.name == "latency_ms"
    assert (latency.outcome, latency.wins) == ("better", 4)


def test_a_slice_is_held_against_all_other_examples() -> None:
    rows = sums("ok", *(1.0,) * 20, *(0.0,) * 9, 1.0, type="bool")
    language = {str(place): "en" if place < 20 else "ko" for place in range(30)}
    english, korean = summarize_slices(rows, language)

    assert (english.value, english.n_examples) == ("en", 20)
    assert korean.summary["ok"].mean == pytest.approx(0.1)
    [weak] = korean.scores
    assert weak.outcome == "worse"
    assert weak.difference == pytest.approx(-0.9)
    assert weak.p_adjusted == pytest.approx(2 * (weak.p or 0))


def test_slices_of_two_runs_know_the_direction_too() -> None:
    same = dict.fromkeys(map(str, range(6)), "ko")
    [korean] = compare_slices(sums("wer", *OLD), sums("wer", *NEW), same)

    assert korean.scores[0].wins == 5


def test_a_gate_does_not_judge_a_floor_under_what_a_run_says_should_be_low() -> None:
    low = frozenset({"spelling"})

    def figures(values: tuple[float, ...]) -> Figures:
        scores = summarize(sums("spelling", *values))
        return Figures("run", scores, {}, lower_is_better=low)

    texts = ("spelling >= -0.5", "spelling <= 0.5")
    asked = [parse_requirement(text) for text in texts]
    floor, ceiling = judge(figures(OLD), figures(NEW), asked).verdicts

    assert (floor.outcome, ceiling.outcome) == ("unknown", "shown")
    assert "write 'spelling <= …'" in floor.reason


def test_an_evaluation_tells_which_of_its_scores_are_better_low() -> None:
    rows = [{"q": "a", "expected": "ab"}, {"q": "b", "expected": "ab"}]
    spelling = metrics.scorer("cer", name="spelling")
    evaluation = tracer.Evaluation(rows, [spelling])
    old, new = evaluation.run(lambda q: "x"), evaluation.run(lambda q: f"{q}b")

    assert old.lower_is_better == {"spelling"}
    [found] = new.compare(old)
    assert (found.higher_is_better, found.wins) == (False, 2)
