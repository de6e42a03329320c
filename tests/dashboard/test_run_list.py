"""The list of runs, with the scores that have a mean."""

from typing import Any

from dashboard.shaping import evaluations
from dashboard.texts import section
from tracer.stats import summarize

RUN: dict[str, Any] = {
    "id": "r",
    "name": "faq",
    "display_name": "",
    "model": "some-vendor/some-very-long-model-name-v2-preview",
    "dataset": None,
    "status": "done",
    "n_predictions": 2,
    "n_planned": None,
    "n_examples": 2,
    "n_errors": 0,
    "latency_p50_ms": None,
    "cost_usd": None,
    "start_ns": 0,
}
SUMS = [
    {"score": score, "type": kind, "example_id": str(example), "n": 1}
    | {"sum": 1.0, "sum_squares": 1.0}
    for score, kind in [
        ("a label", "label"),
        *((name, "number") for name in ("a", "b", "c", "d", "e", "f")),
    ]
    for example in range(2)
]
SCORES = summarize(SUMS)
NAMES = evaluations.score_names([SCORES])


def listed(**fields: Any) -> dict[str, Any]:
    texts = section("evaluations")
    [row] = evaluations.run_rows(
        [RUN | fields], {"r": SCORES}, texts, names=NAMES, statuses=section("statuses")
    )
    cells: dict[str, Any] = row["cells"]
    return cells


def test_only_scores_with_a_mean_have_a_column() -> None:
    assert NAMES == ["a", "b", "c", "d", "e", "f"]


def test_scores_without_a_column_of_their_own_are_counted_and_named() -> None:
    columns = evaluations.run_columns(section("evaluations.columns"), NAMES)
    more = next(column for column in columns if column.key == "more")

    assert (more.label, more.help) == ("+3", "d, e, f")
    assert listed()["more"]["text"] == "+3 more"
    assert listed()["more"]["title"] == "d 1 [1, 1]\ne 1 [1, 1]\nf 1 [1, 1]"


def test_a_long_name_of_a_model_keeps_both_of_its_ends() -> None:
    shown = listed()["model"]["text"]

    assert shown.startswith("some-vend") and shown.endswith("v2-preview")
    assert len(shown) == 22


def test_a_run_opens_on_a_score_that_can_be_measured() -> None:
    assert next(iter(SCORES)) == "a label"
    assert evaluations.first_shown(SCORES) == "a"
    assert evaluations.first_shown({"a label": SCORES["a label"]}) == "a label"


def test_what_judges_cost_is_told_apart_from_the_cost_of_the_app() -> None:
    fields = ("dataset_version", "start_ns", "latency_p95_ms", "metadata")
    run = RUN | dict.fromkeys(fields) | {"cost_usd": 0.5, "judge_cost_usd": 2.25}
    facts = dict(evaluations.run_facts(run, section("evaluations.facts")))

    assert (facts["Cost"], facts["Judges' cost"]) == ("$0.500", "$2.25")


def test_runs_of_one_day_can_be_told_apart_by_their_names() -> None:
    name = "handbook-2026-11-27-humble-stork"
    shown = listed(display_name=name)["name"]

    assert shown["text"] == "handbook…humble-stork"
    assert shown["title"] == f"{name}\nr"


def test_shares_are_seen_in_points_and_never_beyond_a_hundred() -> None:
    def sees(n: int) -> str:
        rows = [
            {"score": "ok", "type": "bool", "example_id": str(i), "n": 1}
            | {"sum": float(i % 4 > 0), "sum_squares": float(i % 4 > 0)}
            for i in range(n)
        ]
        return evaluations.noise(summarize(rows)["ok"], section("evaluations"))[0]

    assert "too small to show any difference" in sees(4)
    assert "percentage points or more" in sees(40)
