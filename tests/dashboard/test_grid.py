"""One run as examples by trials."""

from typing import Any

import pytest

from dashboard.shaping.runs import grid

WORDS = {"ok": "ok", "error": "error", "failed": "failed"}
TEXTS = dict.fromkeys(("example", "input", "expected", "trial", "mean"), "")


def prediction(example: str, trial: int, score: Any, **fields: Any) -> dict[str, Any]:
    given = {"value": score, "label": None, "explanation": None, "error": None}
    return {
        "example_id": example,
        "trial": trial,
        "trace_id": f"{example}-{trial}",
        "status": "ok",
        "status_message": None,
        "input": {"question": example},
        "expected": None,
        "output": "said",
        "scores": {"correct": {**given, "type": "bool"}},
        **fields,
    }


RUN = [
    prediction("sure", 0, 1.0),
    prediction("sure", 1, 1.0),
    prediction("flaky", 0, 1.0),
    prediction("flaky", 1, 0.0),
    prediction("broken", 0, None, status="error", status_message="TimeoutError"),
]


def drawn(
    run: list[dict[str, Any]], score: str | None, **options: Any
) -> list[dict[str, Any]]:
    order = list(dict.fromkeys(row["example_id"] for row in run))
    return grid.grid(run, score, TEXTS, order=order, words=WORDS, **options)[1]


def test_each_cell_opens_the_trace_of_its_trial() -> None:
    rows = drawn(RUN, "correct")

    assert [row["cells"]["trial:0"]["open"] for row in rows] == [
        *("sure-0", "flaky-0", "broken-0")
    ]
    assert [row["id"] for row in rows] == ["sure-0", "flaky-0", "broken-0"]


def test_examples_stand_in_the_order_asked_for() -> None:
    order = ["broken", "gone", "sure", "flaky"]
    _, rows = grid.grid(RUN, "correct", TEXTS, order=order, words=WORDS)

    shown = [row["cells"]["example"]["text"] for row in rows]
    assert shown == ["broken", "sure", "flaky"]


def test_a_cell_says_what_happened_in_words_or_signs() -> None:
    said = [
        [cell["score"] for key, cell in row["cells"].items() if key[:6] == "trial:"]
        for row in drawn(RUN, "correct")
    ]

    assert said == [["✓", "✓"], ["✓", "✗"], ["error"]]


def test_yes_is_bad_where_lower_is_better() -> None:
    [row] = drawn(RUN[:2], "correct", scale=(1.0, 0.0))

    assert row["cells"]["trial:0"]["tone"] == "bad"


def test_a_long_text_is_cut_in_its_cell() -> None:
    long = prediction("x", 0, 1.0, input="word " * 10_000)
    [row] = drawn([long], "correct")

    assert len(row["cells"]["input"]["text"]) <= grid.MOST_SHOWN
    assert len(row["cells"]["input"]["title"]) <= grid.MOST_POINTED_AT


def test_without_scores_a_cell_says_whether_the_prediction_went_well() -> None:
    rows = drawn(RUN[-1:] + RUN[:1], None)

    assert [row["cells"]["trial:0"]["score"] for row in rows] == ["error", "ok"]


def test_a_scorers_failure_is_no_low_score() -> None:
    failed = prediction("x", 0, None)
    failed["scores"]["correct"]["error"] = "judge did not answer"
    [row] = drawn([failed], "correct")

    cell = row["cells"]["trial:0"]
    assert (cell["score"], cell["title"]) == ("failed", "judge did not answer")


@pytest.mark.parametrize(
    ("example_id", "shown"),
    [
        ("f0a21dc0f1b2c3d4", "f0a21dc0f1"),
        ("overtime-meals", "overtime-meals"),
        ("questions/shipping/0001", "questions…ing/0001"),
    ],
)
def test_an_id_that_was_given_is_not_cut_at_its_end(
    example_id: str, shown: str
) -> None:
    [row] = drawn([prediction(example_id, 0, 1.0)], "correct")

    assert row["cells"]["example"]["text"] == shown
    assert row["cells"]["example"]["title"] == example_id


def test_an_input_whose_other_fields_are_empty_is_shown_without_them() -> None:
    asked = {"question": "환불은?", "history": [], "note": None}

    assert grid.brief(asked) == "환불은?"
    assert grid.brief({"question": "환불은?", "k": 0}) != "환불은?"
    assert grid.brief({"question": "환불은?"}) == "환불은?"
    assert grid.brief({"history": []}) is not None
