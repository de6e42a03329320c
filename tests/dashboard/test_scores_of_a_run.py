"""What a run says of its scores, as tables."""

from typing import Any

from dashboard.shaping.runs import board, evaluations, run_slices, scores
from dashboard.shaping.runs.gate_command import gate_command
from dashboard.texts import section
from tracer.gate import parse_requirement
from tracer.judges import checks, graded
from tracer.stats import (
    compare,
    rank_runs,
    summarize,
    summarize_measures,
    summarize_slices,
)

WORDS = section("evaluations.figures")


def sums(
    score: str, kind: str, *values: list[float], **fields: Any
) -> list[dict[str, Any]]:
    return [
        {"score": score, "type": kind, "example_id": str(place), "n": len(given)}
        | {"sum": sum(given), "sum_squares": sum(one * one for one in given)}
        | {"values": given, "trials": list(range(len(given)))}
        | fields
        for place, given in enumerate(values)
    ]


def test_a_yes_no_score_has_its_passes_and_what_the_run_can_see() -> None:
    found = summarize(sums("ok", "bool", *[[1.0, 0.0]] * 10, *[[1.0, 1.0]] * 10))
    [row] = scores.rows(found, WORDS, points="pp")

    cells = row["cells"]
    assert cells["passes"]["text"] == "@2 100% · ^2 50.0%"
    assert cells["flaky"] == "10"
    assert cells["sees"].endswith(" pp")
    # none is a number, and not the dash of what nobody knows
    assert [cells[name]["text"] for name in ("missing", "errors")] == ["0", "0"]


def test_numbers_have_their_quartiles_in_the_words_of_the_page() -> None:
    found = summarize(sums("n", "number", [1.0], [2.0], [3.0]))
    said = scores.quantiles(found["n"], {**WORDS, "min": "최소", "sd": "표준편차"})

    assert said == "최소 1 · 25% 1.500 · 50% 2 · 75% 2.500 · max 3 · 표준편차 1"


def test_a_distribution_counts_every_value_and_what_is_not_there() -> None:
    rows = sums("ok", "bool", [1.0, 0.0], [1.0, 1.0], n_missing=1, n_errors=2)
    shown = scores.distribution(summarize(rows)["ok"], rows, WORDS)

    told = [
        (row["cells"]["value"]["text"], row["cells"]["bar"]["text"]) for row in shown
    ]
    assert told == [("yes", "3"), ("no", "1"), ("Missing", "2"), ("Failed", "4")]


def test_many_different_numbers_are_put_into_equal_bins() -> None:
    rows = sums("n", "number", *[[float(place)] for place in range(100)])
    shown = scores.distribution(summarize(rows)["n"], rows, WORDS)

    assert len(shown) == scores.MOST_BARS
    assert sum(int(row["cells"]["bar"]["text"]) for row in shown) == 100


def test_labels_are_counted_with_the_interval_of_their_share() -> None:
    rows = sums("tone", "label", [0.0], labels={"warm": 3}) + sums(
        "tone", "label", [0.0], labels={"cold": 1}
    )
    found = summarize([row | {"example_id": str(i)} for i, row in enumerate(rows)])
    shown = scores.distribution(found["tone"], rows, WORDS)

    assert [row["cells"]["value"]["text"] for row in shown] == ["warm", "cold"]
    assert shown[0]["cells"]["share"] == "75.0%"


def test_what_a_run_took_has_units_and_intervals() -> None:
    took = [
        {"example_id": str(place), "latency_ms": [100.0 + place, 120.0]}
        | {"cost_usd": [0.002, None], "failed": [0, 1]}
        for place in range(8)
    ]
    shown = scores.measure_rows(
        summarize_measures(took), section("evaluations.measures")
    )
    latency, cost, failed = (row["cells"] for row in shown)

    assert latency["mean"]["text"].startswith("112 ms [")
    assert "?" in latency["p95"]["text"]
    assert (cost["total"], cost["unknown"]) == ("$0.016", "8")
    assert failed["mean"]["text"].startswith("50.0% [")


def test_only_metadata_that_groups_examples_can_be_sliced_by() -> None:
    examples = [
        {"metadata": {"language": language, "id": place, "same": 1, "deep": {"a": 1}}}
        for place, language in enumerate(["ko", "en"] * 40)
    ]

    assert scores.slice_keys(examples) == ["language"]


def test_a_weak_slice_is_said_to_be_worse() -> None:
    rows = sums("ok", "bool", *[[1.0]] * 20, *[[0.0]] * 9, [1.0])
    language = {str(place): "en" if place < 20 else "ko" for place in range(30)}
    shown = run_slices.rows(
        summarize_slices(rows, language),
        "ok",
        section("compare.verdicts"),
        points="pp",
    )

    assert [row["cells"]["verdict"]["badge"]["text"] for row in shown] == [
        "better",
        "worse",
    ]


def test_a_gate_command_asks_what_the_gate_understands() -> None:
    old = sums("my ok", "bool", [1.0], [0.0]) + sums("cer", "number", [0.5], [0.25])
    old += sums("tone", "number", [3.0], [4.0]) + sums("said", "label", [0.0], [0.0])
    command = gate_command(
        "old", "new", compare(old, old), project="p", endpoint="http://host:1"
    )

    assert command.startswith("tracer gate old new --project p --collector http://host")
    asked = [line.split("'")[1] for line in command.splitlines() if "--require" in line]
    assert asked == [
        "my ok >= -0.02",
        "cer <= 1.05x",
        "tone >= 0.95x",
        "latency_p95_ms <= 1.1x",
        "failed <= 0.02",
    ]
    assert all(parse_requirement(one) for one in asked)


def test_runs_that_cannot_be_told_from_the_best_are_marked() -> None:
    good, other = [[1.0]] * 19 + [[0.0]], [[1.0]] * 18 + [[0.0]] * 2
    bad = [[0.0]] * 18 + [[1.0]] * 2
    named = {"good": good, "other": other, "bad": bad}
    runs = {name: sums("ok", "bool", *values) for name, values in named.items()}
    fields = {"display_name": "x", "name": "x", "model": "m", "status": "done"}
    fields |= {"n_examples": 20, "n_predictions": 20, "dataset_version": "v1"}
    fields |= dict.fromkeys(("latency_p50_ms", "cost_usd"))
    shown = board.rows(
        [fields | {"id": name} for name in named],
        rank_runs(runs, "ok"),
        {name: summarize(rows) for name, rows in runs.items()},
        section("evaluations.board"),
        names=["ok"],
        points="pp",
        statuses=section("statuses"),
    )

    assert [row["id"] for row in shown] == ["good", "other", "bad"]
    told = [row["cells"]["best"] for row in shown]
    assert told[0]["badge"]["text"] == "best"
    assert told[1]["badge"]["text"] == "may be as good"
    assert told[2]["text"].startswith("−85.0 pp")


def test_an_interval_that_says_little_says_so() -> None:
    told = {"scale_low": 1.0, "scale_high": 5.0}
    rows = [
        *sums("alike", "number", [3.0], [3.0], [3.0]),
        *sums("two", "number", [2.0], [4.0], **told),
        *sums("free", "number", [2.0], [4.0]),
    ]
    shown = scores.rows(summarize(rows), WORDS, points="pp")
    cells = [row["cells"]["interval"] for row in shown]

    assert [cell["text"] for cell in cells] == [
        "no spread seen",
        "1 – 5 · the whole scale",
        "2 examples are too few",
    ]
    assert "3 examples" in cells[0]["title"]


def test_a_tile_without_an_interval_does_not_name_its_level() -> None:
    rows = [*sums("alike", "number", [3.0], [3.0]), *sums("ok", "bool", [1.0], [0.0])]
    found = summarize(rows)
    lines = [evaluations.interval_line(one, WORDS) for one in found.values()]

    assert lines == ["no spread seen", "95%  9.5% – 90.5%"]


def test_a_judges_sum_is_shown_before_its_parts() -> None:
    names = ("rag.honesty", f"rag.{graded.TOTAL}", f"ticks.{checks.SHARE}", "zeal")
    found = [row for name in names for row in sums(name, "number", [1.0], [2.0])]
    found += sums("rag.honesty · people", "number", [1.0], beside="rag.honesty")
    shown = evaluations.foremost(summarize(found).values())

    assert [one.name for one in shown] == [
        "rag.total",
        "ticks.share",
        "rag.honesty",
        "zeal",
        "rag.honesty · people",
    ]
