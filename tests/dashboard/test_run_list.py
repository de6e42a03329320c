"""The list of runs, with the scores that have a mean."""

from typing import Any

import pytest

from dashboard.shaping.runs import evaluations, filters, listing, resuming
from dashboard.shaping.runs.listed import ListedScore, listed_scores
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
    "n_score_errors": 0,
    "latency_p50_ms": None,
    "cost_usd": None,
    "start_ns": 0,
    "dataset_version": None,
    "metadata": {},
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
LISTED = {
    name: ListedScore(name, one.type, one.n, one.n_examples, one.mean, one.ci95)
    for name, one in SCORES.items()
}
NAMES = evaluations.score_names([SCORES])


def listed(**fields: Any) -> dict[str, Any]:
    texts = section("evaluations")
    [row] = listing.run_rows(
        [RUN | fields],
        {"r": LISTED},
        texts,
        shown=NAMES[:3],
        others=NAMES[3:],
        statuses=section("statuses"),
    )
    cells: dict[str, Any] = row["cells"]
    return cells


def test_only_scores_with_a_mean_have_a_column() -> None:
    assert NAMES == ["a", "b", "c", "d", "e", "f"]


def test_scores_without_a_column_of_their_own_are_counted_and_named() -> None:
    columns = listing.run_columns(section("evaluations.columns"), NAMES[:3], NAMES[3:])
    more = next(column for column in columns if column.key == "more")

    assert (more.label, more.help) == ("Others", "d, e, f")
    assert listed()["more"]["text"] == "+3"
    assert listed()["more"]["title"] == "d 1\ne 1\nf 1"


def test_failed_scorings_stand_beside_failed_predictions() -> None:
    assert (listed()["errors"]["text"], listed()["errors"]["tone"]) == ("0", None)
    shown = listed(n_errors=1, n_score_errors=3)["errors"]
    assert (shown["text"], shown["tone"]) == ("1 + 3", "bad")
    assert shown["title"] == "1 failed predictions, 3 failed scorings"


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


def test_a_digest_of_a_version_is_shown_by_its_start_and_a_name_whole() -> None:
    fields = ("start_ns", "latency_p95_ms", "metadata")
    run = RUN | dict.fromkeys(fields) | {"dataset": "faq", "judge_cost_usd": None}

    def shown(version: str | None) -> Any:
        told = run | {"dataset_version": version}
        return dict(evaluations.run_facts(told, section("evaluations.facts")))[
            "Dataset"
        ]

    assert shown("135552c1ef116787")["text"] == "faq · 135552c1"
    assert shown("135552c1ef116787")["title"] == "faq · 135552c1ef116787"
    assert (shown("v1")["text"], shown(None)["text"]) == ("faq · v1", "faq")


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


def test_a_run_that_is_not_at_its_end_says_how_far_it_is() -> None:
    going = listed(status="running", n_planned=8)["status"]["badge"]["text"]
    unknown = listed(status="incomplete")["status"]["badge"]["text"]

    assert (going, unknown) == ("running 25%", "incomplete")


def test_a_score_that_is_better_low_is_marked_in_its_heading() -> None:
    run = RUN | {"metadata": {"lower_is_better": ["mine"]}}
    columns = listing.run_columns(
        section("evaluations.columns"),
        ["cer", "mine", "correct"],
        lower=listing.better_low([run]),
    )

    heads = [one.label for one in columns if one.key.startswith("score:")]
    assert heads == ["cer ↓", "mine ↓", "correct"]


def test_a_runs_filter_reads_conditions_and_parts_of_names() -> None:
    asked = filters.run_conditions(
        ["model = gpt-4o", "metadata.k = 3", "otter"], status="done"
    )

    assert asked == (
        ("model", "=", "gpt-4o"),
        ("metadata.k", "=", 3),
        ("display_name", "contains", "otter"),
        ("status", "=", "done"),
    )


def test_suggestions_are_what_the_runs_are_of() -> None:
    facets = [{"dataset": "faq", "model": "gpt", "name": None, "n": 2}]
    facts = [{"metadata": {"prompt": "v2", "note": {"deep": 1}}}]

    assert filters.suggestions(facets, facts) == [
        "dataset = faq",
        "model = gpt",
        "metadata.prompt = v2",
    ]


def test_a_declared_run_is_taken_up_again_by_its_evaluation() -> None:
    fields = {"n_planned": 6, "n_predictions": 4, "dataset": "faq"}
    run = RUN | fields | {"dataset_version": "v1", "scorers": ["exact"]}
    shown = resuming.snippet(run)

    assert "'faq:v1'" in shown and "[exact]" in shown
    assert "trials=2" in shown and "resume='r'" in shown
    assert "EvaluationLogger.resume('r')" in resuming.snippet(RUN | {"scorers": []})


def test_a_list_brings_the_interval_that_the_whole_run_has() -> None:
    rows = [
        {"score": "ok", "type": "bool", "example_id": str(place), "n": 3}
        | {"sum": float(place % 4), "sum_squares": float(place % 4)}
        for place in range(12)
    ]
    whole = summarize(rows)["ok"]
    counts, totals = [3.0] * 12, [row["sum"] for row in rows]
    sums = {
        "n_clusters": 12,
        "sum": sum(totals),
        "sum_squares": sum(totals),
        "cluster_sum_squares": sum(one * one for one in totals),
        "cluster_sum_counts": sum(3 * one for one in totals),
        "cluster_count_squares": sum(one * one for one in counts),
    }
    found = {"mean": whole.mean, "n": 36, "type": "bool", **sums}
    listed = listed_scores({"means": {"ok": found}, "scorers": ["lacking", "ok"]})

    assert list(listed) == ["ok"]
    assert listed["ok"].ci95 == pytest.approx(whole.ci95)
    assert (listed["ok"].mean, listed["ok"].n_examples) == (whole.mean, 12)


@pytest.mark.parametrize(
    ("n_predictions", "tried"), [(3, "3"), (5, "2.5"), (240, "120"), (0, "0")]
)
def test_trials_of_an_example_are_a_plain_number(
    n_predictions: int, tried: str
) -> None:
    """A hundred and twenty trials were 1.2e+02."""
    n_examples = 2 if n_predictions > 3 else 1
    run = {"n_predictions": n_predictions, "n_examples": n_examples}
    assert evaluations.trials(run) == tried
