"""Two runs side by side, as rows of a table."""

from typing import Any

from dashboard.shaping.runs import comparisons
from dashboard.texts import section
from tracer.stats import compare, compare_measures, compare_runs, summarize


def sums(score: str, kind: str, *values: float, **fields: Any) -> list[dict[str, Any]]:
    return [
        {"score": score, "type": kind, "example_id": str(number)}
        | {"n": 1, "sum": value, "sum_squares": value * value}
        | fields
        for number, value in enumerate(values)
    ]


def compared(old: list[Any], new: list[Any]) -> dict[str, dict[str, Any]]:
    verdicts = section("compare.verdicts")
    rows = comparisons.rows(compare(old, new), verdicts, points="pp")
    return {row["cells"]["score"]["text"]: row["cells"] for row in rows}


def test_a_score_of_small_numbers_is_drawn_as_wide_as_one_of_large_numbers() -> None:
    small, large = (0.01, 0.02, 0.04), (1000.0, 2000.0, 4000.0)
    old = sums("small", "number", 0, 0, 0) + sums("large", "number", 0, 0, 0)
    found = compared(
        old, sums("small", "number", *small) + sums("large", "number", *large)
    )

    one, other = (found[name]["interval"]["interval"] for name in ("small", "large"))
    assert one["zero"] == other["zero"] == 0.5
    assert round(one["high"], 6) == round(other["high"], 6) == 1.0
    assert round(one["low"], 6) == round(other["low"], 6)


def test_labels_are_said_to_be_counted_not_compared() -> None:
    labels = sums("tone", "label", 0, 0, labels={"warm": 1})
    found = compared(labels, labels)["tone"]

    assert "counted" in found["verdict"]["badge"]["text"]
    assert (found["n"], found["examples"], found["interval"]) == ("2", None, None)


def test_a_score_of_one_run_alone_is_said_to_be_so() -> None:
    found = compared(sums("new", "bool", 1, 0), [])["new"]

    assert found["verdict"]["badge"]["text"] == "only one run has it"


def test_a_difference_of_shares_is_in_percentage_points_with_its_interval() -> None:
    old, new = (0, 0, 0, 0, 1, 0, 0, 0), (1, 1, 1, 0, 1, 1, 1, 0)
    found = compared(sums("ok", "bool", *old), sums("ok", "bool", *new))["ok"]
    [score] = compare(sums("ok", "bool", *old), sums("ok", "bool", *new))
    low, high = score.ci95 or (0.0, 0.0)

    shown = f"+62.5 pp [{low * 100:+.1f}, {high * 100:+.1f}]".replace("-", "−")
    assert found["difference"]["text"] == shown


def test_a_difference_of_numbers_stands_with_its_interval() -> None:
    old, new = sums("n", "number", 1, 2, 3), sums("n", "number", 2, 4, 5)
    found = compared(old, new)["n"]["difference"]["text"]

    assert found.startswith("+1.667 [")


def test_lower_is_drawn_as_better_where_it_is() -> None:
    old, new = sums("cer", "number", 5, 6, 7, 6), sums("cer", "number", 1, 2, 2, 1)
    found = compared(old, new)["cer ↓"]

    assert found["verdict"]["badge"] == {"text": "better", "tone": "good", "dot": False}
    assert found["interval"]["interval"]["tone"] == "good"
    assert found["examples"] == "4 / 0 / 0"


def test_measures_are_compared_in_their_units() -> None:
    def took(*ms: float) -> list[dict[str, Any]]:
        return [
            {"example_id": str(place), "latency_ms": [one], "cost_usd": [one / 1e6]}
            for place, one in enumerate(ms)
        ]

    found = comparisons.rows(
        compare_measures(took(1000, 1200, 1400), took(2000, 2100, 2600)),
        section("compare.verdicts"),
        points="pp",
        names=section("evaluations.measures"),
    )
    latency, cost = (row["cells"] for row in found)

    assert latency["score"]["text"] == "Latency"
    assert (latency["baseline"], latency["candidate"]) == ("1.20 s", "2.23 s")
    assert latency["difference"]["text"].startswith("+1.03 s [")
    assert cost["difference"]["text"].startswith("+$0.0010")
    assert latency["verdict"]["badge"]["text"] == "worse"


def test_percentiles_of_latency_stand_behind_its_mean_on_the_same_scale() -> None:
    def took(*ms: float) -> list[dict[str, Any]]:
        return [
            {"example_id": str(place), "latency_ms": [one]}
            for place, one in enumerate(ms)
        ]

    old, new = took(*range(100, 200, 2)), took(*range(200, 300, 2))
    found = comparisons.rows(
        compare_measures(old, new, percentiles=(50, 95)),
        section("compare.verdicts"),
        points="pp",
        names=section("evaluations.measures"),
    )
    mean, p50, p95 = (row["cells"] for row in found)

    assert [one["score"]["text"] for one in (mean, p50, p95)] == [
        "Latency",
        "Latency p50",
        "Latency p95",
    ]
    assert (p50["baseline"], p50["candidate"]) == ("149 ms", "249 ms")
    assert p95["difference"]["text"].startswith("+100 ms [")
    assert p95["difference"]["text"].endswith("+∞]")  # 50 examples tell no upper end
    assert (p95["examples"], p95["n"]) == (None, "50")
    assert p50["verdict"]["badge"]["text"] == "worse"
    drawn = [one["interval"]["interval"] for one in (mean, p50, p95)]
    assert len({round(one["mean"], 3) for one in drawn}) == 1
    assert drawn[2]["high"] == 1.0


def test_candidates_of_one_score_are_drawn_on_one_scale() -> None:
    runs = {"a": sums("n", "number", 1, 1, 1)}
    runs |= {"b": sums("n", "number", 2, 2.1, 1.9)}
    runs |= {"c": sums("n", "number", 5, 5.1, 4.9)}
    found = comparisons.pair_rows(
        compare_runs(runs, baseline="a"),
        {"b": "B", "c": "C"},
        section("compare.verdicts"),
        points="pp",
    )
    small, large = (row["cells"]["interval"]["interval"] for row in found)

    assert small["zero"] == large["zero"] == 0.5
    assert 0.5 < small["mean"] < 0.75 < large["mean"]


def test_several_candidates_stand_score_by_score_without_labels() -> None:
    tone = sums("tone", "label", 0, 0, labels={"warm": 2})
    ok = sums("ok", "bool", 1, 0)
    pairs = compare_runs({name: ok + tone for name in "abc"}, baseline="a")
    found = comparisons.pair_rows(
        pairs, {"b": "B", "c": "C"}, section("compare.verdicts"), points="pp"
    )

    assert [row["id"] for row in found] == ["b|ok", "c|ok"]
    assert comparisons.uncompared(pairs) == ["tone"]


def test_runs_without_a_common_example_are_said_to_be_unpaired() -> None:
    old, new = sums("ok", "bool", 1, 0, 1), sums("ok", "bool", 1, 1, 1)
    for row in new:
        row["example_id"] += "-other"

    assert comparisons.unpaired(compare(old, new)) == ["ok"]
    assert comparisons.unpaired(compare(old, old)) == []


def test_examples_of_one_run_and_failed_values_are_said_to_be_left_out() -> None:
    old, new = sums("a", "bool", 1, 0, 1), sums("a", "bool", 1, 0)
    failed = [row | {"n_missing": 1, "n_errors": 2} for row in old[:1]]
    lacking = summarize(failed + old[1:])
    alone, lacks = comparisons.left_out(
        compare(old, new), lacking, summarize(new), section("compare")
    )

    assert alone == "a: examples in one run only, left out of the pairs: 1."
    assert "3 in the baseline, 0 in the candidate" in lacks
    assert comparisons.left_out(compare(new, new), {}, {}, section("compare")) == []
