"""What is printed of figures, word for word."""

from typing import Any

import pytest

from tracer.stats import (
    ScoreComparison,
    ScoreSummary,
    ScoreSums,
    summarize,
    summarize_measures,
)
from tracer.stats._wording import (
    comparison_text,
    difference_text,
    interval_text,
    mean_text,
    value_text,
    visible_text,
)


def summary(type: str, *values: float, **more: Any) -> ScoreSummary:
    row = {"score": "s", "type": type, "n": 1} | more
    rows = [
        row | {"example_id": str(at), "sum": value, "sum_squares": value * value}
        for at, value in enumerate(values)
    ]
    return summarize(rows)["s"]


@pytest.mark.parametrize(
    ("value", "type", "text", "as_difference"),
    [
        (None, "bool", "", ""),
        (0.125, "bool", "12.5 %", "+12.5 pp"),
        (-0.5, "bool", "-50.0 %", "-50.0 pp"),
        (1234.567, "number", "1235", "+1235"),
        (0.0, "number", "0", "+0"),
    ],
)
def test_shares_are_percent_and_numbers_have_four_digits(
    value: float | None, type: str, text: str, as_difference: str
) -> None:
    assert value_text(value, type) == text
    assert difference_text(value, type) == as_difference


def test_of_labels_the_three_most_frequent_are_told() -> None:
    sums = ScoreSums("v")
    for label, n in (("rare", 1), ("often", 9), ("some", 2), ("more", 4)):
        for number in range(n):
            sums.take(str(number), type="label", label=label)
    assert mean_text(ScoreSummary.of(sums)) == "often 9, more 4, some 2"


def test_an_interval_is_told_with_its_caution() -> None:
    on_scale = {"scale_low": 0.0, "scale_high": 8.0}
    assert interval_text(summary("bool", 1.0, 0.0, 1.0)) == "20.8 % to 93.9 %"
    assert interval_text(summary("number", 2.0, 6.0, **on_scale)) == (
        "0 to 8, the whole scale"
    )
    assert interval_text(summary("number", 2.0, 6.0)) == "2 examples are too few"
    assert interval_text(summary("number", 2.0, 2.0, 2.0)) == "no spread seen"
    assert interval_text(summary("number", 2.0)) == ""


def test_the_smallest_visible_difference_is_told_where_one_is_known() -> None:
    assert visible_text(summary("number", 2.0, 2.0, 2.0)) == ""
    assert visible_text(summary("bool", 1.0, 0.0)) == "none"
    many = visible_text(summary("bool", *[1.0, 0.0] * 200))
    assert many.endswith(" pp") and 5 < float(many.removesuffix(" pp")) < 12
    few = visible_text(summary("number", *[1.0, 0.0] * 3))
    assert few == f"{float(few):.3g}" and float(few) > 1


def test_a_score_that_is_nowhere_says_that_it_has_no_value() -> None:
    row = {"score": "s", "type": "number", "example_id": "a", "n": 0}
    told = str(summarize([row | {"n_missing": 3, "n_errors": 1}])["s"])
    assert told == "s: no value · n 0 from 0 examples · 3 missing · 1 errors"


def test_a_comparison_tells_what_it_knows_and_nothing_else() -> None:
    found = ScoreComparison(
        *("s", "bool", "by hand"),
        n_examples=5,
        difference=-0.25,
        wins=1,
        ties=2,
        losses=4,
    )
    counts = "1 won, 2 tied, 4 lost · 5 common examples · by hand"
    assert comparison_text(found) == f"s: -25.0 pp · {counts}"
    given = {"ci95": (-0.5, 0.125), "p_adjusted": 0.01234}
    for direction, verdict in ((True, "lower"), (False, "lower, which is better")):
        fields = {name: getattr(found, name) for name in found.__dataclass_fields__}
        shown = ScoreComparison(**fields | given | {"higher_is_better": direction})
        assert comparison_text(shown) == (
            "s: -25.0 pp · 95 % -50.0 pp to +12.5 pp · "
            f"p 0.0123 corrected, {verdict} · {counts}"
        )
    unsure = ScoreComparison(**fields | {"p_adjusted": 0.5, "higher_is_better": False})
    assert "p 0.5 corrected, not shown ·" in comparison_text(unsure)


def test_summaries_and_measures_are_told_line_by_line() -> None:
    rows = [
        {"example_id": str(at), "latency_ms": [100.0 + at], "failed": [at % 2]}
        for at in range(4)
    ]
    latency, failed = str(summarize_measures(rows)).splitlines()
    assert latency.startswith("latency_ms: mean 101.5 (99.45 to 103.6) · p50 101.5 (")
    assert " · p95 102.8 (" in latency and latency.endswith("n 4 from 4 examples")
    assert failed == "failed: mean 50.0 % (15.0 % to 85.0 %) · n 4 from 4 examples"
    lone = str(summarize_measures(rows[:1])["latency_ms"])
    assert lone == "latency_ms: mean 100 · p50 100 · p95 100 · n 1 from 1 examples"
