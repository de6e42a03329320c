"""Two runs side by side, as rows of a table."""

from typing import Any

from dashboard.shaping import comparisons
from dashboard.texts import section
from tracer.stats import compare


def sums(score: str, kind: str, *values: float, **fields: Any) -> list[dict[str, Any]]:
    return [
        {"score": score, "type": kind, "example_id": str(number)}
        | {"n": 1, "sum": value, "sum_squares": value * value}
        | fields
        for number, value in enumerate(values)
    ]


def compared(old: list[Any], new: list[Any]) -> dict[str, dict[str, Any]]:
    rows = comparisons.rows(compare(old, new), section("compare.verdicts"))
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
    assert (found["n"], found["examples"], found["interval"]) == ("–", None, None)


def test_a_score_of_one_run_alone_is_said_to_be_so() -> None:
    found = compared(sums("new", "bool", 1, 0), [])["new"]

    assert found["verdict"]["badge"]["text"] == "only one run has it"
